from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from rapport.accounts.actions import (
    change_password,
    deactivate,
    invite,
    issue_link,
    reactivate,
)
from rapport.accounts.models import OneTimeLink, User, Workspace
from rapport.accounts.testing import PASSWORD, make_user, signed_in

pytestmark = pytest.mark.django_db

RESET = OneTimeLink.Purpose.RESET
NEW = {"password": "a quite different one"}


def test_a_reset_link_gives_a_new_password_once() -> None:
    user = make_user()
    other_browser = signed_in(user)
    secret = issue_link(user, RESET)
    client = Client()
    assert b"Choose a new password" in client.get(f"/reset/{secret}/").content
    assert client.post(f"/reset/{secret}/", NEW)["Location"] == "/login/"
    assert other_browser.get("/account/").status_code == 302
    assert client.login(username=user.email, password=NEW["password"])
    assert client.post(f"/reset/{secret}/", {"password": "a third one, really"}).status_code == 410


def test_a_reset_link_dies_with_its_user_cve_2021_25961() -> None:
    make_user()
    user = make_user("Luis Vega", "member")
    email, secret = user.email, issue_link(user, RESET)
    user.delete()
    make_user("Luis Vega", "member", email)
    assert Client().post(f"/reset/{secret}/", NEW).status_code == 410


def test_a_reset_link_dies_with_the_password_it_was_made_for_cve_2021_25961() -> None:
    user = make_user()
    secret = issue_link(user, RESET)
    link = OneTimeLink.objects.get()
    change_password(user, "another long sentence")
    link.save(force_insert=True)
    assert Client().get(f"/reset/{secret}/").status_code == 410


def test_a_reset_link_dies_when_its_user_is_deactivated_cve_2021_25961() -> None:
    make_user()
    user = make_user("Luis Vega", "member")
    secret = issue_link(user, RESET)
    deactivate(user)
    reactivate(user)
    assert Client().get(f"/reset/{secret}/").status_code == 410


def test_the_life_of_a_link_can_not_be_stretched_cve_2021_25961() -> None:
    secret = issue_link(make_user(), RESET)
    OneTimeLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(f"/reset/{secret}/").status_code == 410
    OneTimeLink.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert Client().get(f"/reset/{secret}/").status_code == 410


def test_a_link_serves_its_own_purpose_only() -> None:
    secret = issue_link(make_user(), RESET)
    assert Client().get(f"/invite/{secret}/").status_code == 410


def test_a_newer_link_replaces_the_one_before() -> None:
    user = make_user()
    first = issue_link(user, RESET)
    issue_link(user, RESET)
    assert Client().get(f"/reset/{first}/").status_code == 410


def test_looking_at_a_link_does_not_use_it_up() -> None:
    secret = issue_link(make_user(), RESET)
    for _ in range(3):
        assert Client().get(f"/reset/{secret}/").status_code == 200


def test_the_secret_of_a_link_is_not_kept() -> None:
    secret = issue_link(make_user(), RESET)
    assert secret not in str(OneTimeLink.objects.values().get())


def test_a_weak_password_leaves_the_link_usable() -> None:
    secret = issue_link(make_user(), RESET)
    client = Client()
    assert client.post(f"/reset/{secret}/", {"password": "short"}).status_code == 422
    assert client.post(f"/reset/{secret}/", NEW).status_code == 302


def test_asking_for_a_reset_tells_nothing_cve_2025_54786() -> None:
    make_user()
    Workspace.objects.update(mail_host="mail.example", mail_from="crm@nordwind.example")
    known = Client().post("/reset/", {"email": "ida.brandt@nordwind.example"})
    unknown = Client().post("/reset/", {"email": "nobody@nordwind.example"})
    assert known.status_code == unknown.status_code == 200
    assert _main(known).replace("ida.brandt@", "nobody@") == _main(unknown)
    jobs = ProcrastinateJob.objects.filter(task_name="accounts.answer_reset")
    assert jobs.count() == 2
    assert not OneTimeLink.objects.exists()


def test_asking_for_resets_without_end_is_stopped() -> None:
    make_user()
    Workspace.objects.update(mail_host="mail.example", mail_from="crm@nordwind.example")
    ask = {"email": "ida.brandt@nordwind.example"}
    assert [Client().post("/reset/", ask).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_without_mail_the_reset_page_names_who_can_help() -> None:
    make_user()
    assert b"Ask your administrator" in Client().get("/reset/").content


def test_an_invited_colleague_chooses_name_password_and_language_and_is_in() -> None:
    make_user()
    user, secret = invite("luis@nordwind.example", "Luis")
    assert not Client().login(username=user.email, password="")
    client = Client()
    form = {
        "name": "Luis Vega",
        "password": PASSWORD,
        "language": "es",
        "timezone": "Europe/Madrid",
    }
    assert client.post(f"/invite/{secret}/", form)["Location"] == "/"
    assert client.get("/account/")["Content-Language"] == "es"
    assert User.objects.get(pk=user.pk).name == "Luis Vega"
    assert Client().post(f"/invite/{secret}/", form).status_code == 410


def test_with_mail_an_invitation_is_mailed_and_its_secret_lies_in_no_job() -> None:
    make_user()
    Workspace.objects.update(mail_host="mail.example", mail_from="crm@nordwind.example")
    user, secret = invite("luis@nordwind.example", "Luis")
    assert secret == ""
    job = ProcrastinateJob.objects.get(task_name="accounts.mail_link")
    assert job.args == {"user_id": str(user.pk), "purpose": "invitation"}


def _main(page: Any) -> str:
    content: str = page.content.decode()
    return content.partition("<main")[2].partition("</main>")[0]
