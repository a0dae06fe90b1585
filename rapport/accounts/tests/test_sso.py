"""Signing in with a real identity provider on this machine, and with one that cheats."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from oidc_provider_mock import User as Person
from oidc_provider_mock import run_server_in_thread

from rapport.accounts.factors.actions import change_rules
from rapport.accounts.models import (
    CodeApp,
    ExternalIdentity,
    IdentityProvider,
    Role,
    SecurityEvent,
    User,
    Workspace,
)
from rapport.accounts.sealing import seal
from rapport.accounts.sso import protocol
from rapport.accounts.sso.asking import NoAnswer, is_fit
from rapport.accounts.testing import PASSWORD, make_user, signed_in

pytestmark = pytest.mark.django_db

IDA = "ida.brandt@nordwind.example"
PEOPLE = [
    Person(sub="ida", claims={"email": IDA, "email_verified": True}),
    Person(sub="new", claims={"email": "Nia@nordwind.example", "name": "Nia Neu"}),
    Person(sub="boss", claims={"email": "bo@nordwind.example", "groups": ["x", "crm-managers"]}),
    Person(sub="foreign", claims={"email": "eve@evil.example"}),
    Person(sub="unproved", claims={"email": IDA, "email_verified": False}),
    Person(sub="nameless", claims={}),
]


class Stay(urllib.request.HTTPRedirectHandler):
    """Follows nothing."""

    def redirect_request(self, *_what: Any) -> None:
        """Stay."""


@pytest.fixture(autouse=True)
def _loopback_is_listed(settings: Any) -> None:
    settings.OUTBOUND_NETWORKS = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider that runs."""
    with run_server_in_thread(user_claims=PEOPLE) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def provider(issuer: str) -> IdentityProvider:
    """The firm's provider, set up; whoever is new becomes a member."""
    return IdentityProvider.objects.create(
        name="Nordwind",
        issuer=issuer,
        client_id="crm",
        client_secret_sealed=seal("s3cret"),
        domains=["nordwind.example"],
        default_role=Role.objects.get(key="member"),
        group_roles=[["crm-owners", "owner"], ["crm-managers", "manager"]],
    )


def agreed(address: str, sub: str) -> str:
    """Where the provider sends somebody on to who signs in there."""
    opener = urllib.request.build_opener(Stay)
    with pytest.raises(urllib.error.HTTPError) as answer:
        opener.open(address, urlencode({"sub": sub}).encode())
    answer.value.close()
    assert answer.value.code == 302
    return str(answer.value.headers["Location"]).removeprefix("http://testserver")


def come(sub: str, target: str = "/people/") -> tuple[Client, Any]:
    client = Client()
    begun = client.get(f"/login/sso/?next={target}")
    return client, client.get(agreed(begun["Location"], sub))


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_one_signs_in_with_the_provider_and_goes_on(provider: IdentityProvider) -> None:
    user = make_user()
    client, answer = come("ida")
    assert answer["Location"] == "/people/"
    assert is_in(client)
    assert ExternalIdentity.objects.get().user == user
    assert SecurityEvent.objects.filter(kind="identity_linked", user=user).count() == 1
    assert "Sign in with Nordwind" in Client().get("/login/").content.decode()


def test_the_question_carries_state_nonce_and_a_challenge(provider: IdentityProvider) -> None:
    make_user()
    address = Client().get("/login/sso/")["Location"]
    for part in ("state=", "nonce=", "code_challenge=", "code_challenge_method=S256"):
        assert part in address
    assert "s3cret" not in address


def test_a_proxy_that_speaks_tls_is_believed_where_the_workspace_says_so(
    provider: IdentityProvider,
) -> None:
    make_user()
    Workspace.objects.update(public_address="https://testserver")
    assert quote("https://testserver/login/sso/back/", safe="") in sso_begins()
    Workspace.objects.update(public_address="https://crm.example")
    assert quote("http://testserver/login/sso/back/", safe="") in sso_begins()


def sso_begins() -> str:
    return str(Client().get("/login/sso/")["Location"])


def test_who_is_new_becomes_what_is_set(provider: IdentityProvider) -> None:
    make_user()
    client, _answer = come("new")
    nia = User.objects.get(email="nia@nordwind.example")
    assert (nia.name, nia.role.key, nia.has_usable_password()) == ("Nia Neu", "member", False)
    assert is_in(client)
    provider.default_role = None
    provider.save()
    nia.delete()
    assert come("new")[1].status_code == 403


