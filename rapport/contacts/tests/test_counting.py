"""How many records there are for somebody: each once, and found by indexes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.accounts.models import User
from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.tests.sharing import give
from rapport.contacts.tests.test_rules import holding, reached
from rapport.records.reading import counting
from rapport.records.testing import create
from rapport.records.tests.api import Program

pytestmark = pytest.mark.django_db
BREWERS = {"field": "company.industry", "op": "is", "value": "Brewery"}
MINE = {"field": "owner", "op": "is", "value": "me"}
RULES: list[Any] = [BREWERS, {"any": [BREWERS, MINE]}]


@pytest.fixture
def mia() -> User:
    return make_user("Mia Member", "member")


def people_of(mia: User) -> dict[str, UUID]:
    """One person for each ground and for two of them, and one for none."""
    firm = create("company", name="Sol", industry="Brewery")
    made = {
        "both": create("person", name="Ann A", company=str(firm), city="Cork"),
        "ruled": create("person", name="Bea B", company=str(firm)),
        "shared": create("person", name="Cid C", city="Cork"),
        "mine": create("person", name="Dan D", owner=str(mia.pk)),
        "none": create("person", name="Eva E", city="Cork"),
    }
    for one in ("both", "shared"):
        give(made[one], "user", mia.pk, name="person")
    return made


@pytest.mark.parametrize("rule", RULES)
def test_a_record_that_several_grounds_reach_is_counted_once(mia: User, rule: Any) -> None:
    people = people_of(mia)
    held = holding(mia, "person", {"view": "rule"}, {"view": rule})
    seen = reached(held, "person")
    assert {people["both"], people["ruled"], people["shared"]} <= seen
    assert people["none"] not in seen
    program = Program(mia)
    assert program.get("/people").json()["total"]["value"] == len(seen)
    assert program.get("/people?city=Cork").json()["total"]["value"] == 2
    page = signed_in(mia).get("/people/").text
    assert f"<b>{len(seen)}</b>" in page


def test_what_would_be_dear_to_count_is_about_as_many_as_the_planner_thinks(
    mia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    people_of(mia)
    holding(mia, "person", {"view": "rule"}, {"view": BREWERS})
    monkeypatch.setattr(counting, "DEAR", 0)
    browser = signed_in(mia)
    with CaptureQueriesContext(connection) as captured:
        page = browser.get("/people/?city=Cork").text
    assert "about <b>" in page
    assert not any("AS counted" in one["sql"] for one in captured.captured_queries)
    assert "about <b>" not in signed_in(make_user()).get("/people/?city=Cork").text


def test_who_reaches_by_a_rule_is_counted_from_the_records_that_it_leads_to(mia: User) -> None:
    people_of(mia)
    holding(mia, "person", {"view": "rule"}, {"view": BREWERS})
    browser = signed_in(mia)
    with CaptureQueriesContext(connection) as captured:
        browser.get("/people/")
    (counted,) = [one["sql"] for one in captured.captured_queries if "AS counted" in one["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + counted)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    # A subplan beside an OR is asked of every person there is.
    assert "SubPlan" not in plan, plan
    assert "UNION" in counted
