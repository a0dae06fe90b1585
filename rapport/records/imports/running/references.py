"""Records that rows name by their title, e-mail, web domain or external id."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from rapport.accounts.models import User
from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.imports.running.parsing import Parsed
from rapport.records.kinds.other import LocalWords
from rapport.records.kinds.relation import Links, Relation
from rapport.records.kinds.text import TextMatch
from rapport.records.sql import SortText
from rapport.records.store import ChangeInProgress

DOMAIN = re.compile(
    r"(?:https?://)?(?:www\.)?((?:[a-z0-9-]+\.)+[a-z]{2,24})(?:/.*)?", re.IGNORECASE
)
ANYTHING = ("person", "company", "deal")


class References:
    """Looks names up a chunk at a time, makes what may be made, and remembers."""

    def __init__(self, principal: Principal, declaration: type[Object]) -> None:
        self.principal = principal
        self.declaration = declaration
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
        """(object, id) for each text of a links field that names something."""
        kind = self.declaration.fields[name]
        objects = (kind.to,) if isinstance(kind, Links) and kind.to else ANYTHING
        left, found = set(texts), {}
        for one in objects:
            ids = self._look_up(one, left, change)
            found.update({text: (one, key) for text, key in ids.items()})
            left -= set(ids)
        return found

    def _resolve_relation(
        self, name: str, kind: Relation, chunk: list[Parsed], change: ChangeInProgress
    ) -> None:
        rows = [row for row in chunk if name in row.references and not row.problem]
        if not rows:
            return
        found = self._look_up(kind.to, {row.references[name] for row in rows}, change)
        from django.utils.translation import gettext as _

        for row in rows:
            key = found.get(row.references[name])
            if key is not None:
                row.own[kind.path] = key
            elif kind.to == "user":
                continue
            else:
                row.problem = _("“%(text)s” is not a known %(object)s.") % {
                    "text": row.references[name][:60], "object": registry.get(kind.to).label,
                }  # fmt: skip

    def _look_up(self, name: str, texts: set[str], change: ChangeInProgress) -> dict[str, UUID]:
        known = self.known[name]
        wanted = {text for text in texts if text not in known}
        if wanted:
            known.update(_users(wanted) if name == "user" else self._find(name, wanted))
            missing = {text for text in wanted if text not in known}
            known.update(self._make(name, missing, change))
        return {text: known[text] for text in texts if text in known}

    def _find(self, name: str, texts: set[str]) -> dict[str, UUID]:
        declaration = registry.get(name)
        rows = access.rows(self.principal, name)
        found: dict[str, UUID] = {}
        if isinstance(declaration.fields[declaration.title], LocalWords):
            return _by_words(rows, declaration, texts)
        for by in (_by_key, _by_external_id, _by_address, _by_domain, _by_title):
            left = texts - set(found)
            if left:
                found.update(by(rows, declaration, left))
        return found

    def _make(self, name: str, texts: set[str], change: ChangeInProgress) -> dict[str, UUID]:
        if not texts or name == "user":
            return {}
        declaration = registry.get(name)
        if not declaration.made_on_the_fly or not access.may(self.principal, "create", name):
            return {}
        firsts: dict[str, str] = {}
        for text in sorted(texts):
            firsts.setdefault(" ".join(text.casefold().split()), text)
        ids = change.create_many(name, [{declaration.title: text} for text in firsts.values()])
        by_folded = dict(zip(firsts, ids, strict=True))
        self.made += len(ids)
        return {text: by_folded[" ".join(text.casefold().split())] for text in texts}


def _users(texts: set[str]) -> dict[str, UUID]:
    people = list(User.objects.filter(is_active=True).values_list("pk", "email", "name"))
    by_word = {word.casefold(): key for key, email, name in people for word in (name, email)}
    return {text: by_word[text.casefold()] for text in texts if text.casefold() in by_word}


def _by_words(rows: Any, declaration: type[Object], texts: set[str]) -> dict[str, UUID]:
    by_word = {
        word.casefold(): key
        for key, label in rows.order_by("-created_at").values_list("pk", declaration.title)
        for word in (label or {}).values()
    }
    return {text: by_word[text.casefold()] for text in texts if text.casefold() in by_word}


def _by_key(rows: Any, declaration: type[Object], texts: set[str]) -> dict[str, UUID]:
    keys = {}
    for text in texts:
        if len(text) == 36 and text.count("-") == 4:
            try:
                keys[UUID(text)] = text
            except ValueError:
                continue
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
