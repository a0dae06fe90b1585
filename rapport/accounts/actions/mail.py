"""Mail to colleagues."""

from rapport.accounts.jobs import mail_user
from rapport.accounts.models import User, Workspace
from rapport.accounts.outgoing import NotSent, send_mail

__all__ = ["NotSent", "send_mail_to_user", "send_test_mail"]


def send_mail_to_user(user: User, subject: str, text: str, to: str = "") -> None:
    """Have the worker mail the user once the present transaction commits.

    Nothing happens where no mail server is set or the user is deactivated. The text is kept with
    the job for a while, so it must carry no secret. `to` is an address that is no longer his.
    """
    mail_user.defer(user_id=str(user.pk), subject=subject, text=text, to=to)


def send_test_mail(workspace: Workspace, to: str, subject: str, text: str) -> str:
    """Send a letter now, with these settings, and return the server's answer. Raises NotSent."""
    return send_mail(workspace, to, subject, text)
