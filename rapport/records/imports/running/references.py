"""Records that rows name by their title, e-mail, web domain or external id."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext as _

from rapport.accounts.models import User
from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.imports.running.asked import Asked
from rapport.records.imports.running.parsing import Parsed
from rapport.records.imports.running.plan import KNOWN_KEY
from rapport.records.imports.running.ruled import needs_more_than_a_name
from rapport.records.kinds.other import LocalWords
from rapport.records.kinds.relation import Relation
from rapport.records.kinds.text import TextMatch
from rapport.records.metadata.column import put
from rapport.records.sql import SortText
from rapport.records.store import ChangeInProgress

DOMAIN = re.compile(
    r"(?:https?://)?(?:www\.)?((?:[a-z0-9-]+\.)+[a-z]{2,24})(?:/.*)?", re.IGNORECASE
)
KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
MOST_KNOWN = 200_000
# What two chunks of rows can name, several times over.
UNCOMMITTED = 50_000
ANYTHING = ("person", "company", "deal")


class References:
    """Looks names up a chunk at a time, makes what may be made, and remembers."""

    def __init__(
        self,
        principal: Principal,
        declaration: type[Object],
        lookups: Mapping[str, str] | None = None,
        asked: Asked | None = None,
    ) -> None:
        self.principal = principal
        self.declaration = declaration
        self.lookups = lookups or {}
        self.asked = asked or Asked({})
        self.notes: Counter[str] = Counter()
        self.known: dict[str, dict[str, UUID]] = defaultdict(dict)
        self.made = 0

    def resolve(self, chunk: list[Parsed], change: ChangeInProgress) -> None:
        """Put the ids of named records into the rows; what can't be found is the row's problem."""
        for name, kind in self.declaration.fields.items():
            if isinstance(kind, Relation):
                self._resolve_relation(name, kind, chunk, change)

    def targets_of(
        self, name: str, texts: Iterable[str], change: ChangeInProgress
    ) -> dict[str, tuple[str, UUID]]:
        """(object, id) for each text of a links field that names something.

        What may be of any object is only found: a name alone doesn't say what to make of it.
        """
        kind: Any = self.declaration.fields[name]
        by = self.lookups.get(name, "")
        if kind.to:
            ids = self._look_up(kind.to, set(texts), change, by)
            return {text: (kind.to, key) for text, key in ids.items()}
        left, found = set(texts), self._by_any_key(set(texts))
        left -= set(found)
        # Keys of another program may count from one for each object: the column says which it is.
        for one in (by,) if by in ANYTHING else ANYTHING:
            known = self.known[f"{one} "]
            known.update(self._find(one, {text for text in left if text not in known}, None))
            found.update({text: (one, known[text]) for text in left if text in known})
            left -= set(found)
        return found

    def _by_any_key(self, texts: set[str]) -> dict[str, tuple[str, UUID]]:
        """Records of whatever object that are named by their keys."""
        keys = {text for text in texts if _is_key(text)}
        found: dict[str, tuple[str, UUID]] = {}
        for one in access.visible_objects(self.principal) if keys else ():
            ids = _by_key(access.rows(self.principal, one.name), one, keys - set(found))
            found.update({text: (one.name, key) for text, key in ids.items()})
        return found

    def named(
        self, name: str, texts: Iterable[str], change: ChangeInProgress, by: str = ""
    ) -> dict[str, UUID]:
        """The record of an object for each text that names one, or that may make one."""
        return self._look_up(name, set(texts), change, by)

    def known_by(self, name: str, texts: set[str]) -> dict[str, UUID]:
        """The colleagues or records that texts name as they are; makes none."""
        return _users(texts) if name == "user" else self._find(name, texts, None)

    def unknown(self, name: str, text: str) -> str:
        """What is said of a text that names no record, of an object or of any."""
        if not name:
            return _("“%(text)s” is not known here.") % {"text": text[:60]}
        return _("“%(text)s” is not a known %(object)s.") % {
            "text": text[:60], "object": registry.get(name).label,
        }  # fmt: skip

    def _resolve_relation(
        self, name: str, kind: Relation, chunk: list[Parsed], change: ChangeInProgress
    ) -> None:
        rows = [row for row in chunk if name in row.references and not row.problem]
        if not rows:
            return
        if kind.to == "user":
            self._resolve_users(name, kind, rows, change)
            return
        for outer, group in self._scoped(kind, rows).items():
            texts = {row.references[name] for row in group}
            found = self._look_up(kind.to, texts, change, self.lookups.get(name, ""), outer)
            if left := self.asked.of(name, texts - found.keys(), outer):
                found |= self._make_asked(kind.to, left, change, outer)
            for row in group:
                self._settle(row, row.references[name], kind, found, outer)

    def _resolve_users(
        self, name: str, kind: Relation, rows: list[Parsed], change: ChangeInProgress
    ) -> None:
        found = self._look_up("user", {row.references[name] for row in rows}, change)
        for row in rows:
            key = found.get(row.references[name])
            if key is not None:
                _point(row, kind, key)
                continue
            note = _("“%(name)s” is no user here. What is new of theirs is yours for now.")
            self.notes[note % {"name": row.references[name][:60]}] += 1

    def _scoped(self, kind: Relation, rows: list[Parsed]) -> dict[UUID | None, list[Parsed]]:
        """The rows by the record within which their word counts, such as a stage's pipeline."""
        within = self.declaration.fields.get(registry.get(kind.to).within)
        groups: dict[UUID | None, list[Parsed]] = defaultdict(list)
        for row in rows:
            groups[row.own.get(within.path) if within is not None else None].append(row)
        return groups

    def _settle(
        self, row: Parsed, text: str, kind: Relation, found: dict[str, UUID], outer: UUID | None
    ) -> None:
        target = registry.get(kind.to)
        if text in found:
            _point(row, kind, found[text])
            return
        stand_in = target.stand_in(self._rows(target, outer), text)
        if stand_in is None:
            fault = self.unknown(kind.to, text)
            if kind.required:
                row.problem = fault
            else:
                row.left[kind.name] = fault
            return
        key, label = stand_in
        _point(row, kind, key)
        note = _("%(object)s “%(text)s” is not known here: “%(other)s” was taken.")
        self.notes[note % {"object": target.label, "text": text[:60], "other": label}] += 1

    def _rows(self, target: type[Object], outer: UUID | None) -> Any:
        rows = access.rows(self.principal, target.name)
        return rows.filter(**{f"{target.within}_id": outer}) if outer else rows

    def _look_up(
        self,
        name: str,
        texts: set[str],
        change: ChangeInProgress,
        by: str = "",
        outer: UUID | None = None,
    ) -> dict[str, UUID]:
        known = self.known[f"{name} {outer or ''}"]
        if len(known) > MOST_KNOWN:
            _forget_old(known)
        wanted = {text for text in texts if text not in known}
        if wanted:
            known.update(_users(wanted) if name == "user" else self._find(name, wanted, outer))
            missing = {text for text in wanted if text not in known}
            known.update(self._make(name, missing, change, by))
        return {text: known[text] for text in texts if text in known}

    def _find(self, name: str, texts: set[str], outer: UUID | None) -> dict[str, UUID]:
        declaration = registry.get(name)
        rows = self._rows(declaration, outer)
        found: dict[str, UUID] = {}
        is_local = isinstance(declaration.fields[declaration.title], LocalWords)
        by_title = _by_words if is_local else _by_title
        for by in (_by_key, _by_external_id, _by_address, _by_domain, by_title):
            left = texts - set(found)
            if left:
                found.update(by(rows, declaration, left))
        return found

    def _make_asked(
        self, name: str, texts: Set[str], change: ChangeInProgress, outer: UUID | None
    ) -> dict[str, UUID]:
        rows = self._rows(registry.get(name), outer)
        made = self.asked.make(name, texts, rows, change, outer, self.notes)
        self.made += len(set(made.values()))
        self.known[f"{name} {outer or ''}"].update(made)
        return made

    def _make(
        self, name: str, texts: set[str], change: ChangeInProgress, by: str
    ) -> dict[str, UUID]:
        if not texts or name == "user" or by == KNOWN_KEY:
            return {}
        declaration = registry.get(name)
        if by != "external_id":
            # A key of ours that leads nowhere is no name for something new.
            texts = {text for text in texts if not _is_key(text)}
        if not declaration.made_on_the_fly or not access.may(self.principal, "create", name):
            return {}
        if needs_more_than_a_name(declaration):
            return {}
        firsts: dict[str, str] = {}
        for text in sorted(texts):
            firsts.setdefault(" ".join(text.casefold().split()), text)
        # With its id for a name and a key, it waits for the file that says what it is called.
        keys = [declaration.title]
        if by == "external_id" and by in declaration.fields:
            keys.append(by)
        ids = change.create_many(name, [dict.fromkeys(keys, text) for text in firsts.values()])
        by_folded = dict(zip(firsts, ids, strict=True))
        self.made += len(ids)
        return {text: by_folded[" ".join(text.casefold().split())] for text in texts}


