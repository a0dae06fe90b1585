"""Statements whose plan is kept give what they would give without."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from rapport.kit import plans
from rapport.kit.ids import uuid7

pytestmark = pytest.mark.django_db(transaction=True)
KEYS = (
    "SELECT one, %(word)s::text FROM unnest(%(keys)s::uuid[]) AS t (one) WHERE one = ANY (%(keys)s)"
)


@pytest.fixture(autouse=True)
def own_connection() -> Iterator[None]:
    """A session that has prepared nothing yet."""
    connection.close()
    yield
    connection.close()


def prepared() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements ORDER BY prepare_time, name")
        return [text for (text,) in cursor.fetchall()]


def mode() -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        return cursor.fetchone()


def test_a_kept_plan_takes_other_values_each_time() -> None:
    one, other = uuid7(), uuid7()
    before = mode()
    for keys in ([one], [other], [one, other], [], *[[other]] * 5):
        rows = plans.look_up(KEYS, {"word": "it's 5 %"}, {"keys": keys})
        assert rows == [(key, "it's 5 %") for key in keys]
    assert len(prepared()) == 1
    assert mode() == before


def test_within_a_transaction_nothing_is_kept() -> None:
    with transaction.atomic():
        before = mode()
        assert plans.look_up("SELECT %(n)s::int", {}, {"n": 7}) == [(7,)]
        assert mode() == before
        assert prepared() == []


def test_behind_a_pooler_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "IS_DIRECT", False)
    assert plans.look_up("SELECT %(n)s::int", {}, {"n": 7}) == [(7,)]
    assert prepared() == []


def test_what_can_not_be_prepared_runs_all_the_same() -> None:
    for number in (1, 2):
        rows = plans.look_up("SELECT jsonb_build_array(%(n)s)::text", {}, {"n": number})
        assert rows == [(f"[{number}]",)]
    assert prepared() == []


def test_a_table_may_change_under_its_plan() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE kept (n int)")
        cursor.execute("INSERT INTO kept VALUES (1)")
        assert plans.look_up("SELECT * FROM kept WHERE n = %(n)s", {}, {"n": 1}) == [(1,)]
        cursor.execute("ALTER TABLE kept ADD COLUMN more int DEFAULT 2")
        assert plans.look_up("SELECT * FROM kept WHERE n = %(n)s", {}, {"n": 1}) == [(1, 2)]
        assert plans.look_up("SELECT * FROM kept WHERE n = %(n)s", {}, {"n": 1}) == [(1, 2)]


def test_the_oldest_plans_are_forgotten() -> None:
    for number in range(plans.MOST + 3):
        plans.look_up(f"SELECT {number} WHERE %(n)s = 1", {}, {"n": 1})
    assert len(prepared()) == plans.MOST


def test_nothing_is_merged_where_few_are_looked_up() -> None:
    asked = "SELECT current_setting('enable_mergejoin') || %(mark)s::text"
    assert plans.look_up(asked, {}, {"mark": "!"}) == [("off!",)]
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_mergejoin")
        assert cursor.fetchone() == ("on",)
