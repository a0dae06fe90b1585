import socket
import ssl
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_string, policy
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.test import Client
from django.utils import timezone

from rapport.accounts.actions import change_mail_settings, invite, send_mail_to_user
from rapport.accounts.jobs import answer_reset, mail_link, mail_user
from rapport.accounts.models import OneTimeLink, SecurityEvent, User, Workspace
from rapport.accounts.outgoing import NotSent, send_mail
from rapport.accounts.testing import make_user

pytestmark = pytest.mark.django_db

LOOPBACK = ip_network("127.0.0.0/8")
SENDER = "crm@nordwind.example"


class Postbox:
    """Keeps what arrives; refuses one recipient by name."""

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.entries: list[tuple[bytes, bytes]] = []

    async def handle_RCPT(  # noqa: N802 - the server's word
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address.startswith("nobody@"):
            return "550 5.1.1 No such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append(envelope.content.decode())
        return "250 2.0.0 Queued as 4711"

    def authenticate(self, _s: Any, _session: Any, _e: Any, _m: Any, data: Any) -> AuthResult:
        self.entries.append((data.login, data.password))
        return AuthResult(success=data.password == b"geheim", handled=False)


@pytest.fixture
def postbox(settings: Any) -> Iterator[Postbox]:
    settings.OUTBOUND_NETWORKS = (LOOPBACK,)
    box = Postbox()
    port = _free_port()
    server = Controller(
        box,
        hostname="127.0.0.1",
        port=port,
        authenticator=box.authenticate,
        auth_require_tls=False,
    )
    server.start()
    Workspace.objects.update(
        name="Nordwind, Instruments",
        mail_host="127.0.0.1",
        mail_port=port,
        mail_security="none",
        mail_from=SENDER,
        public_address="https://crm.nordwind.example",
    )
    yield box
    server.stop()


def send(to: str = "ida@nordwind.example", subject: str = "Hello", text: str = "Hello.") -> str:
    return send_mail(Workspace.objects.get(), to, subject, text)


def test_the_servers_own_answer_comes_back(postbox: Postbox) -> None:
    assert send() == "250 2.0.0 Queued as 4711"
    assert 'From: "Nordwind, Instruments" <crm@nordwind.example>' in postbox.letters[0]


def test_a_refusal_comes_back_in_the_servers_words(postbox: Postbox) -> None:
    with pytest.raises(NotSent, match=r"550 5\.1\.1 No such person"):
        send("nobody@nordwind.example")


def test_a_subject_can_not_smuggle_headers_in(postbox: Postbox) -> None:
    send(subject="Hello\r\nBcc: evil@evil.example")
    head = postbox.letters[0].partition("\r\n\r\n")[0]
    assert "\nBcc:" not in head
    assert "Subject: Hello Bcc: evil@evil.example" in head


def test_the_password_is_sealed_in_the_database_and_used_unsealed(postbox: Postbox) -> None:
    change_mail_settings({"mail_user": "crm"}, "geheim")
    assert "geheim" not in str(Workspace.objects.values().get())
    send()
    assert postbox.entries == [(b"crm", b"geheim")]
    assert "geheim" not in str(list(SecurityEvent.objects.values()))


def test_a_wrong_password_is_said_in_the_servers_words(postbox: Postbox) -> None:
    change_mail_settings({"mail_user": "crm"}, "falsch")
    with pytest.raises(NotSent, match="535"):
        send()


def test_a_password_sealed_with_another_key_asks_to_be_typed_again(
    postbox: Postbox, settings: Any
) -> None:
    change_mail_settings({"mail_user": "crm"}, "geheim")
    settings.SECRET_KEY = "another key"
    with pytest.raises(NotSent, match="Type it again"):
        send()


def test_a_server_without_tls_is_not_spoken_to_in_the_clear(postbox: Postbox) -> None:
    Workspace.objects.update(mail_security="starttls")
    with pytest.raises(NotSent, match="STARTTLS"):
        send()
    Workspace.objects.update(mail_security="tls")
    with pytest.raises(NotSent, match="No safe connection"):
        send()
    assert not postbox.letters


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "::ffff:169.254.169.254", "0", "224.0.0.1", "0xa9fea9fe"]
)
def test_mail_never_goes_where_clouds_keep_credentials_twenty_17973(
    postbox: Postbox, host: str
) -> None:
    Workspace.objects.update(mail_host=host)
    with pytest.raises(NotSent, match="not an address Rapport connects to"):
        send()


def test_a_closed_port_is_a_sentence_not_a_crash(postbox: Postbox) -> None:
    Workspace.objects.update(mail_port=1)
    with pytest.raises(NotSent, match="refused"):
        send()


def test_an_invitation_arrives_with_a_link_that_works(postbox: Postbox) -> None:
    make_user()
    user, _secret = invite("luis@nordwind.example", "Luis", language="es")
    mail_link(str(user.pk), "invitation")
    address = _address_in(postbox.letters[0])
    assert address.startswith("https://crm.nordwind.example/invite/")
    assert _follow(address) == 200


def test_a_reset_is_mailed_to_those_who_exist_only(postbox: Postbox) -> None:
    make_user(email="ida@nordwind.example")
    answer_reset("somebody.else@nordwind.example", None, "en")
    assert not postbox.letters
    answer_reset("ida@nordwind.example", None, "en")
    assert _follow(_address_in(postbox.letters[0])) == 200
    assert SecurityEvent.objects.filter(kind="reset_requested").count() == 1


def test_a_link_that_could_not_be_mailed_is_not_left_behind(postbox: Postbox) -> None:
    user = make_user(email="nobody@nordwind.example")
    with pytest.raises(NotSent):
        mail_link(str(user.pk), "reset")
    assert not OneTimeLink.objects.exists()


def test_a_deactivated_colleague_gets_no_mail(postbox: Postbox) -> None:
    user = make_user()
    send_mail_to_user(user, "You were mentioned", "Ida mentioned you.")
    User.objects.update(is_active=False)
    mail_user(str(user.pk), "You were mentioned", "Ida mentioned you.")
    assert not postbox.letters


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _address_in(letter: str) -> str:
    body = message_from_string(letter, policy=policy.default).get_content()
    return next(word for word in body.split() if word.startswith("https://"))


def _follow(address: str) -> int:
    return Client().get("/" + address.split("/", 3)[3]).status_code


def test_a_server_nobody_vouches_for_is_not_trusted(postbox: Postbox, tmp_path: Path) -> None:
    port = _free_port()
    impostor = Controller(
        postbox, hostname="127.0.0.1", port=port, ssl_context=_self_signed(tmp_path)
    )
    impostor.start()
    Workspace.objects.update(mail_security="tls", mail_port=port)
    try:
        with pytest.raises(NotSent, match="certificate verify failed"):
            send()
    finally:
        impostor.stop()


def _self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = timezone.now()
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "server.pem").write_bytes(secret + certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context
