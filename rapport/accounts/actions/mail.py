"""Mail to colleagues."""

from rapport.accounts.jobs import mail_user
from rapport.accounts.models import User


def send_mail_to_user(user: User, subject: str, text: str) -> None:
    """Have the worker mail the user once the present transaction commits.

    Nothing happens where no mail server is set or the user is deactivated. The text is kept with
    the job for a while, so it must carry no secret.
    """
    mail_user.defer(user_id=str(user.pk), subject=subject, text=text)
