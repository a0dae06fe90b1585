"""What was restored speaks once an owner lets it, and says what waited or does not."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from rapport.accounts.actions import send_mail_to_user
from rapport.accounts.jobs import answer_reset, mail_link, mail_user
from rapport.accounts.models import User, Workspace
from rapport.accounts.quiet import held_letters
from rapport.accounts.testing import make_user, signed_in
from rapport.automation.models import Delivery, Webhook
from rapport.automation.tests.making import hear, make_delivery, make_webhook
from rapport.automation.webhooks.due import claim
from rapport.records.testing import create

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_one_go")]
SPEAK = "/setup/webhooks/speak/"


@pytest.fixture
def owner() -> User:
    return make_user()


@pytest.fixture
def held(owner: User) -> Webhook:
    """A webhook with something that waits, as `rapport restore` leaves it."""
    webhook = make_webhook("https://hooks.example/in", owner)
    make_delivery(webhook)
    now = timezone.now()
    Workspace.objects.update(quiet_since=now, mail_host="192.0.2.1", mail_from="a@b.example")
    Webhook.objects.update(off_at=now, off_reason=Webhook.Reason.RESTORED)
    return webhook


def letters() -> list[tuple[str, str, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, queue_name, scheduled_at IS NULL FROM procrastinate_jobs "
            "WHERE task_name LIKE 'accounts.mail%%' ORDER BY id"
        )
        return cursor.fetchall()


def test_what_it_hears_waits_and_is_sent_once_an_owner_says_so(owner: User, held: Webhook) -> None:
    create("person", first_name="Ada", last_name="Lind")
    hear()
    assert [one.state for one in Delivery.objects.all()] == ["waiting", "waiting"]
    assert claim({}) == []
    web = signed_in(owner)
    for page in ("/setup/", "/setup/webhooks/", "/setup/mail/", f"/setup/webhooks/{held.pk}/"):
        assert SPEAK in web.get(page).content.decode(), page
    web.post(SPEAK)
    assert len(claim({})) == 2
    assert SPEAK not in web.get("/setup/webhooks/").content.decode()


def test_or_it_goes_on_without_what_waited(owner: User, held: Webhook) -> None:
    mail_user(str(owner.pk), "Due", "A task")
    signed_in(owner).post(SPEAK, {"without": "1"})
    held.refresh_from_db()
    assert held.is_on
    assert claim({}) == []
    assert list(Delivery.objects.values_list("state", "payload")) == [("withheld", "")]
    assert letters() == []


def test_letters_wait_as_well(owner: User, held: Webhook) -> None:
    mail_user(str(owner.pk), "Due", "A task")
    mail_link(str(owner.pk), "reset")
    answer_reset(owner.email, None, "en")
    waiting = [("accounts.mail_user", "held", False), ("accounts.mail_link", "held", False)]
    assert letters() == waiting
    assert held_letters() == 2
    signed_in(owner).post(SPEAK)
    assert letters() == [(name, "mail", True) for name, _queue, _now in waiting]
    send_mail_to_user(owner, "Due", "Another")
    assert letters()[-1] == ("accounts.mail_user", "mail", True)


def test_a_manager_sees_that_it_is_quiet_and_only_an_owner_ends_it(held: Webhook) -> None:
    manager = signed_in(make_user("Max Muster", "manager"))
    page = manager.get("/setup/webhooks/").content.decode()
    assert "An owner can let it go on." in page
    assert SPEAK not in page
    assert manager.post(SPEAK).status_code == 403
    assert Workspace.objects.get().quiet_since
