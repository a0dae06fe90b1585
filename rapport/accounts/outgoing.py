"""The one door through which mail leaves the house. No other module opens SMTP."""

import smtplib
import socket
import ssl
from email.message import EmailMessage
from email.utils import formataddr, formatdate, make_msgid

from django.utils.translation import gettext as _

from rapport.accounts.models import Workspace
from rapport.accounts.outbound.reach import Deadline, Forbidden, Reach, connect
from rapport.accounts.sealing import CannotOpen, open_sealed

TIMEOUT = 15
FIRST_REFUSAL = 400


class NotSent(Exception):
    """The mail did not leave; the message says why, with the server's own words."""


def send_mail(
    workspace: Workspace, to: str, subject: str, text: str, *, calendar: bytes = b""
) -> str:
    """Send one plain mail through the workspace's server and return the server's last answer.

    With `calendar`, an iCalendar file, programs offer the meeting in it. Raises NotSent.
    """
    message = _message(workspace, to, subject, text)
    if calendar:
        _add_calendar(message, calendar)
    try:
        with _open(workspace) as server:
            _introduce(server, workspace)
            return _hand_over(server, workspace.mail_from, to, message)
    except Forbidden as refusal:
        raise NotSent(str(refusal)) from refusal
    except smtplib.SMTPResponseException as refusal:
        raise NotSent(_answer(refusal.smtp_code, refusal.smtp_error)) from refusal
    except smtplib.SMTPRecipientsRefused as refusal:
        raise NotSent(_answer(*refusal.recipients[to])) from refusal
    except ssl.SSLError as fault:
        raise NotSent(_("No safe connection: %(reason)s") % {"reason": fault}) from fault
    except TimeoutError as fault:
        raise NotSent(
            _("%(host)s did not answer within %(seconds)s seconds.")
            % {"host": workspace.mail_host, "seconds": TIMEOUT}
        ) from fault
    except (OSError, smtplib.SMTPException) as fault:
        raise NotSent(str(fault)) from fault


def _message(workspace: Workspace, to: str, subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = formataddr((workspace.name, workspace.mail_from))
    message["To"] = to
    # A name in a subject may hold anything; a header holds one line.
    message["Subject"] = " ".join(subject.split())
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=workspace.mail_from.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def _add_calendar(message: EmailMessage, file: bytes) -> None:
    """As an alternative, which mail programs act on, and as a file for those that don't."""
    method = "CANCEL" if b"METHOD:CANCEL" in file else "REQUEST"
    text = file.decode()
    message.add_alternative(text, subtype="calendar", params={"method": method})
    message.add_attachment(file, maintype="text", subtype="calendar", filename="invite.ics")


def _open(workspace: Workspace) -> smtplib.SMTP:
    host, port = workspace.mail_host, workspace.mail_port
    if workspace.mail_security == Workspace.MailSecurity.TLS:
        return _DirectTls(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
    return _Direct(host, port, timeout=TIMEOUT)


def _introduce(server: smtplib.SMTP, workspace: Workspace) -> None:
    if workspace.mail_security == Workspace.MailSecurity.STARTTLS:
        server.starttls(context=ssl.create_default_context())
    server.ehlo_or_helo_if_needed()
    if workspace.mail_user:
        server.login(workspace.mail_user, _password(workspace))


def _password(workspace: Workspace) -> str:
    try:
        return open_sealed(workspace.mail_password_sealed)
    except CannotOpen as lost:
        raise NotSent(
            _("The stored mail password can't be read with this installation's key. Type it again.")
        ) from lost


def _hand_over(server: smtplib.SMTP, sender: str, to: str, message: EmailMessage) -> str:
    for code, answer in (server.mail(sender), server.rcpt(to)):
        if code >= FIRST_REFUSAL:
            raise smtplib.SMTPResponseException(code, answer)
    return _answer(*server.data(message.as_bytes()))


def _answer(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"{code} {text}"


class _Direct(smtplib.SMTP):
    """Connects to a checked address."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return connect(host, port, Reach.MAIL, Deadline(timeout))


class _DirectTls(smtplib.SMTP_SSL):
    """Connects to a checked address and speaks TLS from the start."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = connect(host, port, Reach.MAIL, Deadline(timeout))
        try:
            return self.context.wrap_socket(plain, server_hostname=host)
        except OSError:
            plain.close()
            raise
