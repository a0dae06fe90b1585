"""Records on the days of a month."""

from __future__ import annotations

from datetime import date

import pytest

from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.records.store import change

pytestmark = pytest.mark.django_db


def test_a_record_stands_on_its_day_and_in_its_month_only() -> None:
    owner = make_user()
    with change(principal_of(owner), via="test") as made:
        made.create("room", {"name": "Blue room", "built": date(2026, 2, 28)})
    client = signed_in(owner)
    shown = client.get("/rooms/calendar/?_month=2026-02").content.decode()
    day = shown[shown.index('datetime="2026-02-28"') :]
    assert "Blue room" in day[: day.index("</td>")]
    assert "Blue room" not in client.get("/rooms/calendar/?_month=2026-05").content.decode()


@pytest.mark.parametrize("page", ["calendar", "timeline"])
@pytest.mark.parametrize("month", ["nonsense", "0001-01", "9999-12"])
def test_a_month_nobody_lives_in_is_this_month(page: str, month: str) -> None:
    shown = signed_in(make_user()).get(f"/rooms/{page}/", {"_month": month})
    assert shown.status_code == 200


def test_what_one_may_not_see_is_not_on_the_calendar_and_an_object_without_one_has_none() -> None:
    with change(principal_of(make_user()), via="test") as made:
        made.create("rental", {"title": "Hidden"})
    assert signed_in(make_user("Ana Ruiz")).get("/rentals/calendar/").status_code == 404