def _forget_old(known: dict[str, UUID]) -> None:
    """The database knows them all but the last, which the chunk before may not have committed."""
    for text in list(known)[:-UNCOMMITTED]:
        del known[text]


def _users(texts: set[str]) -> dict[str, UUID]:
    people = list(User.objects.filter(is_active=True).values_list("pk", "email", "name"))
    by_word = {
        word.casefold(): key for key, email, name in people for word in (name, email, str(key))
    }
    return {text: by_word[text.casefold()] for text in texts if text.casefold() in by_word}


def _by_words(rows: Any, declaration: type[Object], texts: set[str]) -> dict[str, UUID]:
    by_word = {
        word.casefold(): key
        for key, label in rows.order_by("-id").values_list("pk", declaration.title)
        for word in (label or {}).values()
    }
    return {text: by_word[text.casefold()] for text in texts if text.casefold() in by_word}


def _is_key(text: str) -> bool:
    return KEY.fullmatch(text) is not None


def _by_key(rows: Any, declaration: type[Object], texts: set[str]) -> dict[str, UUID]:
    keys = {UUID(text): text for text in texts if _is_key(text)}
    return (
        {keys[key]: key for key in rows.filter(pk__in=list(keys)).values_list("pk", flat=True)}
        if keys
        else {}
    )


