import re
from typing import Any

import pytest
from django.test import Client

from rapport.accounts import outgoing
from rapport.accounts.actions import change_password, deactivate
from rapport.accounts.actions.emails import ask_for_email_change
from rapport.accounts.jobs import mail_email_change
from rapport.accounts.models import EmailChange, SecurityEvent, User, Workspace
from rapport.accounts.testing import PASSWORD, make_user, signed_in

pytestmark = pytest.mark.django_db

OLD, NEW = "ida.brandt@nordwind.example", "ida.vogl@nordwind.example"

type Letters = dict[str, str]


@pytest.fixture(autouse=True)
def letters(monkeypatch: pytest.MonkeyPatch) -> Letters:
    """The path of the link in each address's last letter."""
    Workspace.objects.update(
        mail_host="mail.example", mail_from="crm@nordwind.example", public_address="http://x"
    )
    sent: Letters = {}

    def keep(_workspace: Workspace, to: str, _subject: str, text: str) -> str:
        sent[to] = re.findall(r"http://x(/email/[\w-]+/)", text)[0]
        return "250"

    monkeypatch.setattr(outgoing, "send_mail", keep)
    return sent


def ask(user: User, email: str = NEW) -> None:
    ask_for_email_change(user, email)
    mail_email_change(user_id=str(user.pk))


def say(address: str, word: str = "yes") -> Any:
    return Client().post(address, {"answer": word})


@pytest.mark.parametrize("first", [OLD, NEW])
def test_the_address_changes_when_both_have_agreed(letters: Letters, first: str) -> None:
    user = make_user()
    ask(user)
    (second,) = {OLD, NEW} - {first}
    assert say(letters[first]).status_code == 200
    assert say(letters[first]).status_code == 200
    user.refresh_from_db()
    assert user.email == OLD
    say(letters[second])
    user.refresh_from_db()
    assert user.email == NEW
    assert Client().login(username=NEW, password=PASSWORD)
    event = SecurityEvent.objects.get(kind="email_changed")
    assert event.detail == {"before": OLD, "after": NEW}
    assert say(letters[first]).status_code == 410


def test_a_scanner_that_follows_the_links_changes_nothing(letters: Letters) -> None:
    user = make_user()
    ask(user)
    for address in letters.values():
        assert Client().get(address).status_code == 200
    user.refresh_from_db()
    assert user.email == OLD
    assert EmailChange.objects.get().old_agreed_at is None


@pytest.mark.parametrize("who", [OLD, NEW])
def test_either_address_may_stop_it(letters: Letters, who: str) -> None:
    user = make_user()
    ask(user)
    for address in letters.values():
        say(address, "no" if address == letters[who] else "yes")
    assert not EmailChange.objects.exists()
    user.refresh_from_db()
    assert user.email == OLD


@pytest.mark.parametrize("what", ["new password", "deactivated", "another wish", "taken"])
def test_what_changes_meanwhile_voids_the_letters(letters: Letters, what: str) -> None:
    make_user("Anna Ott")
    user = make_user(email=OLD)
    ask(user)
    say(letters[OLD])
    before = letters[NEW]
    if what == "new password":
        change_password(user, "another long sentence")
    elif what == "deactivated":
        deactivate(user)
    elif what == "another wish":
        ask(user, "third@nordwind.example")
    else:
        make_user("Thief", "member", NEW)
    assert say(before).status_code == 410
    user.refresh_from_db()
    assert user.email == OLD


def test_no_secret_is_kept_or_put_into_a_job(letters: Letters) -> None:
    ask(make_user())
    kept = str(EmailChange.objects.values().get())
    assert not any(address.split("/")[2] in kept for address in letters.values())


def test_an_open_browser_is_not_enough_to_ask() -> None:
    client = signed_in(make_user())
    answer = client.post("/account/email/", {"email": NEW})
    assert answer["Location"].startswith("/account/confirm/")
    client.post("/account/confirm/", {"password": PASSWORD})
    for wrong in (OLD, "no address", "luis.vega@nordwind.example"):
        make_user("Luis Vega", "member") if "luis" in wrong else None
        assert client.post("/account/email/", {"email": wrong}).status_code == 422
    assert client.post("/account/email/", {"email": NEW}).status_code == 302
    assert NEW in client.get("/account/email/").content.decode()
    client.post("/account/email/stop/")
    assert not EmailChange.objects.exists()


def test_an_administrator_changes_it_and_the_old_address_hears_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner, member = make_user(), make_user("Luis Vega", "member")
    desk = signed_in(make_user("Ana Ruiz", "manager"))
    assert desk.post(f"/setup/users/{owner.pk}/email/", {"email": NEW}).status_code == 403
    address = f"/setup/users/{member.pk}/email/"
    assert desk.post(address, {"email": owner.email}).status_code == 422
    told = []
    monkeypatch.setattr(
        "rapport.accounts.actions.emails.send_mail_to_user", lambda *_words, to: told.append(to)
    )
    assert desk.post(address, {"email": "Luis@Nordwind.example"}).status_code == 302
    assert told == ["luis.vega@nordwind.example"]
    member.refresh_from_db()
    assert member.email == "luis@nordwind.example"
