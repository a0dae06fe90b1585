"""Timelines and weekly counts follow their sources, whoever writes them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rapport.accounts.principals import Grant, Principal, Scope
from rapport.kit.ids import uuid7
from rapport.records import timeline
from rapport.records.changes.undo import undo
from rapport.records.models import ContactWeek, Link, TimelineEntry
from rapport.records.store import change
from rapport.records.testing import HOUSE, create, update

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> UUID:
    return create("company", name="Acme")


@pytest.fixture
def person(company: UUID) -> UUID:
    return create("person", first_name="Ada", company=company)


def call(person: UUID, **values: Any) -> UUID:
    return create("call", subject="Budget", about=[f"person:{person}"], **values)


def entries(record: UUID) -> list[tuple[str, str]]:
    found = TimelineEntry.objects.filter(record_id=record).order_by("at", "id")
    return list(found.values_list("kind", "direction"))


def counts(record: UUID) -> tuple[int, int]:
    rows = ContactWeek.objects.filter(record_id=record).values_list("inbound", "outbound")
    return sum(them for them, _us in rows), sum(us for _them, us in rows)


def test_a_call_concerns_the_person_and_the_company(person: UUID, company: UUID) -> None:
    call(person, direction="in")
    call(person, direction="out")
    assert entries(person) == entries(company) == [("call", "in"), ("call", "out")]
    assert counts(person) == counts(company) == (1, 1)


def test_a_record_concerned_twice_has_one_entry(person: UUID, company: UUID) -> None:
    create("call", about=[f"person:{person}", f"company:{company}"], direction="in")
    assert entries(company) == [("call", "in")]
    assert counts(company) == (1, 0)


def test_counts_move_with_an_edit(person: UUID) -> None:
    key = call(person, direction="in")
    update("call", key, direction="out")
    assert (entries(person), counts(person)) == ([("call", "out")], (0, 1))
    last_year = timezone.now() - timedelta(days=365)
    update("call", key, at=last_year.isoformat())
    assert counts(person) == (0, 1)
    assert ContactWeek.objects.filter(record_id=person, outbound=1).get().week <= last_year.date()


def test_an_edit_of_words_leaves_the_entry_alone(person: UUID) -> None:
    key = call(person, direction="in")
    before = TimelineEntry.objects.get(record_id=person).pk
    update("call", key, notes="She agreed.")
    assert TimelineEntry.objects.get(record_id=person).pk == before


def test_links_move_the_entry(person: UUID, company: UUID) -> None:
    other = create("person", first_name="Ben")
    key = call(person, direction="in")
    update("call", key, about=[f"person:{other}"])
    assert (entries(person), counts(person), counts(company)) == ([], (0, 0), (0, 0))
    assert (entries(other), counts(other)) == ([("call", "in")], (1, 0))


def test_trash_restore_and_undo_are_followed(person: UUID, company: UUID) -> None:
    key = call(person, direction="in")
    with change(HOUSE, via="test") as trashed:
        trashed.trash("call", [key])
    assert (entries(person), counts(company)) == ([], (0, 0))
    undo(HOUSE, trashed.id, via="test")
    assert (entries(person), counts(company)) == ([("call", "in")], (1, 0))
    turned = update("call", key, direction="out", about=[f"company:{company}"])
    assert (entries(person), counts(company)) == ([], (0, 1))
    undo(HOUSE, turned, via="test")
    assert (entries(person), counts(person), counts(company)) == ([("call", "in")], (1, 0), (1, 0))


def test_undoing_the_creation_takes_the_entry(person: UUID) -> None:
    with change(HOUSE, via="test") as made:
        made.create("call", {"direction": "in", "about": [("person", person)]})
    undo(HOUSE, made.id, via="test")
    assert (entries(person), counts(person)) == ([], (0, 0))


def test_many_sources_are_brought_in_line_by_one_statement_each(person: UUID) -> None:
    keys = [call(person, direction="in") for _n in range(5)]
    with change(HOUSE, via="test") as made, CaptureQueriesContext(connection) as queries:
        made.update_many("call", keys, {"direction": "out"})
    assert len(queries) == 1
    assert counts(person) == (0, 5)


def test_links_by_bulk_count_too(person: UUID) -> None:
    keys = [create("call", direction="out") for _n in range(3)]
    with change(HOUSE, via="test"):
        Link.objects.bulk_create(
            Link(from_object="call", from_id=key, role="about", to_object="person", to_id=person)
            for key in keys
        )
    assert counts(person) == (0, 3)


def test_a_week_begins_on_monday_in_the_zone_of_the_workspace(person: UUID) -> None:
    from rapport.accounts.models import Workspace

    Workspace.objects.update(timezone="Asia/Tokyo")
    call(person, direction="in", at="2026-11-15T16:00:00Z")
    assert str(ContactWeek.objects.get(record_id=person).week) == "2026-11-16"
    Workspace.objects.update(timezone="America/New_York")
    timeline.rebuild()
    assert str(ContactWeek.objects.get(record_id=person).week) == "2026-11-09"
    assert entries(person) == [("call", "in")]


def test_entries_of_sources_out_of_reach_are_not_seen(person: UUID) -> None:
    call(person, direction="in")
    nothing = Principal("staff", uuid7(), grants={"*": Grant()})
    own = Principal("staff", uuid7(), grants={"*": Grant(view=Scope.OWN)})
    assert timeline.entries(HOUSE).filter(record_id=person).count() == 1
    assert timeline.entries(nothing).count() == timeline.entries(own).count() == 0