def _by_external_id(rows: Any, declaration: type[Object], texts: set[str]) -> dict[str, UUID]:
    if "external_id" not in declaration.fields:
        return {}
    return _by_text(rows, "external_id", {text: text for text in texts})


def _by_address(rows: Any, declaration: type[Object], texts: set[str]) -> dict[str, UUID]:
    kind = declaration.fields.get("emails")
    wanted = {text.casefold(): text for text in texts if "@" in text}
    if kind is None or not wanted:
        return {}
    found = kind.model._default_manager.filter(  # type: ignore[attr-defined]
        normalised__in=list(wanted), party_id__in=rows.values("pk")
    )
    return {wanted[one]: key for one, key in found.values_list("normalised", "party_id")}


def _by_domain(rows: Any, declaration: type[Object], texts: set[str]) -> dict[str, UUID]:
    if "domain" not in declaration.fields:
        return {}
    wanted = {text: found[1].lower() for text in texts if (found := DOMAIN.fullmatch(text))}
    return _by_text(rows, "domain", wanted) if wanted else {}


def _by_title(rows: Any, declaration: type[Object], texts: set[str]) -> dict[str, UUID]:
    return _by_text(
        rows, declaration.fields[declaration.title].path, {text: text for text in texts}
    )


def _by_text(rows: Any, column: str, wanted: dict[str, str]) -> dict[str, UUID]:
    """Ids by folded equality; a text that several records answer to takes the oldest."""
    folded = SortText(F(column))
    matched = rows.filter(Q(TextMatch(folded, "any", list(set(wanted.values())))))
    by_folded: dict[str, UUID] = {}
    for key, text in matched.annotate(_folded=folded).order_by("-id").values_list("pk", "_folded"):
        by_folded[text] = key
    if not by_folded:
        return {}
    asked = _folded(sorted(set(wanted.values())))
    return {
        text: by_folded[asked[value]] for text, value in wanted.items() if asked[value] in by_folded
    }


def _folded(texts: list[str]) -> dict[str, str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT t, rapport_sort(t) FROM unnest(%s::text[]) AS t", [texts])
        return dict(cursor.fetchall())


def _point(row: Parsed, kind: Relation, key: UUID) -> None:
    """Let the row's record point at another one."""
    if kind.is_custom:
        put(row.own, kind.columns(key))
    else:
        row.own[kind.path] = key
