import json
import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from rapport.accounts.actions import change_password, deactivate, invite
from rapport.accounts.factors import totp
from rapport.accounts.factors.actions import change_rules
from rapport.accounts.factors.pending import LIFE_SECONDS
from rapport.accounts.factors.recovery import keep_codes, new_codes
from rapport.accounts.models import CodeApp, SecurityEvent, Session, SignInAttempt, User
from rapport.accounts.sealing import seal
from rapport.accounts.testing import PASSWORD, make_user, signed_in

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def with_app(user: User) -> User:
    CodeApp.objects.create(user=user, secret_sealed=seal(SECRET))
    return user


def code(later: int = 0, secret: str = SECRET) -> str:
    """The code of the present half minute, or of a later one."""
    return totp.code_at(secret, int(time.time()) // totp.STEP + later)


def half_way(user: User, **more: str) -> Client:
    """A browser in which the user has given his password."""
    client = Client(REMOTE_ADDR=more.pop("ip", "127.0.0.1"))
    answer = client.post("/login/", {"email": user.email, "password": PASSWORD, **more})
    assert answer.status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_codes_are_those_of_rfc_6238() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    times = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}
    assert {at: totp.code_at(secret, at // totp.STEP) for at in times} == times
    assert totp.fitting_step(secret, "287082", 59 + 30) == 1
    assert totp.fitting_step(secret, "287082", 59 + 90) is None


def test_one_sets_an_app_up_and_is_asked_for_its_code_from_then_on() -> None:
    user = make_user()
    client = half_way(user)
    page = client.get("/account/factor/").content.decode()
    secret = re.sub(r"\s", "", re.findall(r'<code class="anchor"[^>]*>([^<]+)<', page)[0])
    assert 'src="data:image/svg+xml' in page
    assert client.post("/account/factor/", {"code": "abc"}).status_code == 422
    assert secret not in json.dumps(dict(client.session))
    codes = client.post("/account/factor/", {"code": code(secret=secret)}).content.decode()
    assert len(re.findall(r"<li>[a-z2-7]{4}(?:-[a-z2-7]{4}){3}</li>", codes)) == 10
    assert secret not in CodeApp.objects.get().secret_sealed

    fresh = half_way(user, next="/people/")
    assert not is_in(fresh)
    answer = fresh.post("/login/code/", {"code": code(1, secret)})
    assert answer["Location"] == "/people/"
    assert is_in(fresh)


def test_a_code_counts_once() -> None:
    user = with_app(make_user())
    first, second = half_way(user), half_way(user)
    assert first.post("/login/code/", {"code": code()}).status_code == 302
    assert second.post("/login/code/", {"code": code()}).status_code == 422
    assert second.post("/login/code/", {"code": code(-1)}).status_code == 422
    assert not is_in(second)
    assert second.post("/login/code/", {"code": code(1)}).status_code == 302


def test_a_recovery_code_counts_once_and_is_told_by_mail() -> None:
    user = with_app(make_user())
    keep_codes(user, paper := new_codes())
    assert half_way(user).post("/login/code/", {"code": paper[0].upper()}).status_code == 302
    assert half_way(user).post("/login/code/", {"code": paper[0]}).status_code == 422
    assert SecurityEvent.objects.filter(kind="code_used", user=user).count() == 1
    assert ProcrastinateJob.objects.filter(task_name="accounts.mail_user").count() == 1
    assert paper[1] not in str(list(user.recovery_codes.values()))


def test_codes_can_not_be_guessed_at_leisure_and_the_owner_still_comes_in() -> None:
    user = with_app(make_user())
    guesser = half_way(user, ip="192.0.2.1")
    wrong = "000000" if code() != "000000" else "000001"
    answers = [guesser.post("/login/code/", {"code": wrong}) for _ in range(6)]
    assert [one.status_code for one in answers] == [422] * 5 + [429]
    assert guesser.post("/login/code/", {"code": code()}).status_code == 429
    half_way(user, ip="192.0.2.1")
    assert SignInAttempt.objects.filter(purpose="code").count() == 5
    owner = half_way(user, ip="198.51.100.7")
    assert owner.post("/login/code/", {"code": code()}).status_code == 302


@pytest.mark.parametrize("what", ["late", "new password", "deactivated"])
def test_who_is_half_way_in_does_not_stay_so(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    user = with_app(make_user("Luis Vega", "member"))
    make_user()
    client, due = half_way(user), code()
    if what == "late":
        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now + LIFE_SECONDS + 1)
        Session.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    elif what == "new password":
        change_password(user, "another long sentence")
    else:
        deactivate(user)
    assert client.post("/login/code/", {"code": due})["Location"].startswith("/login/")
    assert not is_in(client)


def test_a_role_may_want_a_second_factor() -> None:
    make_user()
    user = make_user("Luis Vega", "member")
    change_rules(["member"])
    client = half_way(user)
    assert client.get("/people/").status_code == 302
    page = client.get("/login/factor/").content.decode()
    secret = re.sub(r"\s", "", re.findall(r'<code class="anchor"[^>]*>([^<]+)<', page)[0])
    assert client.post("/login/factor/", {"code": "123"}).status_code == 422
    assert not is_in(client)
    assert client.post("/login/factor/", {"code": code(secret=secret)}).status_code == 200
    assert is_in(client)
    client.post("/account/factor/off/")
    assert CodeApp.objects.filter(user=user).exists()


def test_the_password_alone_does_not_replace_a_second_factor() -> None:
    user = with_app(make_user())
    change_rules(["owner"])
    client = half_way(user)
    assert client.get("/login/factor/")["Location"] == "/login/"
    assert client.post("/login/factor/", {"code": code()})["Location"] == "/login/"
    assert not is_in(client)


def test_an_invitation_leads_to_the_second_factor_too() -> None:
    make_user()
    change_rules(["member"])
    _user, secret = invite("luis@nordwind.example", "Luis Vega")
    form = {"name": "Luis", "password": PASSWORD, "language": "en", "timezone": "UTC"}
    client = Client()
    assert client.post(f"/invite/{secret}/", form)["Location"] == "/login/factor/"
    assert not is_in(client)


@pytest.mark.parametrize("address", ["/account/factor/", "/account/factor/off/"])
def test_a_browser_left_open_does_not_change_the_second_factor(address: str) -> None:
    user = with_app(make_user())
    client = signed_in(user)
    before = CodeApp.objects.values().get()
    for answer in (client.get(address), client.post(address, {"code": code()})):
        assert answer["Location"].startswith("/account/confirm/")
    assert client.post("/account/factor/codes/")["Location"].startswith("/account/confirm/")
    confirm = f"/account/confirm/?next={address}"
    assert client.post(confirm, {"password": PASSWORD, "code": "1"}).status_code == 422
    assert client.post(confirm, {"password": "not it", "code": code()}).status_code == 422
    assert client.get(address).status_code == 302
    assert CodeApp.objects.values().get() == before
    assert client.post(confirm, {"password": PASSWORD, "code": code()})["Location"] == address
    assert client.get(address).status_code == 200


def test_one_turns_it_off_after_proving_oneself() -> None:
    user = with_app(make_user())
    client = half_way(user)
    client.post("/login/code/", {"code": code()})
    assert client.get("/account/factor/off/").status_code == 200
    client.post("/account/factor/off/")
    assert not CodeApp.objects.exists()
    assert is_in(half_way(user))


def test_an_administrator_resets_what_a_colleague_has_lost() -> None:
    owner = with_app(make_user())
    manager, member = make_user("Ana Ruiz", "manager"), with_app(make_user("Luis Vega", "member"))
    desk = signed_in(manager)
    assert desk.post(f"/setup/users/{owner.pk}/factor/").status_code == 403
    assert desk.post(f"/setup/users/{member.pk}/factor/").status_code == 302
    assert list(CodeApp.objects.all()) == [owner.code_app]
    event: Any = SecurityEvent.objects.get(kind="factor_reset")
    assert (event.actor, event.user) == (manager, member)
    assert ProcrastinateJob.objects.get(task_name="accounts.mail_user").args["user_id"] == str(
        member.pk
    )


def test_the_owner_says_which_roles_need_it() -> None:
    desk = signed_in(make_user())
    assert desk.post("/setup/sign-in/", {"roles": ["manager", "member"]}).status_code == 302
    page = desk.get("/setup/sign-in/").content.decode()
    assert re.findall(r'name="roles" value="(\w+)"[^>]* checked', page) == ["manager", "member"]
    desk.post("/setup/sign-in/", {})
    assert SecurityEvent.objects.filter(kind="factor_rule_changed").count() == 2
    assert is_in(half_way(make_user("Luis Vega", "member")))
