"""The worker builds what lists need, and every process hears of a field at once."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from rapport.accounts.actions import NOBODY
from rapport.accounts.models import Workspace
from rapport.accounts.testing import make_user, signed_in
from rapport.records import registry
from rapport.records.jobs import enqueue
from rapport.records.jobs.running import run_job
from rapport.records.metadata.actions import change_field, remove_field
from rapport.records.metadata.indexes import prepare
from rapport.records.metadata.kinds import KINDS
from rapport.records.metadata.noticing import forget, has_met_any
from rapport.records.metadata.purging import purge
from rapport.records.models import CustomField
from rapport.records.reading import parse_sort
from rapport.records.store.errors import Doubled
from rapport.records.testing import HOUSE, create, read, update
from rapport.records.tests.fields import make_every_kind, make_field

INDEXES = "SELECT indexname FROM pg_indexes WHERE indexname LIKE 'cx%%'"
ELSEWHERE = """
import django
django.setup()
from rapport.records.metadata.noticing import refresh
from rapport.records.testing import create
refresh()
print(create("room", name="Made elsewhere", code="from afar"))
"""


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(INDEXES)
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_indexes_are_built_by_the_owner_role_used_and_dropped() -> None:
    make_every_kind()
    text = CustomField.objects.get(name="own_text")
    change_field(text, {"search": True, "unique": True}, NOBODY)
    for number in range(3):
        create("room", name=f"R{number}", own_text=f"T{number}", own_integer=str(number))
    assert not parse_sort("own_text", registry.get("room"), frozenset(["own_text"])).indexed

    prepare()

    states = set(CustomField.objects.values_list("index", "index_problem"))
    assert states == {("ready", "")}
    assert parse_sort("own_text", registry.get("room"), frozenset(["own_text"])).indexed
    assert registry.get("room").fields["own_text"].search
    assert {f"cx_{text.pk.hex}{end}" for end in "stu"} <= indexes()
    with pytest.raises(Doubled) as refused:
        create("room", name="Again", own_text="t1")
    assert list(refused.value.fields) == ["own_text"]
    assert signed_in(make_user()).get("/rooms/?q=T2").content.count(b">R2<")

    plan = _plan("own_integer", "gte", "1")
    assert f"cx_{CustomField.objects.get(name='own_integer').pk.hex}s" in plan
    remove_field(text, NOBODY)
    purge(timezone.now())
    prepare()
    assert not any(text.pk.hex in name for name in indexes())


@pytest.mark.django_db(transaction=True)
def test_the_planner_knows_how_often_a_choice_occurs(owner_database_url: str) -> None:
    options = [{"key": key, "label": {"en": key}} for key in ("rare", "often")]
    row = make_field("choice", "grade", options=options)
    for number in range(40):
        create("room", name=f"R{number}", grade="often" if number % 4 else "rare")
    prepare()
    assert _guess("grade", "often") > 20
    with psycopg.connect(owner_database_url, autocommit=True) as owner:
        owner.execute(f"DROP STATISTICS cx_{row.pk.hex}n")
        assert _guess("grade", "often") < 20
        prepare()
    assert _guess("grade", "often") > 20


def _guess(name: str, value: str) -> int:
    """How many rooms the planner thinks have the value."""
    found = re.search(r"rows=(\d+)", _plan(name, "is", value))
    assert found is not None
    return int(found[1])


def _plan(name: str, op: str, value: str) -> str:
    from rapport.records.conditions import Rule, ask
    from rapport.records.sample.rooms.models import Room
    from rapport.records.testing import reader

    where = ask(Rule(name, op, value), registry.get("room"), reader()).where
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
    try:
        return Room.objects.filter(where, deleted_at=None).values("pk").explain()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET enable_seqscan")


@pytest.mark.django_db(transaction=True)
def test_values_that_are_there_twice_are_said_at_the_field() -> None:
    row = make_field("text", "code")
    create("room", name="A", code="same")
    create("room", name="B", code="same")
    change_field(row, {"unique": True}, NOBODY)

    prepare()

    row.refresh_from_db()
    assert (row.index, row.index_problem) == ("failed", "Some records have the same value.")
    with pytest.raises(Doubled):
        create("room", name="C", code="Same")


@pytest.mark.django_db(transaction=True)
def test_a_field_made_here_is_written_by_another_process_and_by_the_worker() -> None:
    make_user()
    make_field("text", "code")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
        "RAPPORT_DATABASE_URL": settings.INSTANCE.database_url,
        "RAPPORT_OWNER_DATABASE_URL": settings.INSTANCE.owner_database_url,
        "RAPPORT_DIRECT_DATABASE_URL": settings.INSTANCE.direct_database_url,
    }
    ran = subprocess.run(
        [sys.executable, "-c", ELSEWHERE], env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert read("room", UUID(ran.stdout.strip()), "code") == "from afar"

    # As a process that has heard nothing yet: a job, a change and a page each tell it.
    room = create("room", name="Here")
    forget()
    run_job(enqueue(HOUSE, "nothing of the kind", "Test").pk)
    assert "code" in registry.get("room").fields
    forget()
    with pytest.raises(KeyError):
        update("room", room, code="too early")
    assert has_met_any() is False
    forget()
    signed_in(make_user("Bo", email="bo@example.com")).get("/rooms/")
    update("room", room, code="here")
    assert read("room", room, "code") == "here"


@pytest.mark.django_db
def test_a_workspace_without_fields_asks_for_none() -> None:
    web = signed_in(make_user())
    web.get("/rooms/")

    assert has_met_any() is False
    assert Workspace.objects.get().metadata_version == 1
    assert set(KINDS) >= {"text", "choice", "relation"}
