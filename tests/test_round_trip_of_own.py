"""A house with fields and objects of its own, as files, in an empty one: nothing is lost."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.http import QueryDict
from django.utils import timezone
from psycopg import sql

from rapport.accounts.actions import NOBODY
from rapport.contacts.models import Company
from rapport.records.imports.sets.drafting import draft_set
from rapport.records.imports.sets.packing import receive
from rapport.records.imports.sets.running import run_set
from rapport.records.metadata import files
from rapport.records.metadata.actions import remove_field
from rapport.records.metadata.indexes import prepare
from rapport.records.metadata.object_actions import add_object, remove_object
from rapport.records.metadata.purging import purge
from rapport.records.models import CustomField, CustomObject
from rapport.records.reading import context_for
from rapport.records.surfaces.export import read_options, write_everything
from rapport.records.testing import HOUSE, create, update
from rapport.records.tests.fields import make_field

CONTEXT = context_for(HOUSE, currency="EUR", country="DE")
TABLES = """
SELECT tablename FROM pg_tables WHERE schemaname = 'public'
  AND tablename ~ '^(contacts_|activities_|sales_|records_(link|importledger|timelineentry)$)'
"""
VALUES: dict[str, Any] = {
    "own_text": "red; green", "own_integer": "12", "own_decimal": "1.5", "own_date": "2026-03-04",
    "own_boolean": "true", "own_choice": "small", "own_choices": ["small", "large"],
    "own_email": "ada@x.example", "own_url": "https://x.example/",
}  # fmt: skip


def build() -> None:
    """Companies with fields of their own, and devices, which point at each other both ways."""
    add_object({"label": {"en": "Device"}, "label_plural": {"en": "Devices"}}, NOBODY)
    prepare()
    for name in VALUES:
        make_field(name.removeprefix("own_"), on="company")
    make_field("relation", "main_device", on="company", to="device")
    make_field("relation", "maker", on="device", to="company")
    make_field("text", "serial", on="device", unique=True)
    child = create("company", name="Acme Part", **VALUES)
    parent = create("company", name="Acme")
    device = create("device", name="Probe", serial="S1", maker=str(parent))
    update("company", child, parent=str(parent), main_device=str(device))
    update("device", create("device", name="Part of it"), maker=str(child))


def empty(owner_url: str) -> None:
    """No records, no fields and no objects of one's own."""
    for field in CustomField.objects.all():
        remove_field(field, NOBODY)
    purge(timezone.now())
    remove_object(CustomObject.objects.get(), NOBODY)
    purge(timezone.now())
    with psycopg.connect(owner_url, autocommit=True) as owner:
        found = owner.execute(TABLES).fetchall()
        listed = sql.SQL(", ").join(sql.Identifier(name) for (name,) in found)
        owner.execute(sql.SQL("TRUNCATE {} CASCADE").format(listed))


def rows(packed: io.BytesIO) -> dict[str, list[list[str]]]:
    """The rows of each file, in any order; who changed a record when is the history's own."""
    with zipfile.ZipFile(packed) as archive:
        texts = {one: archive.read(one).decode() for one in archive.namelist() if "csv" in one}
    return {
        name: sorted(_lasting(csv.DictReader(io.StringIO(text)))) for name, text in texts.items()
    }


def _lasting(table: csv.DictReader[str]) -> list[list[str]]:
    return [[row[name] for name in row if not name.startswith("updated_")] for row in table]


def everything() -> io.BytesIO:
    packed = io.BytesIO()
    options = read_options(QueryDict("format=csv"))
    write_everything(packed, HOUSE, CONTEXT, options, through="command")
    packed.seek(0)
    return packed


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_house_of_ones_own_moves_without_loss(tmp_path: Path, owner_database_url: str) -> None:
    build()
    packed = everything()
    before = rows(packed)
    packed.seek(0)
    files.write(files.present(), tmp_path)
    empty(owner_database_url)
    assert not Company.objects.exists()
    assert not CustomObject.objects.exists()

    files.apply(files.read(tmp_path))
    made = draft_set(HOUSE, "house.zip", receive([("house.zip", packed)]))
    assert made.policy == "move"
    run_set(made, HOUSE, CONTEXT)

    reasons = [one.reason for run in made.runs.all() for one in run.problems.all()]
    assert reasons == []
    assert rows(everything()) == before
    assert [len(before[name]) for name in ("companies.csv", "devices.csv")] == [2, 2]
