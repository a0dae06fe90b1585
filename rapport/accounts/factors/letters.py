"""What a person hears by mail when something is done to his second factor."""

from collections.abc import Callable

from django.utils import translation
from django.utils.translation import gettext as _

from rapport.accounts.actions.mail import send_mail_to_user
from rapport.accounts.models import User

type Letter = Callable[[User], tuple[str, str]]


def tell(user: User, letter: Letter) -> None:
    """Mail the user a letter in his language once the transaction commits."""
    with translation.override(user.language):
        send_mail_to_user(user, *letter(user))


def turned_off(user: User) -> tuple[str, str]:
    """Subject and text for who turned his second factor off."""
    return _("Your second factor is turned off"), _(
        "Hello %(name)s,\n\nyou sign in without a second factor from now on. If that was not "
        "you, choose a new password at once and tell your administrator."
    ) % {"name": user.name}


def reset(user: User) -> tuple[str, str]:
    """Subject and text for whose second factor an administrator reset."""
    return _("Your second factor was reset"), _(
        "Hello %(name)s,\n\nan administrator has reset your second factor. You can set up a new "
        "one under My account. If you did not ask for it, tell your administrator."
    ) % {"name": user.name}


def code_used(user: User) -> tuple[str, str]:
    """Subject and text for who came in with a recovery code."""
    return _("A recovery code was used"), _(
        "Hello %(name)s,\n\nsomebody signed in with your password and one of your recovery codes. "
        "If that was not you, choose a new password at once and tell your administrator."
    ) % {"name": user.name}
