"""The records of a view for programs and files: its rules, order and columns as parameters."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from rapport.records.conditions import ConditionError
from rapport.records.declare import Object
from rapport.records.kinds import Context
from rapport.records.registry import RESERVED
from rapport.records.store.errors import Missing
from rapport.records.views.definition import Definition, read_address, to_address
from rapport.records.views.reading import as_seen, views_of

#: The parts of a definition that say which records, in which order, with which columns.
ASKED = frozenset({"q", "sort", "columns", "filter"})


def plain_pairs(definition: Definition) -> list[tuple[str, str]]:
    """The definition as parameters that need no view: without groups, colours and layout."""
    return [
        (name, text)
        for name, text in to_address(definition, Definition())
        if name in ASKED or name not in RESERVED or name == "id"
    ]


def with_view(query: QueryDict, declaration: type[Object], context: Context) -> QueryDict:
    """The parameters with those of the `view` that they name; what they say besides goes first.

    Raises Missing for a view that isn't there for the principal, ConditionError for one with a
    rule that isn't his to ask: he would get more than the view holds.
    """
    if "view" not in query:
        return query
    wanted = _key(query.get("view", ""))
    views = views_of(context.principal, declaration.name)
    view = next((one for one in views if one.id == wanted), None)
    if view is None:
        raise Missing(_("This view is gone, or not yours to see."))
    seen, is_partial = as_seen(view, declaration, context)
    if is_partial:
        raise ConditionError(_("A rule of this view is not yours to ask."), "view")
    rest = query.copy()
    del rest["view"]
    definition = read_address(rest, seen.definition)
    own = [
        (name, value)
        for name, values in rest.lists()
        for value in values
        if name in RESERVED and name not in ASKED and name != "id"
    ]
    return QueryDict(urlencode([*plain_pairs(definition), *own]))


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
