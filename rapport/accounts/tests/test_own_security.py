"""What a colleague sees of his own account, and who may end its sessions."""

import pytest
from django.test import Client

from rapport.accounts import actions
from rapport.accounts.models import ApiToken, Passkey, SecurityEvent
from rapport.accounts.testing import PASSWORD, make_user, signed_in
from rapport.accounts.tests.test_passkeys import asked, is_in, proved, with_passkey

pytestmark = pytest.mark.django_db

PAGE = "/account/security/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


def test_a_sign_in_is_told_with_its_browser_and_place() -> None:
    user, client = make_user(role="member"), Client()
    given = {"email": user.email, "password": PASSWORD}
    client.post("/login/", given, headers={"User-Agent": FIREFOX}, REMOTE_ADDR="203.0.113.9")
    page = client.get(PAGE).content.decode()
    assert "Firefox on Linux" in page
    assert "203.0.113.9" in page


def test_what_happened_to_others_stays_with_them() -> None:
    user, other = make_user("Ana Ruiz", "member"), make_user("Bo Vik", "member")
    actions.create_token(user, "My own sheet", actions.Actor(user))
    actions.create_token(other, "Somebody's sheet", actions.Actor(other))
    page = signed_in(user).get(PAGE).content.decode()
    assert "My own sheet" in page
    assert "Somebody&#x27;s sheet" not in page


def test_where_an_administrator_sat_is_not_told() -> None:
    owner, user = make_user(), make_user("Ana Ruiz", "member")
    actions.change_role(user, "read_only", actions.Actor(owner, "198.51.100.77"))
    page = signed_in(user).get(PAGE).content.decode()
    assert "Ida Brandt" in page
    assert "198.51.100.77" not in page
    assert "198.51.100.77" in signed_in(owner).get("/setup/security/").content.decode()


@pytest.mark.parametrize("with_tokens", [False, True])
def test_an_administrator_signs_a_colleague_out_everywhere(with_tokens: bool) -> None:
    user = make_user("Ana Ruiz", "member")
    browsers = [signed_in(user), signed_in(user)]
    actions.create_token(user, "Sheet")
    owner = signed_in(make_user())
    body = {"tokens": "on"} if with_tokens else {}
    assert owner.post(f"/setup/users/{user.pk}/sign-out/", body).status_code == 302
    assert [is_in(one) for one in browsers] == [False, False]
    assert (ApiToken.objects.get().revoked_at is not None) == with_tokens
    assert is_in(signed_in(user))
    assert SecurityEvent.objects.get(kind="signed_out_everywhere").user == user


def test_whoever_does_it_to_himself_stays_where_he_is() -> None:
    owner = make_user()
    here, elsewhere = signed_in(owner), signed_in(owner)
    assert here.post(f"/setup/users/{owner.pk}/sign-out/").status_code == 302
    assert [is_in(here), is_in(elsewhere)] == [True, False]


def test_a_manager_signs_no_owner_out() -> None:
    owner = make_user()
    browser = signed_in(owner)
    manager = signed_in(make_user("Max Manager", "manager"))
    assert manager.post(f"/setup/users/{owner.pk}/sign-out/").status_code == 403
    assert is_in(browser)


def test_a_passkey_gets_another_name_from_its_owner_alone() -> None:
    user = make_user("Ana Ruiz", "member")
    owner = proved(user)
    facts = {"name": "My phone", "credential_id": b"1", "credential": b"1"}
    passkey = Passkey.objects.create(user=user, **facts)
    address = f"/account/passkeys/{passkey.pk}/rename/"
    other = proved(make_user("Bo Vik", "member"))
    assert other.post(address, {"name": "Mine"}).status_code == 404
    assert "confirm" in signed_in(user).post(address, {"name": "Mine"})["Location"]
    assert owner.post(address, {"name": ""}).status_code == 422
    owner.post(address, {"name": "Old phone"})
    passkey.refresh_from_db()
    assert passkey.name == "Old phone"
    event = SecurityEvent.objects.get(kind="passkey_renamed")
    assert (event.detail["before"], event.detail["after"]) == ("My phone", "Old phone")


def test_the_sign_in_page_offers_passkeys_once_there_are_some() -> None:
    user, stranger = make_user(), Client()
    assert "data-passkey" not in stranger.get("/login/").content.decode()
    assert not stranger.cookies.get("sessionid")
    key = with_passkey(user)
    page = stranger.get("/login/").content.decode()
    assert 'data-mediation="conditional"' in page
    assert 'autocomplete="username webauthn"' in page
    options = asked(stranger, "/login/?next=/people/")
    answer = stranger.post("/login/passkey/?next=/people/", {"answer": key.prove(options)})
    assert answer["Location"] == "/people/"
    assert is_in(stranger)
