"""Saved views say which indexes they lack; owners have them built and dropped again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.records import registry
from rapport.records.access import Denied
from rapport.records.advice import advising
from rapport.records.advice.advising import Advice, advice
from rapport.records.advice.building import build_later
from rapport.records.advice.indexes import mark
from rapport.records.jobs import run_job
from rapport.records.models import Job
from rapport.records.reading import parse_sort
from rapport.records.sample.rooms.models import Room
from rapport.records.store import change
from rapport.records.testing import HOUSE

PAGE = "/setup/indexes/"
ROOM = registry.get("room")
FILL = """
INSERT INTO sample_room (id, name, created_at, updated_at, version, custom, area, seats)
SELECT gen_random_uuid(), 'Room ' || n, now(), now(), 1, '{}', n, 1
FROM generate_series(1, %s) AS n
"""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(advising, "SIZE", 100)
    yield
    for kind in ROOM.fields.values():
        kind.is_advised = False


def save_view(**values: Any) -> None:
    with change(HOUSE, via="test") as made:
        made.create("saved_view", {"name": {"en": "Mine"}, "object": "room", **values})


def fill(rows: int) -> None:
    with change(HOUSE, via="test"), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(FILL, [rows])


def advised() -> dict[tuple[str, str], Advice]:
    return {(one.served.kind.name, one.served.use): one for one in advice()}


@pytest.mark.django_db
def test_what_views_order_and_filter_by_is_advised_where_records_are_many() -> None:
    for _turn in range(2):
        save_view(sort_by="-area")
    save_view(condition={"field": "area", "op": "gte", "value": 4})
    save_view(condition={"any": [{"field": "area", "op": "gte", "value": 4}]}, sort_by="seats")
    assert advised() == {}
    fill(200)
    told = advised()
    assert {key: one.views for key, one in told.items()} == {
        ("area", "order"): 2, ("area", "filter"): 1,
    }  # fmt: skip
    assert not told["area", "order"].is_built


@pytest.mark.django_db
def test_only_owners_are_told_and_have_anything_built() -> None:
    save_view(sort_by="area")
    fill(200)
    name = advised()["area", "order"].served.name
    manager, owner = make_user("Max M", "manager"), signed_in(make_user())
    assert signed_in(manager).post(PAGE, {"do": "build", "name": name}).status_code == 403
    with pytest.raises(Denied):
        build_later(principal_of(manager), name)
    for odd in ({"do": "build", "name": "ax_nonsense"}, {"do": "explode", "name": name}, {}):
        assert owner.post(PAGE, odd).status_code == 422
    assert not Job.objects.exists()
    assert "Mine" not in owner.get(PAGE).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_worker_builds_an_index_lists_use_it_and_it_is_dropped_again() -> None:
    owner = signed_in(make_user())
    save_view(sort_by="area")
    fill(2_000)
    name = advised()["area", "order"].served.name
    assert not parse_sort("area", ROOM, frozenset(["area"])).indexed
    owner.post(PAGE, {"do": "build", "name": name})
    run_job(Job.objects.get().pk)
    assert Job.objects.get().state == "done"
    assert advised()["area", "order"].is_built
    assert "built" in owner.get(PAGE).content.decode()
    sort = parse_sort("area", ROOM, frozenset(["area"]))
    assert sort.indexed
    rows = Room.objects.filter(deleted_at=None).annotate(_key=sort.key).order_by("_key", "id")
    assert f"using {name}" in rows.values("pk")[:51].explain()
    Job.objects.all().delete()
    owner.post(PAGE, {"do": "drop", "name": name})
    run_job(Job.objects.get().pk)
    mark()
    assert not advised()["area", "order"].is_built
    assert not parse_sort("area", ROOM, frozenset(["area"])).indexed


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_an_advised_index_serves_a_filter_among_very_many() -> None:
    save_view(condition={"field": "area", "op": "is", "value": 4})
    fill(300_000)
    name = advised()["area", "filter"].served.name
    job = build_later(principal_of(make_user()), name)
    run_job(job.pk)
    assert f"using {name}" in Room.objects.filter(deleted_at=None, area=4).values("pk").explain()