def test_groups_decide_on_the_role_at_each_arrival_but_never_on_owners(
    provider: IdentityProvider,
) -> None:
    bo = make_user("Bo", "member", "bo@nordwind.example")
    come("boss")
    bo.refresh_from_db()
    assert bo.role.key == "manager"
    bo.role = Role.objects.get(key="owner")
    bo.save()
    come("boss")
    bo.refresh_from_db()
    assert bo.role.key == "owner"
    provider.group_roles = [["x", "owner"]]
    provider.save()
    bo.role = Role.objects.get(key="member")
    bo.save()
    come("boss")
    bo.refresh_from_db()
    assert bo.role.key == "member"


@pytest.mark.parametrize("sub", ["foreign", "unproved", "nameless"])
def test_whose_address_counts_for_nothing_does_not_come_in(
    provider: IdentityProvider, sub: str
) -> None:
    make_user()
    client, answer = come(sub)
    assert answer.status_code == 403
    assert not is_in(client)
    assert User.objects.count() == 1


def test_who_was_shut_out_stays_out(provider: IdentityProvider) -> None:
    user = make_user()
    come("ida")
    User.objects.filter(pk=user.pk).update(is_active=False)
    client, answer = come("ida")
    assert answer.status_code == 403
    assert not is_in(client)


def test_an_answer_counts_in_the_browser_that_asked_and_once(provider: IdentityProvider) -> None:
    make_user()
    thief, victim = Client(), Client()
    back = agreed(thief.get("/login/sso/")["Location"], "ida")
    victim.get("/login/sso/")
    assert victim.get(back).status_code == 403
    assert not is_in(victim)
    assert Client().get(back)["Location"] == "/login/"
    assert thief.get(back).status_code == 302
    assert thief.get(back)["Location"] == "/login/"


def test_where_it_is_the_only_way_owners_alone_keep_their_passwords(
    provider: IdentityProvider,
) -> None:
    owner, member = make_user(), make_user("Luis Vega", "member")
    provider.is_only_way = True
    provider.save()
    for user, status in ((owner, 302), (member, 403)):
        client = Client()
        answer = client.post("/login/", {"email": user.email, "password": PASSWORD})
        assert answer.status_code == status
        assert is_in(client) == (user == owner)


def test_a_role_that_needs_a_second_factor_needs_it_here_too(provider: IdentityProvider) -> None:
    make_user()
    change_rules(["owner"])
    client, answer = come("ida")
    assert answer["Location"] == "/login/factor/"
    assert not is_in(client)


def test_a_second_factor_of_ones_own_is_the_providers_affair_elsewhere(
    provider: IdentityProvider,
) -> None:
    user = make_user()
    CodeApp.objects.create(user=user, secret_sealed=seal("JBSWY3DPEHPK3PXP"))
    assert is_in(come("ida")[0])
    change_rules(["owner"])
    assert come("ida")[1]["Location"] == "/login/code/"


def test_a_provider_that_does_not_answer_is_said(provider: IdentityProvider) -> None:
    make_user()
    provider.issuer = "http://localhost:9"
    provider.save()
    assert Client().get("/login/sso/").status_code == 502


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("https://login.example.com", True),
        ("http://localhost:8080/realms/x", True),
        ("http://login.example.com", False),
        ("https://user@login.example.com", False),
        ("file:///etc/passwd", False),
        ("https://", False),
        ("https://a.example/\r\nX: y", False),
    ],
)
def test_only_safe_addresses_are_asked(address: str, fits: bool) -> None:
    assert is_fit(address) == fits


def test_clouds_machine_credentials_are_not_asked_for_cve_2026_27023() -> None:
    with pytest.raises(NoAnswer):
        protocol.discover("https://169.254.169.254", is_fresh=True)


def test_an_owner_sets_it_up_once_the_provider_has_answered(issuer: str) -> None:
    desk = signed_in(make_user())
    form = {"name": "Nordwind", "issuer": issuer, "client_id": "crm", "secret": "s3cret"}
    form |= {"domains": "nordwind.example", "default_role": "member"}
    form |= {"groups_claim": "groups", "group_roles": "crm = x = manager"}
    wrong = {
        "issuer": "http://localhost:9",
        "domains": "not a domain",
        "group_roles": "crm = owner",
    }
    for name, value in wrong.items():
        answer = desk.post("/setup/sso/", form | {name: value})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [name])
    assert desk.post("/setup/sso/", form).status_code == 302
    kept = IdentityProvider.objects.get()
    assert kept.group_roles == [["crm = x", "manager"]]
    assert "s3cret" not in kept.client_secret_sealed
    assert "s3cret" not in desk.get("/setup/sso/").content.decode()
    desk.post("/setup/sso/", form | {"secret": "", "name": "Other"})
    assert IdentityProvider.objects.get().client_secret_sealed == kept.client_secret_sealed
    desk.post("/setup/sso/remove/")
    assert not IdentityProvider.objects.exists()
