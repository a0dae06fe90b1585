"""People say themselves when they are away, and whom they report to says it for them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from rapport.accounts.models import Absence, User
from rapport.accounts.testing import make_user, signed_in

pytestmark = pytest.mark.django_db
DAYS = {"first_day": "2099-01-05", "last_day": "2099-01-09"}


@pytest.fixture
def ada() -> User:
    made = make_user("Ada", "member")
    User.objects.filter(pk=made.pk).update(manager=make_user("Mia", "member"))
    return made


@pytest.fixture
def web(ada: User) -> Client:
    return signed_in(ada)


def test_one_enters_ones_own_days_and_a_deputy(web: Client, ada: User) -> None:
    bea = make_user("Bea", "member")
    answer = web.post("/account/absences/", {"user": str(bea.pk), **DAYS})
    assert answer.status_code == 422
    wrong = {**DAYS, "last_day": "2099-01-01", "user": str(ada.pk)}
    page = web.post("/account/absences/", wrong).content.decode()
    assert "before the first" in page
    assert 'value="2099-01-05"' in page
    web.post("/account/absences/", {"user": str(ada.pk), "deputy": str(bea.pk), **DAYS})
    assert "Bea stands in" in web.get("/account/absences/").content.decode()
    kept = Absence.objects.get()
    assert signed_in(bea).post(f"/account/absences/{kept.pk}/remove/").status_code == 404
    assert Absence.objects.exists()
    web.post(f"/account/absences/{kept.pk}/remove/")
    assert not Absence.objects.exists()


def test_whom_one_reports_to_enters_them_too_and_programs_do(ada: User) -> None:
    manager = signed_in(User.objects.get(name="Mia"))
    manager.post("/account/absences/", {"user": str(ada.pk), **DAYS})
    assert "Ada" in manager.get("/account/absences/").content.decode()

    def post(web: Client, **said: Any) -> Any:
        body = {"user": str(ada.pk), **DAYS, **said}
        return web.post("/api/v1/absences", body, content_type="application/json")

    assert post(signed_in(make_user("Cid", "member"))).status_code == 422
    assert post(manager, first_day="2099-02-31").status_code == 422
    assert post(manager, deputy=str(ada.pk)).status_code == 422
    made = post(manager, first_day="2099-01-01").json()
    listed = manager.get("/api/v1/absences").json()["data"]
    assert [one["first_day"] for one in listed] == ["2099-01-01", "2099-01-05"]
    assert manager.delete(f"/api/v1/absences/{made['id']}").status_code == 204
    assert Absence.objects.count() == 1
