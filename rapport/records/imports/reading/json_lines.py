"""JSON Lines as a table: an object a line, a column for every name that any object uses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rapport.kit.formulas import disarm
from rapport.records.imports.reading.limits import LINE_CHARACTERS, MIB, Limits
from rapport.records.imports.reading.sources import Source
from rapport.records.imports.reading.table import Row, Table, Tally
from rapport.records.imports.reading.unreadable import unreadable
from rapport.records.kinds.row_text import joined_cells

LABEL = ".label"
OURS_ALONE = ("version",)
"""What our own files say beside the fields: which edition of the record they show."""
MARK = b"\xef\xbb\xbf"


@dataclass
class JsonTable(Table):
    """A file of JSON Lines; `rows` reads it anew each time."""

    def rows(self) -> Iterator[Row]:
        tally = self.tally = Tally()
        for number, line in enumerate(self.lines(), start=1):
            if not line.strip():
                tally.blank += 1
                continue
            found = object_in(line)
            if found is None:
                tally.bad += 1
                shown = line.decode("utf-8", "replace").strip()[:200]
                cells = [shown, *[""] * (len(self.columns) - 1)]
                yield Row(number, cells, _("This line is not a JSON object."))
                continue
            tally.good += 1
            by_name = cells_of(found)
            yield Row(number, [by_name.get(name, "") for name in self.columns], None)

    def lines(self) -> Iterator[bytes]:
        """The lines of the file. Raises Unreadable for one without end."""
        with self.source.open() as stream:
            self.stream = stream
            rest = b""
            while block := stream.read(MIB):
                *whole, rest = (rest + block).split(b"\n")
                yield from whole
                if len(rest) > LINE_CHARACTERS:
                    raise unreadable("binary")
            yield rest


def open_json_lines(source: Source, limits: Limits) -> JsonTable:
    """The table in a file of JSON Lines, read once through for its columns.

    Raises Unreadable (not_a_table, too_many_columns).
    """
    table = JsonTable(
        columns=[], format="jsonl", total=source.size(), encoding="utf-8", source=source
    )
    names: dict[str, None] = {}
    if _is_document(source.head(LINE_CHARACTERS)):
        raise unreadable("not_a_table", what="JSON")
    for line in table.lines():
        found = object_in(line) if line.strip() else None
        names.update(dict.fromkeys(cells_of(found) if found else ()))
        if len(names) > limits.columns:
            raise unreadable("too_many_columns", count=len(names), limit=limits.columns)
    if not names:
        raise unreadable("not_a_table", what="JSON")
    table.columns = list(names)
    return table


def _is_document(head: bytes) -> bool:
    """Whether all of it is one object around something else, as in {"people": [...]}."""
    found = object_in(head) or {}
    return len(found) == 1 and all(isinstance(value, list | dict) for value in found.values())


def object_in(line: bytes) -> dict[str, Any] | None:
    """The object of a line, numbers as they are written; None where there is none."""
    try:
        found = json.loads(line.removeprefix(MARK), parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def cells_of(found: dict[str, Any]) -> dict[str, str]:
    """The object as cells by column, as our CSV would have them."""
    cells: dict[str, str] = {}
    for name, value in found.items():
        if name in OURS_ALONE and "id" in found:
            continue
        cells[name] = disarm(text_of(value))
        if _is_labelled(value):
            labels = [text_of(one.get("label")) for one in value]
            cells[name + LABEL] = disarm(";".join(labels) if any(labels) else "")
    return cells


def text_of(value: Any) -> str:
    """A value as the text of a cell: several with semicolons, rows of columns a line each."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case {"amount": amount, "currency": currency}:
            return f"{text_of(amount)} {text_of(currency)}".strip()
        case list():
            return _list(value)
        case _:
            return json.dumps(value, ensure_ascii=False)


def _list(values: list[Any]) -> str:
    if _is_labelled(values):
        return ";".join(text_of(one["value"]) for one in values)
    if not all(isinstance(one, dict) for one in values):
        return ";".join(map(text_of, values))
    if all(one.keys() == {"object", "id"} for one in values):
        return ";".join(text_of(one["id"]) for one in values)
    return "\n".join(
        joined_cells([text_of(part) for name, part in one.items() if name != "id"])
        for one in values
    )


def _is_labelled(value: Any) -> bool:
    """Whether these are addresses, each of a sort."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, dict) and "value" in one for one in value)
    )
