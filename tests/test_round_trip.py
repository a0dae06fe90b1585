"""A whole house as files, read into an empty one, is the same house."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.utils import translation

from rapport.project.demo import build
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.imports.drafting import draft
from rapport.records.imports.mapping import sample_columns
from rapport.records.imports.running import run_import
from rapport.records.imports.stored import open_stored
from rapport.records.kinds import Context
from rapport.records.models import ImportRun
from rapport.records.reading import context_for
from rapport.records.reading.selection import read_selection
from rapport.records.surfaces.export import file_chunks, read_options, write_everything
from rapport.records.surfaces.export.everything import exportable
from rapport.records.testing import HOUSE

pytestmark = pytest.mark.django_db
ORDER = (
    "territory", "company", "person", "lead", "deal", "tax_class", "warehouse", "product",
    "price_list", "discount", "quote", "order", "invoice", "dispute", "contract", "quota", "goal",
    "call_list", "booking_page", "task", "call", "meeting", "note", "tag",
)  # fmt: skip
"""Each after what it names."""


def declared() -> list[type[Object]]:
    return [one for one in registry.all_objects() if one.importable and one.trait == "mutable"]


def size(declaration: type[Object]) -> int:
    return int(access.rows(HOUSE, declaration.name).count())


def context(language: str) -> Context:
    return context_for(replace(HOUSE, language=language), currency="EUR", country="DE")


def lasting(declaration: type[Object]) -> str:
    """The fields that a file can hold on to, for an address, but for those the house made itself:
    another house, or this one without its sample company, has none of them."""
    fields = declaration.fields.items()
    kept = [(name, kind) for name, kind in fields if kind.takes_files and not kind.is_custom]
    return ",".join(name for name, kind in kept if kind.editable or kind.importable)


def exported(declaration: type[Object], header: str, language: str, columns: str = "") -> bytes:
    query = QueryDict(f"columns={columns or lasting(declaration)}&header={header}")
    selection = read_selection(query, declaration, context(language), ())
    return b"".join(file_chunks(selection, read_options(query)))


def rows_of(content: bytes) -> list[list[str]]:
    head, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    return [head, *sorted(rows)]


def imported(declaration: type[Object], content: bytes, language: str) -> ImportRun:
    run = imported_as_is(declaration, content, language)
    assert left_out(run) <= {column for column, values in samples(run) if not values}
    return run


def imported_as_is(
    declaration: type[Object], content: bytes, language: str, policy: str = "update"
) -> ImportRun:
    place = f"imports/{declaration.plural}.file"
    path = Path(settings.MEDIA_ROOT) / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    run = draft(HOUSE, declaration.name, f"{declaration.plural}.file", place, policy=policy)
    return run_import(run, HOUSE, context(language))


def samples(run: ImportRun) -> list[tuple[str, list[str]]]:
    with open_stored(run) as table:
        return list(zip(table.columns, sample_columns(table), strict=True))


def left_out(run: ImportRun) -> set[str]:
    return {column for column, _values in samples(run)} - {one["column"] for one in run.assigned}


#: The same once more: in other words, another form, another language.
again = pytest.mark.long


@pytest.mark.parametrize(
    ("header", "language"),
    [
        pytest.param("labels", "en", marks=again),
        pytest.param("labels", "es", marks=again),
        pytest.param("names", "en", marks=again),
    ],
)
def test_the_sample_company_comes_back_as_it_went(header: str, language: str) -> None:
    fresh = {one.name for one in declared() if not size(one)}
    before_demo = transaction.savepoint_create()
    build(HOUSE)
    made = [one for one in declared() if one.name in fresh and size(one)]
    assert {"company", "person", "lead", "deal", "task", "call", "meeting", "note"} <= {
        one.name for one in made
    }
    made.sort(key=lambda one: ORDER.index(one.name))
    went = {one.name: exported(one, header, language) for one in made}
    transaction.savepoint_rollback(before_demo)
    assert not any(map(size, made))
    for one in made:
        run = imported(one, went[one.name], language)
        rows = len(rows_of(went[one.name])) - 1
        facts = (one.name, list(run.problems.values_list("reason", flat=True)[:3]))
        assert (run.created, run.updated, run.partial) == (rows, 0, 0), facts
    for one in made:
        assert rows_of(exported(one, header, language)) == rows_of(went[one.name]), one.name


@pytest.mark.parametrize(
    "form",
    ["csv", *(pytest.param(one, marks=again) for one in ("jsonl", "xlsx", "parquet"))],
)
def test_everything_moves_into_another_house_under_its_keys(form: str) -> None:
    fresh = {one.name for one in declared() if not size(one)}
    before_demo = transaction.savepoint_create()
    build(HOUSE)
    made = [one for one in exportable(HOUSE) if one.name in fresh and size(one)]
    went = {one.name: exported(one, "names", "en", f"id,{lasting(one)}") for one in made}
    packed = io.BytesIO()
    rows = write_everything(
        packed, HOUSE, context("en"), read_options(QueryDict(f"format={form}")), through="command"
    )
    transaction.savepoint_rollback(before_demo)
    archive = zipfile.ZipFile(packed)
    for one in made:
        content = archive.read(f"{one.plural}.{form}")
        run = imported_as_is(one, content, "en", policy="move")
        facts = (one.name, list(run.problems.values_list("reason", flat=True)[:3]))
        assert (run.created, run.related, run.partial) == (rows[one.name], 0, 0), facts
    for one in made:
        back = exported(one, "names", "en", f"id,{lasting(one)}")
        assert rows_of(back) == rows_of(went[one.name]), one.name


@again
@pytest.mark.parametrize("name", ["person", "company", "lead", "deal", "task"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_list_is_exported_edited_and_imported_as_an_update(name: str, language: str) -> None:
    build(HOUSE)
    declaration = registry.get(name)
    went = exported(declaration, "labels", language, columns="all")
    changed = {"task": "description", "lead": "interest"}.get(name, "source")
    head, *rows = csv.reader(io.StringIO(went.decode(), newline=""))
    with translation.override(language):
        place = head.index(str(declaration.fields[changed].label))
    rows[1][place] = "Edited"
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    run = imported_as_is(declaration, text.getvalue().encode(), language)
    facts = (run.mapping, list(run.problems.values_list("reason", flat=True)[:3]))
    assert (run.created, run.updated, run.skipped) == (0, 1, len(rows) - 1), facts
    assert (run.failed, run.review, run.partial) == (0, 0, 0), facts
