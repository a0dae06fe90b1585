"""Records named by what people call them: a title, an e-mail address, a web domain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.accounts.models import User
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.kinds.base import Context, Invalid, Kind, is_storable
from rapport.records.kinds.other import LocalWords, words
from rapport.records.kinds.relation import Links, Relation, UserRelation
from rapport.records.kinds.rows import Rows
from rapport.records.kinds.text import TextMatch
from rapport.records.sql import SortText

FEW = 5


def learn_titles(raws: Iterable[Any], kinds: Mapping[str, Kind], context: Context) -> None:
    """Fetch the titles of all records that pickers named by key, in one statement."""
    wanted: set[tuple[str, UUID]] = set()
    for raw, kind in zip(raws, kinds.values(), strict=True):
        wanted.update(_named_by_key(kind, raw))
    found = access.titles(context.principal, wanted, context.language)
    context.titles = {**context.titles, **found}


def _named_by_key(kind: Kind, raw: Any) -> list[tuple[str, UUID]]:
    if isinstance(kind, Relation):
        return [(kind.to, key) for key in _keys([raw["id"], raw["text"]])]
    if isinstance(kind, Links):
        return _pairs(kind, raw["ids"])
    if isinstance(kind, Rows):
        return [
            pair
            for row in raw
            for name, part in kind.parts.items()
            for pair in _named_by_key(part, row.get(name, ""))
        ]
    return []


def with_keys(kind: Kind, raw: Any, context: Context) -> Any:
    """What a picker sent as keys for `parse`; other kinds' input as it is. Raises Invalid."""
    if isinstance(kind, Relation):
        return _key_of(kind, raw["text"], raw["id"], context)
    if isinstance(kind, Links):
        keys: list[str] = [part for part in raw["ids"] if part]
        return [*keys, *_links_in(kind, raw["text"], context)]
    if isinstance(kind, Rows):
        return [
            row
            | {name: with_keys(part, row.get(name), context) for name, part in kind.parts.items()}
            for row in raw
        ]
    return raw


def _key_of(kind: Relation, text: str, key: str, context: Context) -> str:
    if not text:
        return ""
    for known in _keys([key, text]):
        title = context.titles.get(known)
        if title and (str(known) == text or title.text.casefold() == text.casefold()):
            return str(known)
    if isinstance(kind, UserRelation) and text.lower() == "me":
        return text
    return str(_the_one(named(context, kind.to, text), kind.to, text, context))


def _links_in(kind: Links, text: str, context: Context) -> list[str]:
    if not text:
        return []
    parts = [text] if _is_name(kind, text, context) else re.split(r"[;,\n]", text)
    return [_link_of(kind, part.strip(), context) for part in parts if part.strip()]


def _is_name(kind: Links, text: str, context: Context) -> bool:
    return any(named(context, name, text) for name in _objects(kind, context))


def _link_of(kind: Links, text: str, context: Context) -> str:
    if re.fullmatch(r"(?:[a-z_]+:)?[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", text):
        return text
    found = [(name, key) for name in _objects(kind, context) for key in named(context, name, text)]
    keys = [key for _name, key in found]
    chosen = _the_one(keys, kind.to, text, context)
    return f"{found[0][0]}:{chosen}"


def _objects(kind: Links, context: Context) -> Sequence[str]:
    if kind.to:
        return [kind.to]
    return [one.name for one in access.visible_objects(context.principal) if one.has_timeline]


def _the_one(keys: Sequence[UUID], name: str, text: str, context: Context) -> UUID:
    if len(keys) == 1:
        return keys[0]
    what = _label(name)
    if not keys:
        raise Invalid(
            _("“%(text)s” is no %(object)s here. Choose one from the list, or create it first.")
            % {"text": text[:60], "object": what}
        )
    raise Invalid(
        ngettext(
            "“%(text)s” is the name of more than %(n)d %(object)s. Choose the one from the list.",
            "“%(text)s” is the name of %(n)d. Choose the one from the list.",
            len(keys),
        )
        % {"text": text[:60], "n": len(keys), "object": what}
    )


def _label(name: str) -> str:
    if name == "user":
        return _("user")
    return str(registry.get(name).label).lower() if name else _("record")


def named(context: Context, name: str, text: str) -> list[UUID]:
    """Up to five records of an object that are called exactly so, without case and accents."""
    if not is_storable(text):
        return []
    if name == "user":
        users = User.objects.filter(Q(name__iexact=text) | Q(email__iexact=text), is_active=True)
        return list(users.values_list("pk", flat=True)[:FEW])
    declaration = registry.get(name)
    found = access.rows(context.principal, name).filter(_called(declaration, text, context))
    title = declaration.fields[declaration.title]
    if not isinstance(title, LocalWords):
        return list(found.values_list("pk", flat=True)[:FEW])
    return [
        key
        for key, label in found.values_list("pk", title.path)[:1000]
        if text.casefold() in (words(label, context.language).casefold(), *_every(label))
    ][:FEW]


def _every(label: Mapping[str, str]) -> Sequence[str]:
    return [word.casefold() for word in label.values()]


def _called(declaration: type[Object], text: str, context: Context) -> Q:
    title = declaration.fields[declaration.title]
    if isinstance(title, LocalWords):
        return Q(**{f"{title.path}__icontains": text})
    found = Q(TextMatch(SortText(F(title.path)), "is", text))
    for kind in declaration.fields.values():
        if kind.identifies(text):
            found |= kind.condition("is", kind.parse_argument(text, context))
    return found


def _keys(texts: Iterable[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _pairs(kind: Links, parts: Iterable[str]) -> list[tuple[str, UUID]]:
    found = []
    for part in parts:
        try:
            found.append(kind.parse_one(part))
        except Invalid:
            continue
    return [pair for pair in found if pair[0] == "user" or _is_declared(pair[0])]


def _is_declared(name: str) -> bool:
    return any(one.name == name for one in registry.all_objects())
