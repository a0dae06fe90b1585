"""What an export writes, an import reads back without loss."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import QueryDict

from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.imports.drafting import draft
from rapport.records.imports.problems import problems_text
from rapport.records.imports.running import run_import
from rapport.records.imports.stored import open_stored
from rapport.records.kinds.base import is_storable
from rapport.records.reading import context_for
from rapport.records.reading.selection import read_selection
from rapport.records.store import change
from rapport.records.surfaces.export import file_chunks, read_options
from rapport.records.testing import HOUSE, make_sample
from rapport.records.tests.covering import each_of
from rapport.records.tests.hostile import EDGES, NAUGHTY

pytestmark = pytest.mark.django_db
OBJECTS = [one for one in registry.all_objects() if one.trait == "mutable" and one.importable]
CONTEXT = context_for(HOUSE)


def taken(declaration: type[Object]) -> list[str]:
    return [
        name
        for name, kind in declaration.fields.items()
        if (kind.editable or kind.importable) and kind.takes_files and name != "owner"
    ]


def file_of(declaration: type[Object], columns: list[str], form: str = "csv") -> bytes:
    query = QueryDict(f"columns={','.join(columns)}&header=names&format={form}")
    selection = read_selection(query, declaration, CONTEXT, ())
    return b"".join(file_chunks(selection, read_options(query)))


def rows_of(content: bytes) -> list[list[str]]:
    head, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    return [head, *sorted(rows)]


def kept(content: bytes, place: str) -> str:
    path = Path(settings.MEDIA_ROOT) / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return place


def import_back(declaration: type[Object], content: bytes, form: str) -> Any:
    """The file by its suggested mapping, in which no column is left out."""
    place = kept(content, f"round-trip.{form}")
    run = draft(HOUSE, declaration.name, place, place, policy="create")
    with open_stored(run) as table:
        assert [one["column"] for one in run.assigned] == table.columns
    return run_import(run, HOUSE, CONTEXT)


def trash_all(declaration: type[Object]) -> None:
    with change(HOUSE, via="test") as made:
        made.trash(
            declaration.name, access.rows(HOUSE, declaration.name).values_list("pk", flat=True)
        )


@each_of(OBJECTS)
def test_every_object_comes_back_as_it_went(declaration: type[Object]) -> None:
    for number in (1, 2, 3):
        make_sample(declaration.name, number)
    columns = taken(declaration)
    went = file_of(declaration, columns)
    trash_all(declaration)
    run = import_back(declaration, went, "csv")
    assert not list(run.problems.values_list("reason", flat=True))
    assert rows_of(file_of(declaration, columns)) == rows_of(went)


@pytest.mark.long
def test_any_text_comes_back_as_it_went() -> None:
    declaration, columns = registry.get("room"), ["name", "notes"]
    for text in dict.fromkeys([*NAUGHTY, *EDGES]):
        if text.strip() and len(text) < 500 and is_storable(text):
            make_sample("room", values={"name": text, "notes": text})
    before = rows_of(file_of(declaration, columns))
    files = {form: file_of(declaration, columns, form) for form in ("csv", "xlsx")}
    for form, went in files.items():
        trash_all(declaration)
        run = import_back(declaration, went, form)
        assert not list(run.problems.values_list("cells", "reason")), form
        assert rows_of(file_of(declaration, columns)) == before, form


def test_rows_to_mend_run_no_formula_and_can_be_imported_again() -> None:
    run = import_back(registry.get("room"), b"name,seats\n=1+1,many\n'=2+2,many\n", "csv")
    assert (run.created, run.partial) == (2, 2)
    text = problems_text(run)
    assert "\n'=1+1,many" in text.replace("\r", "")
    mended = text.replace("many", "5").lstrip("\ufeff").encode()
    again = run_import(draft(HOUSE, "room", "m.csv", kept(mended, "m.csv")), HOUSE, CONTEXT)
    assert (again.created, again.updated) == (0, 2)
    rooms = access.rows(HOUSE, "room").values_list("name", "seats")
    assert sorted(rooms) == [("=1+1", 5), ("=2+2", 5)]


def test_a_field_of_an_upper_domain_is_written_beside_the_record() -> None:
    content = b"name,demand\nBlue,7\nRed,\nGreen,many\n"
    run = run_import(draft(HOUSE, "room", "m.csv", kept(content, "m.csv")), HOUSE, CONTEXT)
    assert (run.created, run.partial, run.failed) == (3, 1, 0)
    assert run.problems.get().reason.startswith("Demand: ")
    assert demands() == {"Blue": 7}


@pytest.mark.parametrize(("policy", "demand"), [("update", 9), ("fill", 7), ("skip", 7)])
def test_a_field_of_an_upper_domain_joins_what_is_there(policy: str, demand: int) -> None:
    blue = make_sample("room", values={"name": "Blue", "demand": 7})
    red = make_sample("room", values={"name": "Red", "demand": None})
    content = f"id,name,demand\n{blue},Blue,9\n{red},Red,5\n".encode()
    run = draft(HOUSE, "room", "m.csv", kept(content, "m.csv"), policy=policy)
    run_import(run, HOUSE, CONTEXT)
    assert demands() == {"Blue": demand} | ({} if policy == "skip" else {"Red": 5})


def demands() -> dict[str, int]:
    rooms = access.rows(HOUSE, "room").exclude(demand__demand=None)
    return dict(rooms.values_list("name", "demand__demand"))
