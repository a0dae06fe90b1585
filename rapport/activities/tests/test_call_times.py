"""The best time to call: learned from what was answered, by the clock where it rings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from rapport.accounts.actions.roles import change_field_levels
from rapport.accounts.models import Role
from rapport.accounts.principals import Grant, Principal, Scope
from rapport.accounts.testing import make_user, signed_in
from rapport.activities.actions import learn_call_times
from rapport.activities.calling.chances import HOURS, good_hours, of_country, of_person
from rapport.activities.calling.timing import CallTime, Facts, time_of, zone_of
from rapport.activities.models import CallPattern, CallRules
from rapport.contacts.parts.country import codes
from rapport.kit.ids import uuid7
from rapport.kit.zones import zone_of_number, zones_of_countries
from rapport.records import registry
from rapport.records.kinds import Invalid
from rapport.records.metadata.noticing import refresh
from rapport.records.testing import HOUSE, create, read, reader, why

NEW_YORK = ZoneInfo("America/New_York")
MONDAY, TUESDAY = 0, 1


def past(weekday: int, hour: int, weeks: int, zone: ZoneInfo = NEW_YORK) -> str:
    """The hour on that weekday some weeks ago, where the zone is."""
    today = timezone.localdate(timezone=zone)
    day = today - timedelta(days=today.weekday() - weekday + 7 * weeks)
    return datetime(day.year, day.month, day.day, hour, 5, tzinfo=zone).isoformat()


def call(person: UUID, at: str, outcome: str, **more: Any) -> UUID:
    about = [f"person:{person}"]
    return create("call", subject="Call", at=at, outcome=outcome, about=about, **more)


@pytest.fixture
def ada(db: Any) -> UUID:
    """Nobody reaches her but on Tuesdays at eleven."""
    made = create("person", first_name="Ada", country="US", phones="+1 212 555 0100")
    for week in range(2, 8):
        call(made, past(TUESDAY, 11, week), "reached")
        call(made, past(TUESDAY, 15, week), "no_answer")
        call(made, past(MONDAY, 10, week), "busy")
        call(made, past(MONDAY, 16, week), "left_message")
    learn_call_times()
    return made


def best(person: UUID, by: Principal = HOUSE) -> CallTime | None:
    found: CallTime | None = read("person", person, "call_time", by)
    return found


def test_it_is_when_calls_were_answered_by_the_clock_where_it_rings(ada: UUID) -> None:
    found = best(ada)
    assert found is not None
    there = found.next.astimezone(NEW_YORK)
    assert (there.weekday(), there.hour) == (TUESDAY, 11)
    assert (found.zone, found.by) == ("America/New_York", "number")
    assert (found.tried, found.answered) == (24, 6)
    lines = {label: text for label, text, _url in why("person", ada, "call_time").lines}
    assert lines["Calls with this person"] == "6 of 24 answered"
    assert "11:00" in lines["New York"]
    assert lines["United States"] == "6 of 24 answered"


def test_a_person_never_called_has_the_pattern_of_his_country(ada: UUID) -> None:
    other = create("person", first_name="Bob", country="US")
    found = best(other)
    assert found is not None
    assert found.next.astimezone(NEW_YORK).hour == 11
    assert (found.by, found.tried, found.others) == ("country", 0, (24, 6))


def test_nothing_is_said_from_a_few_calls(db: Any) -> None:
    made = create("person", first_name="Ada", country="US")
    call(made, past(TUESDAY, 11, 2), "reached")
    learn_call_times()
    assert best(made) is None
    assert CallPattern.objects.get(country="US").tried == 1


def test_private_calls_and_calls_that_one_does_not_see_are_not_told_of(ada: UUID) -> None:
    owner = str(make_user("Ida").pk)
    for week in range(2, 30):
        call(ada, past(MONDAY, 9, week), "reached", private="nothing", owner=owner)
    learn_call_times()
    assert CallPattern.objects.get(country="US").tried == 24
    stranger = Principal(
        "staff", uuid7(), grants={"*": Grant(view=Scope.ALL), "call": Grant(view=Scope.OWN)}
    )
    found = best(ada, stranger)
    assert found is not None
    assert found.tried == 0
    assert found.next.astimezone(NEW_YORK).weekday() == TUESDAY


def test_whoever_may_not_read_outcomes_reads_nothing_made_of_them(ada: UUID) -> None:
    user = make_user("Eve", role="member")
    address = f"/api/v1/people/{ada}?columns=call_time"
    assert "call_time" in signed_in(user).get(address).json()
    change_field_levels(Role.objects.get(pk=user.role_id), "call", {"outcome": "hidden"})
    refresh()
    assert "call_time" not in signed_in(user).get(address).json()


def test_programs_get_moments_and_what_they_rest_on(ada: UUID) -> None:
    told = signed_in(make_user()).get(f"/api/v1/people/{ada}?columns=call_time").json()["call_time"]
    assert (told["calls"], told["answered"], told["timezone"]) == (24, 6, "America/New_York")
    assert datetime.fromisoformat(told["next"]).astimezone(NEW_YORK).hour == 11


def test_hours_outside_those_allowed_are_never_told(ada: UUID) -> None:
    user = make_user()
    sent = {"day_5": "08:00-09:30", "keeps_holidays": ""}
    assert signed_in(user).post("/setup/calling/", sent).status_code == 302
    found = best(ada)
    assert found is not None
    there = found.next.astimezone(NEW_YORK)
    assert (there.isoweekday(), there.hour, found.until - found.next) == (5, 8, timedelta(hours=1))
    CallRules.objects.update(week={})
    assert best(ada) is None
    refused = signed_in(user).post("/setup/calling/", {"day_1": "early"})
    assert refused.status_code == 422


def facts(country: str = "DE", week: Any = None, number: str = "") -> Facts:
    rules = (week or {"5": [[540, 1020]]}, True)
    even = (100, 50, [500] * HOURS)
    return Facts(country, number, "UTC", rules, even, even)


def test_holidays_are_passed_over_and_named() -> None:
    before = datetime(2026, 12, 24, 12, tzinfo=UTC)
    found = time_of(facts(), [], before)
    assert found is not None
    assert found.next == datetime(2027, 1, 8, 8, tzinfo=UTC)
    assert [str(day) for day, _name in found.holidays] == ["2026-12-25", "2027-01-01"]
    kept = facts()
    assert kept.rules is not None
    everyday = Facts("DE", "", "UTC", (kept.rules[0], False), kept.there, kept.everywhere)
    open_ = time_of(everyday, [], before)
    assert open_ is not None
    assert open_.next.day == 25


def test_hours_that_have_begun_are_now_and_clocks_change_where_it_rings() -> None:
    in_hours = datetime(2026, 11, 27, 10, 30, tzinfo=UTC)
    found = time_of(facts(), [], in_hours)
    assert found is not None
    assert found.is_now
    assert (found.next.hour, found.until.hour) == (8, 16)
    summer = time_of(facts(), [], datetime(2026, 7, 2, tzinfo=UTC))
    assert summer is not None
    assert summer.next == datetime(2026, 7, 3, 7, tzinfo=UTC)


def test_the_reader_is_told_by_his_own_clock(ada: UUID) -> None:
    kind = registry.get("person").fields["call_time"]
    found = best(ada)
    assert found is not None
    said = kind.plain(found, reader())
    local = found.next.astimezone(reader().timezone)
    assert f"{local.hour % 12 or 12}:00" in said
    assert "New York" in kind.show(found, reader())


CALLS = st.lists(st.tuples(st.integers(0, HOURS - 1), st.booleans()), max_size=40)
BEFORE = st.lists(st.floats(0.01, 0.99), min_size=HOURS, max_size=HOURS)


@given(CALLS, st.integers(0, HOURS - 1))
def test_chances_are_chances_and_an_answer_never_lowers_one(
    calls: list[tuple[int, bool]], hour: int
) -> None:
    before = [0.3] * HOURS
    found = of_person(calls, before)
    more = of_person([*calls, (hour, True)], before)
    assert all(0 < one < 1 for one in found)
    assert all(new >= old for new, old in zip(more, found, strict=True))


def test_much_is_believed_more_than_little() -> None:
    everybody = [0.5] * HOURS
    few, many = of_country({10: (2, 0)}, everybody), of_country({10: (200, 0)}, everybody)
    assert 0.4 < few[10] < 0.5
    assert many[10] < 0.1


def test_hours_as_good_as_the_best_stand_together_within_a_day() -> None:
    chances = [0.1] * HOURS
    for hour in (23, 24, 25, 30):
        chances[hour] = 0.6
    assert good_hours(chances, range(HOURS)) == [range(23, 24), range(24, 26), range(30, 31)]
    assert good_hours(chances, []) == []


def test_each_country_has_a_zone_that_the_clock_knows() -> None:
    zones = zones_of_countries()
    for zone in zones.values():
        ZoneInfo(zone)
    # The Antarctic, and islands of few people or none.
    assert set(codes()) - set(zones) == {"AC", "AQ", "BV", "CP", "CQ", "DG", "HM", "TA", "UM"}
    assert zone_of_number("+4930123456") == "Europe/Berlin"
    assert zone_of_number("+1") == zone_of_number("nothing") == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "kept"),
    [("lisbon", "Europe/Lisbon"), ("europe_slash_berlin", "Europe/Berlin"),
     ("America/New York", "America/New_York"), ("", "")],
)  # fmt: skip
def test_somebodys_own_time_zone_goes_before_number_and_country(typed: str, kept: str) -> None:
    ada = create("person", name="Ada", country="DE", time_zone=typed)
    assert read("person", ada, "time_zone") == kept
    told = zone_of(replace(facts(number="+12125550100"), own_zone=kept))
    assert told == ((kept, "person") if kept else ("America/New_York", "number"))


@pytest.mark.django_db
def test_a_time_zone_that_is_none_is_refused_with_an_example() -> None:
    with pytest.raises(Invalid, match="is no time zone"):
        create("person", name="Ada", time_zone="Middle Earth")
