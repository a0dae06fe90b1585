"""Goals, calendars of other programs, coupons and imports tell nobody more than pages do.

Each goes by a door of access that is named in `access/elsewhere.txt`; with that door off it fails.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from rapport.accounts.actions import change_grants, create_team
from rapport.accounts.models import Role, User
from rapport.accounts.testing import make_user, signed_in
from rapport.activities.models import BookedHost, Booking
from rapport.catalog.actions import redeem_coupon
from rapport.contacts.tests.sharing import NARROW, asking, narrow
from rapport.records.imports.drafting import draft, keep_upload
from rapport.records.testing import HOUSE, create, make_sample
from tests.access.things import upload
from tests.test_access_asides import NOTHING, hide

pytestmark = pytest.mark.django_db


def feed_of(user: User) -> str:
    page = signed_in(user).post("/account/calendar/", {"do": "open"}).content.decode()
    found = re.search(r"/calendar/feed/[^\"]+\.ics", page)
    assert found
    return Client().get(f"{found[0]}?tasks=1").content.decode()


def test_a_calendar_for_others_has_what_its_owner_sees_and_no_more() -> None:
    host, soon = narrow("Hana Host"), (timezone.now() + timedelta(days=1)).isoformat()
    theirs = create("meeting", subject="Board", owner=make_user("Otto").pk, start=soon)
    booking = Booking.objects.create(
        page_id=make_sample("booking_page", 1), meeting_id=theirs,
        person_id=make_sample("person", 1), name="Vera", email="vera@example.com", language="en",
        timezone="UTC", digest="d", sealed="s",
    )  # fmt: skip
    BookedHost.objects.create(booking=booking, user=host)
    create("meeting", subject="Visit", owner=host.pk, start=soon)
    create("task", subject="Write", owner=host.pk, due=soon)
    told = feed_of(host)
    assert ("Visit" in told, "Write" in told, "Board" in told) == (True, True, False)
    hide(host, "meeting", place="hidden")
    hide(host, "task", due="hidden")
    told = feed_of(host)
    assert ("Visit" in told, "Write" in told) == (False, False)


def test_goals_are_told_to_who_sees_them_and_counted_of_what_he_sees() -> None:
    ana, began = make_user("Ana Ruiz"), str(timezone.localdate() - timedelta(days=60))
    goal: dict[str, Any] = {"owner": ana.pk, "span": "week", "begins": began, "how_many": "4"}
    create("goal", counts="calls", **goal)
    create("call", owner=ana.pk, at=timezone.now().isoformat())
    whole = signed_in(ana).get("/api/v1/sales/goals?of=me").json()["data"]
    assert [one["done"] for one in whole] == ["1"]
    address = f"/api/v1/sales/goals?of=team:{create_team('North', [ana.pk]).pk}"
    nobody = signed_in(narrow("Noa Nobody", **NOTHING))
    assert nobody.get("/sales/goals/").status_code == 403
    assert nobody.get("/api/v1/sales/goals").status_code == 403
    assert signed_in(narrow("Nia Narrow")).get(address).json()["data"] == []
    seeing = narrow("Sia Seeing")
    grant(seeing, "goal", view="all")
    part = signed_in(seeing).get(address).json()["data"]
    assert [one["done"] for one in part] == ["0"]
    grant(seeing, "call", view="none")
    assert signed_in(seeing).get(address).json()["data"] == []


def grant(user: User, name: str, **scopes: str) -> None:
    change_grants(Role.objects.get(pk=user.role_id), {name: NARROW | scopes})


def test_a_coupons_uses_are_told_to_who_reads_how_often_it_was_used() -> None:
    reader = make_user("Rita Reader", "manager")
    coupon = create("discount", name="TWO", code="TWO", percent="5")
    redeem_coupon(HOUSE, "TWO", "company", create("company", name="Nordwind"))
    page = f"/discounts/{coupon}/"
    assert "Nordwind" in signed_in(reader).get(page).content.decode()
    hide(reader, "discount", used="hidden")
    assert "Nordwind" not in signed_in(reader).get(page).content.decode()


def test_an_import_of_ones_own_is_closed_with_the_right_to_import() -> None:
    user = narrow("Ines Import")
    grant(user, "person", create="own", **{"import": "own"})
    place = keep_upload(upload("rows.csv", b"Name\r\nAda\r\n"))
    run = draft(asking(user), "person", "rows.csv", place)
    pages = [f"/import/run/{run.pk}/{one}" for one in ("", "problems/")]
    assert [signed_in(user).get(one).status_code for one in pages] == [200, 302]
    grant(user, "person", create="own", **{"import": "none"})
    assert [signed_in(user).get(one).status_code for one in pages] == [403, 403]
