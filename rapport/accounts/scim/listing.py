"""Lists of resources: which, in what order, which page, and what of each (RFC 7644, 3.4.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet

from rapport.accounts.scim.asking import Columns, condition, order_of
from rapport.accounts.scim.errors import invalid
from rapport.accounts.scim.filters import plain_name, read_filter
from rapport.accounts.scim.schemas import MOST_RESULTS, Document

SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
USUAL = 100
_ALWAYS = frozenset({"id", "schemas"})

type Asked = Mapping[str, str]


def listed(
    found: QuerySet[Any], asked: Asked, columns: Columns, show: Callable[[Any], Document]
) -> Document:
    """A page of what was asked for. Raises ScimError 400."""
    if text := asked.get("filter", ""):
        found = found.filter(condition(read_filter(text), columns))
    by = plain_name(asked.get("sortBy", ""))
    found = found.order_by(*order_of(by, asked.get("sortOrder") == "descending", columns))
    begin = max(1, _number(asked, "startIndex", 1))
    count = min(MOST_RESULTS, max(0, _number(asked, "count", USUAL)))
    page = list(found[begin - 1 : begin - 1 + count]) if count else []
    return list_of([chosen(show(one), asked) for one in page], found.count(), begin)


def list_of(resources: list[Document], total: int, begin: int = 1) -> Document:
    """A list response."""
    return {
        "schemas": [SCHEMA],
        "totalResults": total,
        "startIndex": begin,
        "itemsPerPage": len(resources),
        "Resources": resources,
    }


def chosen(resource: Document, asked: Asked) -> Document:
    """What was asked for of a resource, by `attributes` or `excludedAttributes`."""
    wanted, unwanted = (_names(asked.get(one, "")) for one in ("attributes", "excludedAttributes"))
    if wanted:
        return _only(resource, wanted)
    return _without(resource, unwanted) if unwanted else resource


def _only(resource: Document, wanted: frozenset[str]) -> Document:
    found: Document = {}
    for name, value in resource.items():
        if name.lower() in wanted | _ALWAYS:
            found[name] = value
        elif parts := _parts_of(wanted, name):
            found[name] = _each(value, parts, keeps=True)
    return found


def _without(resource: Document, unwanted: frozenset[str]) -> Document:
    return {
        name: _each(value, _parts_of(unwanted, name), keeps=False)
        for name, value in resource.items()
        if name.lower() not in unwanted - _ALWAYS
    }


def _parts_of(names: frozenset[str], attribute: str) -> frozenset[str]:
    before = f"{attribute.lower()}."
    return frozenset(one.removeprefix(before) for one in names if one.startswith(before))


def _each(value: Any, parts: frozenset[str], *, keeps: bool) -> Any:
    """A complex value, or each in a list of them, with these parts alone or without them."""
    if isinstance(value, list):
        return [_each(one, parts, keeps=keeps) for one in value]
    if isinstance(value, Mapping):
        return {part: one for part, one in value.items() if (part.lower() in parts) == keeps}
    return value


def _names(text: str) -> frozenset[str]:
    return frozenset(plain_name(one.strip()) for one in text.split(",") if one.strip())


def _number(asked: Asked, name: str, usual: int) -> int:
    try:
        return int(asked.get(name) or usual)
    except ValueError:
        raise invalid(f"{name}: {asked[name][:40]}") from None
