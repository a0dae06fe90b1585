"""Conditions of measures: over records and what is related to them, over days and amounts."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from rapport.accounts.actions import NOBODY
from rapport.accounts.models import Workspace
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user
from rapport.records import access
from rapport.records.metadata.actions import change_field, remove_field
from rapport.records.rollups.recounting import count_dated, count_unlogged
from rapport.records.store import Rejected
from rapport.records.testing import HOUSE, create, update
from rapport.records.tests.fields import make_field
from rapport.records.tests.formulas import formula
from rapport.records.tests.rollups import counted, followed, inner, narrowed, value

pytestmark = pytest.mark.django_db(transaction=True)


def test_amounts_of_own_fields_are_measured_in_the_currency_of_the_workspace() -> None:
    make_field("money", "fee")
    create("exchange_rate", currency="JPY", day="2020-01-01", rate="0.5")
    house = create("room", name="House", fee="10 JPY")
    inner(house, fee="7")
    dear = inner(house, fee="30 JPY")
    formula("total", "sum(rooms.fee where fee>8)")
    formula("most", "max(rooms.fee)")
    formula("own", "base(fee) * 2")
    counted()

    ours = Workspace.objects.get().currency
    assert value(house) == value(house, "most") == (15, ours)
    assert value(house, "own") == (10, ours)
    create("exchange_rate", currency="JPY", day="2020-01-02", rate="0.25")
    count_unlogged()
    assert (value(house), value(house, "most"), value(house, "own")) == (
        (0, ours), (Decimal("7.5"), ours), (5, ours),
    )  # fmt: skip
    update("room", dear, fee="80 JPY")
    followed()
    assert value(house) == (20, ours)


def test_a_condition_may_lead_over_one_record_and_measures_over_measures() -> None:
    top = create("room", name="Top", shape="round")
    middle = create("room", name="Middle", parent=str(top))
    create("room", name="Leaf", parent=str(middle), seats="2")
    formula("own", "sum(rooms.seats)")
    formula("below", "sum(rooms.own)")
    formula("round_below", "count(rooms where parent.shape:round)")
    counted()
    assert (value(top, "below"), value(top, "round_below")) == (2, 1)

    create("room", name="Leaf 2", parent=str(middle), seats="5")
    update("room", top, shape="square")
    followed()

    assert (value(middle, "own"), value(top, "below"), value(top, "round_below")) == (7, 7, 0)


def test_a_condition_may_ask_for_what_is_related_to_the_related() -> None:
    house = create("room", name="House")
    wing = inner(house)
    first, second = (create("room", name="Cell", parent=str(wing), seats="1") for _n in range(2))
    formula("total", "count(rooms where count(rooms where seats>0)>1)")
    formula("let", "count(rooms where rooms:(rentals:(title:May)))")
    formula("bare", "count(rooms where -rooms:(seats>1))")
    counted()
    assert (value(house), value(house, "let"), value(house, "bare")) == (1, 0, 1)

    update("room", second, seats="0")
    rental = create("rental", title="May", about=f"room:{first}")
    followed()
    assert (value(house), value(house, "let")) == (0, 1)
    update("room", second, seats="2")
    update("rental", rental, title="June")
    followed()
    assert (value(house), value(house, "let"), value(house, "bare")) == (1, 0, 0)
    update("room", second, parent="")
    followed()
    assert (value(house), value(house, "bare")) == (0, 1)
    count_dated()
    # Whoever does not see all that is asked for does not see what was counted by it.
    narrow = narrowed(principal_of(make_user("Mia Member", role="member")), "rental")
    readable = access.fields(narrow, "room").readable
    assert "total" in readable
    assert "let" not in readable


def test_a_period_is_measured_anew_when_days_have_passed() -> None:
    house, today = create("room", name="House"), timezone.localdate()
    for days in (3, 40):
        inner(house, built=str(today - timedelta(days=days)))
    formula("total", "count(rooms where built:last_30_days) * 10 + count(rooms where built<today)")
    counted()

    assert value(house) == 12
    # As if so many days went by: nothing that was changed is followed here.
    for room in access.rows(HOUSE, "room").exclude(built=None):
        update("room", room.pk, built=str(room.built - timedelta(days=30)))
    assert count_unlogged() == 0
    assert count_dated() == 1
    assert value(house) == 2


def test_a_circle_over_related_records_is_refused() -> None:
    one = formula("one", "sum(rooms.seats)", label="One")
    formula("two", "sum(rooms.one)", label="Two")

    with pytest.raises(Rejected, match="“One” uses “Two”, which uses “One”"):
        change_field(one, {"formula": {"text": "sum(rooms.two)"}}, NOBODY)
    counted()
    by_condition = "count(rooms where count(rooms where two>0)>0)"
    with pytest.raises(Rejected, match="“One” uses “Two”, which uses “One”"):
        change_field(one, {"formula": {"text": by_condition}}, NOBODY)
    with pytest.raises(Rejected, match="“Two” use it"):
        remove_field(one, NOBODY)
