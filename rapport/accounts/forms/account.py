"""Forms of one's own account."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rapport.accounts.forms.fields import Language, Password, PersonName, Zone

LIVES = [
    ("30", _("30 days")),
    ("90", _("90 days")),
    ("365", _("A year")),
    ("", _("Until it is revoked")),
]
SCOPES = [("write", _("Read and change what I may change")), ("read", _("Read only"))]


class ProfileForm(forms.Form):
    """How the house speaks to this user."""

    name = PersonName()
    language = Language()
    timezone = Zone()


class PasswordForm(forms.Form):
    """A new password, by somebody who knows the old one."""

    current = Password(label=_("Present password"))
    password = Password(is_new=True, label=_("New password"))


class TokenForm(forms.Form):
    """A token for a program."""

    def __init__(self, *args: Any, **options: Any) -> None:
        # Beside the profile on one page, where "name" is taken.
        super().__init__(*args, **{"auto_id": "token_%s", **options})

    name = forms.CharField(
        label=_("What is it for"), max_length=100, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    scope = forms.ChoiceField(label=_("It may"), choices=SCOPES)
    days = forms.ChoiceField(label=_("It works for"), choices=LIVES, required=False, initial="90")

    def expiry(self) -> datetime | None:
        """When the token ends, None for never."""
        days = self.cleaned_data["days"]
        return timezone.now() + timedelta(days=int(days)) if days else None
