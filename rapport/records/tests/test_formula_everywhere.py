"""No surface stumbles over a formula: each meets one of every type."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from rapport.accounts.testing import make_user, signed_in
from rapport.records import registry
from rapport.records.changes.undo import preview
from rapport.records.models import ChangeSet
from rapport.records.reading.grouping import can_group
from rapport.records.testing import HOUSE, create, read, update
from rapport.records.tests.test_formula_fields import EVERY, HALL, every_type

pytestmark = pytest.mark.django_db
NAMES = ",".join(["name", *(f"own_{name}" for name in EVERY)])


@pytest.fixture
def web() -> Client:
    return signed_in(make_user())


def test_pages_files_and_the_past_meet_formulas(web: Client) -> None:
    every_type()
    room = create("room", **HALL)
    update("room", room, seats="9")
    fields = registry.get("room").fields
    pages = [
        f"/rooms/?columns={NAMES}&sort=-own_number&totals=own_number,own_money",
        "/rooms/?as=chart&group=own_choice",
        "/rooms/board/?by=own_choice",
        "/rooms/calendar/?start=own_day",
        f"/rooms/{room}/?at={timezone.now():%Y-%m-%dT%H:%M:%S.%fZ}",
        f"/rooms/{room}/history/",
        f"/rooms/{room}/edit/",
        "/rooms/new/",
        "/rooms/filter/?_field=own_number",
        "/rooms/columns/",
        "/rooms/conditions/",
        "/rooms/history/",
        *(f"/rooms/?group=own_{name}" for name in EVERY if can_group(fields[f"own_{name}"])),
        *(f"/rooms/filter/?_field=own_{name}" for name in EVERY),
    ]

    answers = {page: web.get(page).status_code for page in pages}

    assert {page: code for page, code in answers.items() if code not in (200, 302, 404)} == {}
    assert answers[pages[0]] == answers[pages[4]] == 200
    for form in ("csv", "xlsx", "jsonl", "parquet"):
        file = web.get(f"/rooms/export/?format={form}&columns={NAMES}")
        assert file.status_code in (200, 302), form
    assert preview(HOUSE, ChangeSet.objects.latest("at").pk)


def test_nobody_writes_a_formula_by_a_cell_a_form_or_in_bulk(web: Client) -> None:
    every_type()
    room = create("room", **HALL)

    web.post(f"/rooms/{room}/cells/own_text/", {"own_text": "Mine", "version": "1"})
    web.post(f"/rooms/{room}/edit/", {"own_text": "Mine", "_shown": "own_text", "_version": "1"})
    web.post("/rooms/bulk/edit/", {"ids": str(room), "field": "own_text", "own_text": "Mine"})

    assert read("room", room, "own_text") == "Hall (7)"
    assert "own_text" not in web.get(f"/rooms/bulk/edit/?ids={room}").content.decode()
