"""The change log under seals: what was written stays as it was written, or it shows."""

from __future__ import annotations

import time
from threading import Event

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from rapport.records.changes import sealing
from rapport.records.changes.sealing import broken_seals, seal
from rapport.records.models import Change, Seal
from rapport.records.store import change
from rapport.records.testing import HOUSE

pytestmark = pytest.mark.django_db(transaction=True)
LONG = 60


@pytest.fixture(autouse=True)
def small_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "STRETCH", 3)


def write(count: int = 1) -> None:
    for number in range(count):
        with change(HOUSE, via="test") as made:
            made.create("room", {"name": f"Room {number}"})


def seal_all() -> None:
    """Seal every row, however long other tests on the server hold the end of the log open."""
    pause, until = Event(), time.monotonic() + LONG
    while sum(Seal.objects.values_list("rows", flat=True)) < Change.objects.count():
        assert time.monotonic() < until
        seal()
        pause.wait(0.05)


def tamper(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(statement)


def faults() -> list[str]:
    return [one.reason for one in broken_seals()]


def test_every_row_of_the_log_comes_under_one_seal() -> None:
    write(10)
    seal_all()
    assert Seal.objects.count() > 1
    assert [one.number for one in Seal.objects.order_by("number")] == [
        *range(1, Seal.objects.count() + 1)
    ]
    assert seal() == 0
    write()
    seal_all()
    assert faults() == []


def test_a_change_under_way_is_not_sealed_yet() -> None:
    write(4)
    seal_all()
    with transaction.atomic():
        write()
        assert seal() == 0
    seal_all()


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ('UPDATE records_change SET new = \'{"name": "Other"}\' WHERE id = {row}', "values"),
        ("UPDATE records_change SET kind = 'trash' WHERE id = {row}", "altered"),
        ("UPDATE records_changeset SET via = 'web'", "altered"),
        ("DELETE FROM records_change WHERE id = {row}", "taken away"),
        ("UPDATE records_seal SET rows = rows + 1 WHERE number = 1", "follow"),
        ("DELETE FROM records_seal WHERE number = 2", "follow"),
    ],
)
def test_whoever_alters_the_log_breaks_a_seal(
    owner_database_url: str, statement: str, fault: str
) -> None:
    write(8)
    seal_all()
    row = Change.objects.order_by("id").values_list("id", flat=True)[1]
    tamper(owner_database_url, statement.replace("{row}", str(row)))
    assert any(fault in one for one in faults())


def test_a_seal_made_without_the_key_does_not_hold(owner_database_url: str) -> None:
    write(2)
    tamper(owner_database_url, "UPDATE records_change SET kind = 'trash'")
    with override_settings(SECRET_KEY="a key of somebody else's"):
        seal_all()
    assert "not signed" in faults()[0]


def test_the_application_role_can_only_add_seals() -> None:
    write()
    seal_all()
    for statement in ("UPDATE records_seal SET rows = 0", "DELETE FROM records_seal"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)
