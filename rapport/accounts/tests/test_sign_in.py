from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.contrib.auth.hashers import get_hasher
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from rapport.accounts import throttle
from rapport.accounts.actions import change_password, deactivate
from rapport.accounts.models import SecurityEvent, Session, SignInAttempt
from rapport.accounts.testing import PASSWORD, make_user, signed_in

pytestmark = pytest.mark.django_db

EMAIL = "ida.brandt@nordwind.example"


def enter(client: Client, password: str = PASSWORD, email: str = EMAIL, **more: str) -> Any:
    return client.post("/login/", {"email": email, "password": password, **more})


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "/people/\r\nSet-Cookie: a=b",
        "/\t/evil.example/",
        " //evil.example/",
    ],
)
def test_sign_in_goes_on_to_this_house_only_cve_2024_36406(target: str) -> None:
    make_user()
    assert enter(Client(), next=target)["Location"] == "/"


def test_sign_in_goes_on_to_where_one_was_heading() -> None:
    make_user()
    assert enter(Client(), next="/people/?view=mine")["Location"] == "/people/?view=mine"


def test_the_answer_does_not_tell_whether_a_user_exists_cve_2025_54786() -> None:
    make_user()
    known = enter(Client(REMOTE_ADDR="192.0.2.1"), "wrong password")
    unknown = enter(Client(REMOTE_ADDR="192.0.2.2"), "wrong password", "nobody@nordwind.example")
    assert known.status_code == unknown.status_code == 422
    assert known.context["form"].errors == unknown.context["form"].errors


@pytest.mark.parametrize("email", [EMAIL, "nobody@nordwind.example"])
def test_an_unknown_user_costs_the_same_hashing_cve_2025_54786(
    email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user()
    hasher = type(get_hasher())
    real, hashed = hasher.encode, []

    def counted(self: Any, password: str, salt: str, **options: object) -> str:
        hashed.append(password)
        return real(self, password, salt, **options)

    monkeypatch.setattr(hasher, "encode", counted)
    enter(Client(), "wrong password", email)
    assert hashed == ["wrong password"]


def test_five_wrong_tries_make_a_pause_for_this_address_and_account() -> None:
    make_user()
    guesser = Client(REMOTE_ADDR="192.0.2.1")
    left = [enter(guesser, "wrong password").content for _ in range(5)]
    assert b"4 tries left" in left[0]
    answer = enter(guesser)
    assert answer.status_code == 429
    assert b"Wait 15 minutes" in answer.content


@pytest.mark.django_db(transaction=True)
def test_tries_made_at_the_same_moment_are_all_counted() -> None:
    make_user()
    barrier, codes = Barrier(9), list[int]()

    def guess() -> None:
        client = Client(REMOTE_ADDR="192.0.2.1")
        barrier.wait()
        codes.append(enter(client, "wrong password").status_code)
        connection.close()

    threads = [Thread(target=guess) for _ in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(codes) == 9
    assert codes.count(422) <= 5


def test_a_guesser_does_not_lock_the_real_owner_out() -> None:
    make_user()
    for _ in range(8):
        enter(Client(REMOTE_ADDR="192.0.2.1"), "wrong password")
    assert enter(Client(REMOTE_ADDR="198.51.100.7")).status_code == 302


def test_a_pause_ends_by_itself_and_tries_made_in_it_do_not_prolong_it() -> None:
    make_user()
    guesser = Client(REMOTE_ADDR="192.0.2.1")
    for _ in range(9):
        enter(guesser, "wrong password")
    SignInAttempt.objects.update(at=timezone.now() - throttle.WINDOW - timedelta(seconds=1))
    assert enter(guesser).status_code == 302


def test_one_network_can_not_try_many_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(throttle.NETWORK_LIMITS, throttle.SIGN_IN, 3)
    site = "2001:db8:1:2::"
    codes = [
        enter(Client(REMOTE_ADDR=f"{site}{n}"), "wrong password", f"u{n}@x.example").status_code
        for n in range(1, 6)
    ]
    assert codes == [422, 422, 422, 429, 429]


def test_a_password_that_fits_forgets_the_tries_before_it() -> None:
    make_user()
    client = Client()
    for _ in range(4):
        enter(client, "wrong password")
    enter(client)
    assert not SignInAttempt.objects.exists()


def test_forwarded_headers_count_from_configured_proxies_only_cve_2026_107393(
    settings: Settings,
) -> None:
    make_user()
    liar = Client(
        REMOTE_ADDR="192.0.2.1",
        headers={"X-Forwarded-For": "<b>1</b>", "CF-Connecting-IP": "198.51.100.9"},
    )
    enter(liar, "wrong password")
    assert SecurityEvent.objects.get(kind="sign_in_failed").ip == "192.0.2.1"

    settings.TRUSTED_PROXIES = ("10.0.0.0/8",)
    through = Client(
        REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "203.0.113.5, 198.51.100.9, 10.0.0.2"}
    )
    enter(through)
    assert SecurityEvent.objects.get(kind="signed_in").ip == "198.51.100.9"


def test_a_deactivated_user_is_out_at_once() -> None:
    make_user()
    member = make_user("Luis Vega", "member")
    browser = signed_in(member)
    deactivate(member)
    assert browser.get("/account/").status_code == 302
    assert enter(Client(), email=member.email).status_code == 422


def test_a_changed_password_ends_every_session() -> None:
    user = make_user()
    browser = signed_in(user)
    stolen = Session.objects.get()
    change_password(user, "another long sentence")
    stolen.save(force_insert=True)
    assert browser.get("/account/").status_code == 302


def test_the_session_key_changes_on_sign_in_and_is_not_kept(settings: Settings) -> None:
    make_user()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    enter(client)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert key != "a" * 32
    assert key not in str(Session.objects.values().get())


def test_a_session_lasts_until_the_browser_closes_or_thirty_days(settings: Settings) -> None:
    make_user()
    short, long = Client(), Client()
    enter(short)
    enter(long, stay="on")
    assert not short.cookies[settings.SESSION_COOKIE_NAME]["max-age"]
    assert int(long.cookies[settings.SESSION_COOKIE_NAME]["max-age"]) > 29 * 24 * 3600
    lives = sorted(row.expires_at - timezone.now() for row in Session.objects.all())
    assert lives[0] < timedelta(hours=13)
    assert lives[1] > timedelta(days=29)


def test_a_session_in_use_goes_on_but_not_for_ever() -> None:
    make_user()
    client = Client()
    enter(client)
    long_ago = timezone.now() - timedelta(hours=11)
    Session.objects.update(seen_at=long_ago, expires_at=timezone.now() + timedelta(hours=1))
    client.get("/account/")
    assert Session.objects.get().expires_at > timezone.now() + timedelta(hours=11)

    month_ago = timezone.now() - timedelta(days=30, seconds=5)
    Session.objects.update(created_at=month_ago, seen_at=long_ago)
    client.get("/account/")
    assert client.get("/account/").status_code == 302


def test_a_stranger_may_choose_a_language() -> None:
    make_user()
    client = Client()
    client.post("/language/", {"language": "es", "next": "/login/"})
    assert client.get("/login/", headers={"Accept-Language": "en"})["Content-Language"] == "es"
