"""Lists by a rule, gone through in their order: the same rows as if they were found and sorted."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from rapport.accounts.principals import Grant, Principal, Scope, principal_of
from rapport.accounts.testing import make_user
from rapport.contacts.models import Person
from rapport.records import registry
from rapport.records.reading import Source, Total, context_for, read_page, turning, walking
from rapport.records.reading.crossing import settled_order
from rapport.records.reading.selection import Selection, read_selection
from rapport.records.sharing import Holder, share
from rapport.records.store import change
from rapport.records.testing import HOUSE, create, update

pytestmark = pytest.mark.django_db
PERSON = registry.get("person")
BREWERS = {"field": "company.industry", "op": "is", "value": "Brewery"}


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty people are as many as a million, of whose names every fifth is known."""
    bounds = tuple(f"p{number:02} x" for number in range(0, 40, 5))
    monkeypatch.setattr(walking, "MOST", 20)
    monkeypatch.setattr(turning, "MOST", 20)
    monkeypatch.setattr(walking, "LEAST", 1)
    monkeypatch.setattr(walking, "_order_of", lambda _index: walking.Order(40, bounds))


@pytest.fixture
def firms() -> list[UUID]:
    """A brewery, a bakery and a firm of which nobody knows what it does, with people."""
    branches = ("Brewery", "Bakery", "")
    made = [create("company", name=f"Firm {one}", industry=one) for one in branches]
    people = [
        {"name": f"P{number:02} x", "company": made[number % 3] if number < 30 else None}
        for number in range(40)
    ]
    with change(HOUSE, via="test") as many:
        many.create_many("person", people)
    return made


def asker(*shared: UUID) -> Principal:
    """Who reaches the people of breweries, and what is shared with him."""
    mia = make_user("Mia Member", "member")
    with change(HOUSE, via="test") as made:
        for one in shared:
            share(made, "person", one, Holder("user", mia.pk, mia.name), "view")
    found = principal_of(mia)
    rules = {"person": {"view": (json.dumps(BREWERS),)}}
    return replace(found, grants={**found.grants, "person": Grant(view=Scope.RULE)}, rules=rules)


def pages(
    selection: Selection, rows: Source, *, among: int, crossed: Collection[str] = ()
) -> Iterator[list[str]]:
    """The names on each page of four, forwards."""
    sort, after = settled_order(selection.sort, crossed, Total(among, True)), ""
    while True:
        page = read_page(rows, PERSON, ["name"], sort, selection.context, after=after, limit=4)
        yield [str(row.values["name"]) for row in page.rows]
        if not page.next:
            return
        after = page.next


def test_pages_gone_through_are_those_that_are_found(firms: list[UUID]) -> None:
    far = Person.objects.get(name="P38 x").pk
    who = asker(far)
    expected = [f"P{number:02} x" for number in range(0, 30, 3)] + ["P38 x"]
    for sort in ("name", "-name"):
        selection = read_selection(QueryDict(f"sort={sort}"), PERSON, context_for(who), ["name"])
        rows = selection.source()
        found = list(pages(selection, rows, among=0))
        assert [name for page in found for name in page] == sorted(expected, reverse=sort < "a")
        # As many as there are reckoned, so far a page goes: far enough, or in vain.
        for among, is_in_vain in ((15, False), (40, True)):
            with CaptureQueriesContext(connection) as captured:
                assert list(pages(selection, rows, among=among)) == found
            asked = [one["sql"] for one in captured.captured_queries]
            assert sum("LIMIT 1) IS NOT NULL" in one for one in asked) == len(found) == 3
            assert any("EXISTS(" in one for one in asked) == is_in_vain


def test_who_is_ruled_loses_sight_in_the_moment_the_rule_does_not_hold(firms: list[UUID]) -> None:
    selection = read_selection(QueryDict(), PERSON, context_for(asker()), ["name"])
    rows = selection.source()
    assert len([name for page in pages(selection, rows, among=15) for name in page]) == 10
    update("company", firms[0], industry="Bakery")
    assert list(pages(selection, rows, among=15)) == [[]]
    update("company", firms[2], industry="Brewery")
    assert len([name for page in pages(selection, rows, among=15) for name in page]) == 10
    with change(HOUSE, via="test") as made:
        made.trash("company", [firms[2]])
    assert list(pages(selection, rows, among=15)) == [[]]


def test_a_field_of_one_s_own_is_gone_past_in_the_order_of_names(firms: list[UUID]) -> None:
    mia = make_user("Mia Member", "member")
    theirs = Person.objects.filter(name__lt="P2").values_list("pk", flat=True)
    with change(HOUSE, via="test", title="Give") as made:
        made.update_many("person", list(theirs), {"owner": mia.pk})
    who = principal_of(mia)
    who = replace(who, grants={**who.grants, "person": Grant(view=Scope.OWN)})
    selection = read_selection(QueryDict(), PERSON, context_for(who), ["name"])
    rows = selection.source()
    with CaptureQueriesContext(connection) as captured:
        walked = list(pages(selection, rows, among=15, crossed={"segment"}))
    # What is found is sorted by this, past the index of the order.
    assert not any("COALESCE(rapport_sort(" in one["sql"] for one in captured.captured_queries)
    with CaptureQueriesContext(connection) as captured:
        assert walked == list(pages(selection, rows, among=2, crossed={"segment"}))
    assert any("COALESCE(rapport_sort(" in one["sql"] for one in captured.captured_queries)
    assert len(walked) == 5


def test_what_an_index_holds_in_order_is_asked_one_by_one_where_it_is_near(
    firms: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "LEAST", 1000)
    monkeypatch.setattr(turning, "ordered_rows", lambda _query, **_given: 40)
    selection = read_selection(QueryDict(), PERSON, context_for(asker()), ["name"])
    rows = selection.source()
    with CaptureQueriesContext(connection) as captured:
        near = list(pages(selection, rows, among=30))
    assert all("LIMIT 1) IS NOT NULL" in one["sql"] for one in captured.captured_queries)
    with CaptureQueriesContext(connection) as captured:
        assert list(pages(selection, rows, among=1)) == near
    assert not any("LIMIT 1) IS NOT NULL" in one["sql"] for one in captured.captured_queries)


def test_few_of_many_are_found_and_not_gone_for() -> None:
    assert walking.passed_for(51, 10, 40) is None
    assert walking.passed_for(2, 10, 40) == 8
