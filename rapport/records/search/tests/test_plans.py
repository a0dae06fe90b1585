"""A search looks words up, however many records there are, and before it knows the letters."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from rapport.accounts.principals import Scope
from rapport.accounts.testing import make_user
from rapport.records import access, registry
from rapport.records.compiled import Compiled
from rapport.records.models import SearchShape
from rapport.records.search.documents import shape
from rapport.records.search.finding import find
from rapport.records.search.frequency import any_frequent, figures
from rapport.records.search.testing import own_only
from rapport.records.search.tiers import Tier, Way, kept_query
from rapport.records.testing import HOUSE

pytestmark = pytest.mark.django_db(transaction=True)
FILL = """
INSERT INTO sample_room (id, name, owner_id, created_at, updated_at, version, seats)
SELECT uuidv7(), CASE WHEN n %% 10 = 0 THEN 'Magdalena ' ELSE 'Room ' END || left(md5(n::text), 6),
       CASE WHEN n %% 2000 = 0 THEN %(owner)s::uuid END, now(), now(), 1, 1
FROM generate_series(1, %(rows)s) AS n"""
WORDS = """
INSERT INTO records_searchdocument (id, object, words)
SELECT id, 'room', rapport_document('room', name, '') FROM sample_room"""
EVERY = (Tier.EXACT, Tier.BEGINNING, Tier.NAME, Tier.TEXT)
OTHERS = (Tier.INSIDE, Tier.NEAR, Tier.FAR)


def generic_plan(way: Way, reached: access.Reach) -> str:
    """How the database works off the statement before it knows what was typed."""
    query = kept_query(registry.edition(), "room", reached, way)
    places = dict.fromkeys(re.findall(r"%\((\w+)\)s", query.text))
    known = {name: sql.Literal(value).as_string() for name, value in query.values.items()}
    asked = {name: f"${at}" for at, name in enumerate((p for p in places if p not in known), 1)}
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (GENERIC_PLAN, COSTS OFF) " + query.text % (known | asked))
        return "\n".join(line for (line,) in cursor.fetchall())


def fill(url: str, rows: int) -> UUID:
    """So many rooms with their documents, one in 2,000 of them a colleague's: who that is."""
    mia = make_user("Mia Mine")
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("ALTER TABLE sample_room DISABLE TRIGGER USER")
        psycopg.ClientCursor(owner).execute(FILL, {"owner": mia.pk, "rows": rows})
        owner.execute(WORDS)
        owner.execute("ALTER TABLE sample_room ENABLE TRIGGER USER")
        owner.execute("ANALYZE sample_room, records_searchdocument")
    room = registry.get("room")
    SearchShape.objects.create(object="room", digest=shape(room), is_ready=True)
    return mia.pk


def test_each_tier_has_its_index(owner_database_url: str) -> None:
    me = own_only(fill(owner_database_url, 20_000))
    plan = generic_plan(Way(EVERY), access.Reach(Scope.ALL))
    assert plan.count("Bitmap Index Scan on search_words") == 4, plan
    assert len(re.findall(r"Index (?:Only )?Scan (?:using|on) rx_sample_roo_name_\w+s", plan)) == 2
    assert not re.search("Seq Scan|Gather", plan), plan
    plan = generic_plan(Way(OTHERS), access.Reach(Scope.ALL))
    assert plan.count("Bitmap Index Scan on search_words") == 3, plan
    plan = generic_plan(Way(EVERY, is_narrow=True), access.reach(me, registry.get("room")))
    assert not re.search("Seq Scan|Gather|search_words", plan), plan


@pytest.mark.long
def test_a_million_records_are_never_read_through(owner_database_url: str) -> None:
    me = own_only(fill(owner_database_url, 1_000_000))
    for way in (Way(EVERY), Way(OTHERS)):
        plan = generic_plan(way, access.Reach(Scope.ALL))
        assert not re.search("Seq Scan|Gather", plan), plan
    plan = generic_plan(Way(EVERY, is_narrow=True), access.reach(me, registry.get("room")))
    assert not re.search("Seq Scan|Gather|search_words", plan), plan
    for by in (HOUSE, me):
        hits = find(by, "magdalena", only="room", most=20)
        assert len(hits) == 20
        assert {hit.tier for hit in hits} == {Tier.BEGINNING}


def test_what_nearly_all_have_is_known_for_it(owner_database_url: str) -> None:
    fill(owner_database_url, 2_000)
    figures.cache_clear()
    assert any_frequent(["room"], ["person", "room"], "=")
    assert any_frequent(["ro"], ["room"], "=-")
    assert not any_frequent(["magdalena"], ["room"], "=-"), "one in ten"
    assert any_frequent(["magdalena", "ro"], ["room"], "=-"), "all with it are gathered first"
    assert not any_frequent(["room"], ["room"], "-"), "in names only"
    assert not any_frequent(["room"], ["person"], "=-")
    assert len(find(HOUSE, "roo", only="room", most=6)) == 6
    figures.cache_clear()


@pytest.mark.parametrize(("typed", "is_kept"), [("magdalena", True), ("20 0012 34", False)])
def test_a_part_of_a_number_is_planned_for_itself(
    monkeypatch: pytest.MonkeyPatch, typed: str, *, is_kept: bool
) -> None:
    asked = list[Compiled]()

    def look_up(self: Compiled, **given: object) -> list[tuple[Any, ...]]:
        asked.append(self)
        return self.run(**given)

    monkeypatch.setattr(Compiled, "look_up", look_up)
    figures.cache_clear()
    find(HOUSE, typed)
    kept = [one.text for one in asked]
    assert any("contacts_person" in one for one in kept) is is_kept
    assert any("sales_deal" in one for one in kept), "a deal has no number to call"
