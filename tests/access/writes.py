"""Every way to write a field that one's roles hide, tried by one from whom it is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rapport.accounts.models import FieldLevel
from rapport.records.declare import Object
from rapport.records.testing import sample_value
from tests.access.table import Row
from tests.access.things import TYPED, Things

#: What becomes of each: refused, or taken without that field. The key is hidden as well: gone.
WAYS = {
    "PATCH api-record": "bad",
    "POST api-records": "bad",
    "POST api-batch": "bad",
    "POST api-bulk": "bad",
    "PUT api-key": "gone",
    "POST edit": "idle",
    "POST cell": "gone",
    "POST bulk": "idle",
    "POST paste": "bad",
    "POST view_new": "bad",
}


def hidden_field(declaration: type[Object]) -> str:
    """One that takes plain words or numbers; none for objects that hide none of those."""
    levels = FieldLevel.objects.filter(object_name=declaration.name, level="hidden")
    hidden = set(levels.values_list("field", flat=True))
    names = (
        name
        for name, kind in declaration.fields.items()
        if name in hidden and kind.editable and kind.stored and kind.type in TYPED
    )
    return next((one for one in names if one != "external_id"), "")


def writes_of(things: Things) -> Iterator[tuple[Row, str, dict[str, Any]]]:
    """Row with the wanted word, address, and body of each way."""
    declaration, name = things.declaration, hidden_field(things.declaration)
    if not name:
        return
    value = sample_value(declaration.fields[name], 9)
    page, record = declaration.url(things.record), str(things.record)
    pages, program = declaration.url(), f"/api/v1/{declaration.plural}"
    key = things.named["by_key"]
    changed = {"do": "update", "id": record, "values": {name: value}}
    shown = f"columns={declaration.title},{name}"
    every: dict[str, tuple[str, dict[str, Any]]] = {
        "PATCH api-record": (f"{program}/{record}", {name: value}),
        "POST api-records": (program, {name: value}),
        "POST api-batch": (f"{program}/batch", {"items": [changed]}),
        "POST api-bulk": (
            f"{program}/bulk", {"do": "edit", "ids": [record], "field": name, "value": value},
        ),
        "PUT api-key": (f"{program}/by/external_id/{key}", {name: value}),
        "POST edit": (f"{page}edit/", {name: str(value)}),
        "POST cell": (f"{page}cells/{name}/", {name: str(value)}),
        "POST bulk": (
            f"{pages}bulk/", {"do": "edit", "id": record, "field": name, "value": str(value)},
        ),
        "POST paste": (
            f"{pages}paste/", {"text": "7", "column": name, "query": shown, "id": record},
        ),
        "POST view_new": (
            f"{pages}views/new/", {"name": "Mine", "audience": "me", "_state": shown},
        ),
    }  # fmt: skip
    for way, (address, body) in every.items():
        method, route = way.split()
        yield Row(route, "hidden", method, "house", {"blind": WAYS[way]}), address, body
