import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from rapport.accounts.actions import deactivate
from rapport.accounts.factors.actions import change_rules
from rapport.accounts.models import Passkey, SecurityEvent, User
from rapport.accounts.testing import PASSWORD, make_user, signed_in
from rapport.accounts.tests.soft_key import PRESENT, SoftKey

pytestmark = pytest.mark.django_db

NEW, SIGN_IN, CONFIRM = "/account/passkeys/new/", "/login/passkey/", "/account/confirm/passkey/"


def asked(client: Client, address: str) -> Any:
    """What a page asks the device for."""
    page = client.get(address).content.decode()
    return json.loads(unescape(re.findall(r'data-options="([^"]*)"', page)[0]))


def proved(user: User) -> Client:
    """A browser in which the user has just proved himself by his password."""
    client = signed_in(user)
    answer = client.post("/account/confirm/", {"password": PASSWORD})
    assert answer.status_code == 302
    return client


def with_passkey(user: User) -> SoftKey:
    key, client = SoftKey(), proved(user)
    answer = key.make(asked(client, NEW))
    assert client.post(NEW, {"name": "My phone", "answer": answer}).status_code == 200
    return key


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_a_passkey_alone_lets_its_owner_in() -> None:
    user = make_user()
    key = with_passkey(user)
    assert user.recovery_codes.count() == 10
    client = Client()
    options = asked(client, f"{SIGN_IN}?next=/people/")
    assert (options["userVerification"], options.get("allowCredentials", [])) == ("required", [])
    answer = client.post(f"{SIGN_IN}?next=/people/", {"answer": key.prove(options)})
    assert answer["Location"] == "/people/"
    assert is_in(client)
    assert Passkey.objects.get().last_used_at


def test_a_new_passkey_must_be_found_by_the_device_and_open_to_its_owner_only() -> None:
    options = asked(proved(make_user()), NEW)
    chosen = options["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
    assert options["rp"]["id"] == "testserver"


def other_site(key: SoftKey) -> None:
    key.origin = "https://evil.example"


def other_party(key: SoftKey) -> None:
    key.site = "evil.example"


def unlocked(key: SoftKey) -> None:
    key.flags = PRESENT


def copied(key: SoftKey) -> None:
    key.count = -1


def stranger(key: SoftKey) -> None:
    key.id = b"somebody else's!"


def forged(key: SoftKey) -> None:
    key.key = SoftKey().key


@pytest.mark.parametrize("spoil", [other_site, other_party, unlocked, copied, stranger, forged])
def test_a_proof_that_is_none_lets_nobody_in(spoil: Callable[[SoftKey], None]) -> None:
    user = make_user()
    key = with_passkey(user)
    Passkey.objects.update(sign_count=5)
    key.count = 5
    spoil(key)
    client = Client()
    assert client.post(SIGN_IN, {"answer": key.prove(asked(client, SIGN_IN))}).status_code == 422
    assert not is_in(client)


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", '{"rawId": 7}', '{"rawId": "AA"}', "{"])
def test_nonsense_is_no_proof(answer: str) -> None:
    make_user()
    client = Client()
    client.get(SIGN_IN)
    assert client.post(SIGN_IN, {"answer": answer}).status_code == 422


def test_a_proof_counts_once_and_where_it_was_asked_for() -> None:
    key = with_passkey(make_user())
    first, second = Client(), Client()
    proof = key.prove(asked(first, SIGN_IN))
    asked(second, SIGN_IN)
    assert second.post(SIGN_IN, {"answer": proof}).status_code == 422
    assert first.post(SIGN_IN, {"answer": proof}).status_code == 302
    first.post("/logout/")
    assert first.post(SIGN_IN, {"answer": proof}).status_code == 422


def test_who_was_shut_out_stays_out() -> None:
    make_user()
    user = make_user("Luis Vega", "member")
    key = with_passkey(user)
    deactivate(user)
    client = Client()
    assert client.post(SIGN_IN, {"answer": key.prove(asked(client, SIGN_IN))}).status_code == 422


def test_a_passkey_is_the_second_factor_of_a_password() -> None:
    user = make_user()
    key = with_passkey(user)
    change_rules(["owner"])
    client = Client()
    entered = {"email": user.email, "password": PASSWORD, "next": "/people/", "stay": "on"}
    assert client.post("/login/", entered)["Location"] == "/login/code/"
    assert not is_in(client)
    assert SIGN_IN in client.get("/login/code/").content.decode()
    answer = client.post(SIGN_IN, {"answer": key.prove(asked(client, SIGN_IN))})
    assert answer["Location"] == "/people/"
    assert not client.session.get_expire_at_browser_close()


def test_only_ones_own_passkey_proves_that_it_is_you() -> None:
    user, other = make_user(), make_user("Luis Vega", "member")
    mine, theirs = with_passkey(user), with_passkey(other)
    client = signed_in(user)
    assert client.get(NEW)["Location"].startswith("/account/confirm/")
    answer = client.post(CONFIRM, {"answer": theirs.prove(asked(client, CONFIRM))})
    assert answer.status_code == 422
    assert client.get(NEW).status_code == 302
    client.post(CONFIRM, {"answer": mine.prove(asked(client, CONFIRM))})
    assert client.get(NEW).status_code == 200


def test_a_passkey_belongs_to_one_user() -> None:
    user, other = make_user(), make_user("Luis Vega", "member")
    key = with_passkey(user)
    client = proved(other)
    answer = key.make(asked(client, NEW))
    assert client.post(NEW, {"name": "Mine too", "answer": answer}).status_code == 422
    assert Passkey.objects.get().user == user


def test_one_removes_ones_own_but_not_the_last_that_a_role_needs() -> None:
    user, other = make_user(), make_user("Luis Vega", "member")
    with_passkey(user)
    key, client = with_passkey(other), signed_in(other)
    theirs = Passkey.objects.get(user=user)
    own = Passkey.objects.get(user=other)
    address = f"/account/passkeys/{own.pk}/remove/"
    assert client.post(address)["Location"].startswith("/account/confirm/")
    client.post(CONFIRM, {"answer": key.prove(asked(client, CONFIRM))})
    assert client.post(f"/account/passkeys/{theirs.pk}/remove/").status_code == 404
    change_rules(["member"])
    client.post(address)
    assert Passkey.objects.filter(pk=own.pk).exists()
    change_rules([])
    client.post(address)
    assert list(Passkey.objects.all()) == [theirs]
    assert not other.recovery_codes.exists()
    assert SecurityEvent.objects.filter(kind="passkey_removed", user=other).count() == 1
