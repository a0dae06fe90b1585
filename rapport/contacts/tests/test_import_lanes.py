"""Chunks that are written side by side come to the same as one after the other."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.db.backends.signals import connection_created

from rapport.contacts.models import Company, EmailAddress, Person
from rapport.kit.ids import uuid7
from rapport.records import registry
from rapport.records.imports.running import Assigned, chunks, run_import
from rapport.records.imports.running.writing import Writer
from rapport.records.models import ImportRun
from rapport.records.reading import context_for
from rapport.records.store import change
from rapport.records.testing import HOUSE, make_sample

pytestmark = pytest.mark.django_db(transaction=True)
HEADER = "first_name,last_name,emails,company,city"


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "CHUNK", 20)


def drafted(lines: list[str], policy: str = "fill") -> ImportRun:
    name = f"{uuid7()}.csv"
    path = Path(settings.MEDIA_ROOT) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([HEADER, *lines]))
    mapping = [Assigned(one, place, one).as_json() for place, one in enumerate(HEADER.split(","))]
    return ImportRun.objects.create(
        object="person", filename=name, storage=name, mapping=mapping, policy=policy,
        is_dry_run=False,
    )  # fmt: skip


def take(lines: list[str]) -> ImportRun:
    return run_import(drafted(lines), HOUSE, context_for(HOUSE))


def outcome(run: ImportRun) -> tuple[Any, ...]:
    emails: dict[UUID, list[str]] = defaultdict(list)
    for party, email in EmailAddress.objects.order_by("normalised").values_list(
        "party_id", "normalised"
    ):
        emails[party].append(email)
    people = Counter(
        (name, city, company, *emails[key])
        for key, name, city, company in Person.objects.values_list(
            "pk", "name", "city", "company__name"
        )
    )
    companies = Counter(Company.objects.values_list("name", flat=True))
    return people, companies, run.created + run.updated + run.skipped, run.review, run.related


def repeated(rows: int, seed: int) -> list[str]:
    """People who come again and again, each time with some of what is known of them."""
    dice = random.Random(seed)
    lines = []
    for _row in range(rows):
        who = dice.randrange(rows // 3)
        email = f"p{who}@example.com" if dice.random() < 0.7 else ""
        company = f"Firm {who % 40}" if not email or dice.random() < 0.5 else ""
        city = f"City {who % 5}" if dice.random() < 0.5 else ""
        lines.append(f"Ann,Number{who},{email},{company},{city}")
    return lines


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(one, marks=pytest.mark.long) for one in (2, 3))]
)
def test_people_who_come_again_are_met_again_however_near(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = repeated(240, seed)
    side_by_side = outcome(take(lines))
    with change(HOUSE, via="test"), connection.cursor() as cursor:
        for table in ("contacts_person", "contacts_company", "records_importledger"):
            cursor.execute(f"DELETE FROM {table}")
    monkeypatch.setattr(chunks, "may_overlap", lambda _plan: False)
    assert outcome(take(lines)) == side_by_side


def test_a_company_that_two_chunks_name_is_made_once() -> None:
    run = take([f"Ann,Number{n},,Firm {n % 7},Lyon" for n in range(200)])
    assert (run.created, run.related, Company.objects.count()) == (200, 7, 7)


def test_two_imports_at_once_make_a_company_once() -> None:
    runs = [
        drafted([f"Ann,{name}{n},,Firm {n},Lyon" for n in range(100)]) for name in ("One", "Two")
    ]

    def work(run: ImportRun) -> int:
        try:
            return run_import(run, HOUSE, context_for(HOUSE)).created
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(work, runs)) == [100, 100]
    assert Company.objects.count() == 100


def test_what_comes_after_a_fault_is_not_written_and_can_be_had_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = drafted([f"Ann,Number{n},n{n}@example.com,Firm {n},Lyon" for n in range(200)])
    write, calls = Writer.write, iter(range(100))

    def failing(self: Writer, columns: list[str]) -> int:
        if next(calls) == 3:
            raise RuntimeError("The disk is full.")
        return write(self, columns)

    with monkeypatch.context() as broken:
        broken.setattr(Writer, "write", failing)
        with pytest.raises(RuntimeError, match="disk"):
            run_import(run, HOUSE, context_for(HOUSE))
    run = ImportRun.objects.get(pk=run.pk)
    assert Person.objects.count() == run.position == run.created < 200
    done = run_import(run, HOUSE, context_for(HOUSE))
    assert (done.created, done.skipped) == (200, 0)
    assert Person.objects.count() == Company.objects.count() == 200


@pytest.mark.long
def test_a_lane_waits_longer_than_a_page_may_stand_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    write = Writer.write

    def slow(self: Writer, columns: list[str]) -> int:
        sleep(1.3)
        return write(self, columns)

    def hurry(connection: Any, **_rest: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET idle_in_transaction_session_timeout = '1s'")

    monkeypatch.setattr(Writer, "write", slow)
    connection_created.connect(hurry)
    try:
        run = take([f"Ann,Number{n},,,Lyon" for n in range(30)])
    finally:
        connection_created.disconnect(hurry)
    assert run.created == 30


@pytest.mark.parametrize("name", [one.name for one in registry.all_objects() if one.stands_alone])
def test_new_records_that_stand_alone_change_no_others(name: str) -> None:
    with transaction.atomic():
        make_sample(name)
        with connection.cursor() as cursor:
            cursor.execute("SELECT relname FROM pg_stat_xact_user_tables WHERE n_tup_upd > 0")
            assert cursor.fetchall() == []
