from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from django.test import Client

from rapport.accounts.models import SecurityEvent, Workspace
from rapport.accounts.testing import make_user, signed_in

pytestmark = pytest.mark.django_db

WORKSPACE = {
    "name": "Nordwind Instruments",
    "public_address": "https://crm.nordwind.example",
    "currency": "CHF",
    "language": "es",
    "timezone": "Europe/Zurich",
    "country": "CH",
    "fiscal_year_start": "4",
    "first_day_of_week": "7",
}
MAIL = {
    "mail_host": "localhost",
    "mail_security": "none",
    "mail_port": "25",
    "mail_user": "",
    "password": "",
    "mail_from": "crm@nordwind.example",
}


class Sink(Message):
    def handle_message(self, message: object) -> None:
        pass


@pytest.fixture
def owner() -> Client:
    return signed_in(make_user())


@pytest.fixture
def port(settings: Any) -> Iterator[int]:
    import socket

    # A mail server on this machine is free to use at the ports of mail only.
    settings.OUTBOUND_NETWORKS = (ip_network("127.0.0.0/8"), ip_network("::1/128"))

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = int(probe.getsockname()[1])
    server = Controller(Sink(), hostname="127.0.0.1", port=free)
    server.start()
    yield free
    server.stop()


def test_the_firms_defaults_change(owner: Client) -> None:
    assert owner.post("/setup/workspace/", WORKSPACE).status_code == 302
    row = Workspace.objects.get()
    assert (row.currency, row.fiscal_year_start, row.first_day_of_week) == ("CHF", 4, 7)
    event = SecurityEvent.objects.get(kind="settings_changed")
    assert "currency" in event.detail["fields"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("public_address", "javascript:alert(1)"),
        ("public_address", "https://crm.example.com/path"),
        ("public_address", "https://user@crm.example.com"),
        ("currency", "XYZ"),
        ("fiscal_year_start", "13"),
        ("first_day_of_week", "0"),
        ("timezone", "Mars/Olympus"),
        ("name", ""),
    ],
)
def test_a_fault_is_said_at_its_field_and_the_rest_is_kept(
    owner: Client, field: str, typed: str
) -> None:
    answer = owner.post("/setup/workspace/", WORKSPACE | {field: typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert b'<option value="CH" selected>' in answer.content
    assert Workspace.objects.get().name == ""


def test_a_test_letter_shows_the_servers_own_answer(owner: Client, port: int) -> None:
    page = owner.post("/setup/mail/", MAIL | {"mail_port": port, "test": "1"})
    assert b"The server took a letter to" in page.content
    assert b"250 OK" in page.content
    assert Workspace.objects.get().sends_mail


def test_a_test_letter_that_does_not_leave_says_why(owner: Client, port: int) -> None:
    tls = MAIL | {"mail_port": port, "mail_security": "starttls", "test": "1"}
    page = owner.post("/setup/mail/", tls)
    assert b"did not leave" in page.content
    assert b"STARTTLS" in page.content


def test_the_mail_password_is_kept_unless_typed_anew_and_never_shown(owner: Client) -> None:
    with_user = MAIL | {"mail_user": "crm"}
    owner.post("/setup/mail/", with_user | {"password": "geheim"})
    sealed = Workspace.objects.get().mail_password_sealed
    assert sealed
    assert "geheim" not in sealed
    owner.post("/setup/mail/", with_user)
    assert Workspace.objects.get().mail_password_sealed == sealed
    page = owner.get("/setup/mail/").content.decode()
    assert "geheim" not in page
    assert sealed not in page
    owner.post("/setup/mail/", MAIL)
    assert Workspace.objects.get().mail_password_sealed == ""


def test_a_server_needs_a_sender(owner: Client) -> None:
    answer = owner.post("/setup/mail/", MAIL | {"mail_from": ""})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"mail_from"}


def test_the_security_diary_pages_by_its_last_line(owner: Client) -> None:
    for number in range(150):
        SecurityEvent.objects.create(kind="signed_in", detail={"name": f"line {number}"})
    first = owner.get("/setup/security/")
    second = owner.get(f"/setup/security/?after={first.context['next']}")
    assert len(first.context["events"]) == 100
    assert second.context["next"] is None
    assert owner.get("/setup/security/?after=nonsense'--").status_code == 200
