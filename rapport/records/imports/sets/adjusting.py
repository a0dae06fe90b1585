"""What the files beside it change in the mapping of a file: keys lead to what those files bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.imports.mapping import Suggestion
from rapport.records.imports.mapping.headings import key
from rapport.records.imports.running.plan import KNOWN_KEY, RECORD_ID
from rapport.records.imports.sets.known_files import PIPELINES, STAGES, USERS
from rapport.records.imports.sets.words import meanings
from rapport.records.kinds.relation import Links, Relation
from rapport.records.kinds.rows import Rows
from rapport.records.models import ImportSet

OWNER = "owner"
OWNER_KEYS = ("ownerid", "hubspotownerid", "assignedtoid")
CERTAIN = 0.97


def adjusted(
    principal: Principal, made: ImportSet, name: str, suggestions: Sequence[Suggestion]
) -> list[Suggestion]:
    """The suggestions for a file of the set."""
    declaration = registry.get(name)
    found = [_by_key(declaration, made, one) for one in suggestions]
    if any(one.target == OWNER for one in found) or not made.words.get(USERS):
        return found
    if OWNER not in access.fields(principal, name).editable:
        return found
    place = next((n for n, one in enumerate(found) if key(one.column) in OWNER_KEYS), None)
    if place is not None:
        reason = _("Another of the files says who the users are.")
        found[place] = replace(found[place], target=OWNER, confidence=CERTAIN, reason=reason)
    return found


def _by_key(declaration: type[Object], made: ImportSet, one: Suggestion) -> Suggestion:
    """Where the records come with the set, no key of theirs is one to make a record of."""
    to = pointed_at(declaration, one.target or "")
    if one.match != "external_id" or to not in made.brought:
        return one
    if to == declaration.name:
        return _put_off(one)
    return replace(one, match=KNOWN_KEY)


def pointed_at(declaration: type[Object], name: str) -> str:
    """The object that a field points at, itself or by the rows it holds; empty for none, or any."""
    kind = declaration.fields.get(name)
    if isinstance(kind, Rows):
        kind = kind.parts.get(kind.subject)
    return kind.to if isinstance(kind, Relation | Links) else ""


def meant(
    made: ImportSet, name: str, suggestions: Sequence[Suggestion]
) -> dict[str, dict[str, str]]:
    """What the keys in the columns of a file mean, by column and key."""
    declaration = registry.get(name)
    targets = {one.column: pointed_at(declaration, one.target or "") for one in suggestions}
    sorts: Mapping[str, str] = {
        column: to for column, to in targets.items() if to in (USERS, STAGES, PIPELINES)
    }
    return meanings(made.words, sorts)


def later(
    declaration: type[Object], made: ImportSet, suggestions: Sequence[Suggestion]
) -> dict[str, str]:
    """The columns that tie records of the file to others of it, once all are here: external id
    and fields by column; empty for none."""
    ties = {
        one.column: one.target
        for one in suggestions
        if one.target
        and one.match == "external_id"
        and pointed_at(declaration, one.target) == declaration.name
        and declaration.name in made.brought
    }
    own = [one.column for one in suggestions if one.target == "external_id"]
    return {own[0]: "external_id", **ties} if ties and own else {}


def later_by_id(
    declaration: type[Object], suggestions: Sequence[Suggestion], to_come: Set[str]
) -> dict[str, str]:
    """The columns that point at records of the objects `to_come` by the keys they keep: the
    record's own key and fields by column; empty for none."""
    ties = {
        one.column: one.target
        for one in suggestions
        if one.target and pointed_at(declaration, one.target) in to_come
    }
    own = [one.column for one in suggestions if one.target == RECORD_ID]
    return {own[0]: RECORD_ID, **ties} if ties and own else {}


def put_off(suggestions: Sequence[Suggestion], ties: Mapping[str, str]) -> list[Suggestion]:
    """The suggestions without the columns that are filled in later."""
    return [
        _put_off(one) if one.column in ties and one.target != RECORD_ID else one
        for one in suggestions
    ]


def _put_off(one: Suggestion) -> Suggestion:
    reason = _("It is filled in once all rows are here.")
    return replace(one, target=None, confidence=CERTAIN, reason=reason, match="")
