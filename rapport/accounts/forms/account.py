"""Forms of one's own account."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.accounts.forms.fields import EmailAddress, Language, Password, PersonName, Zone


class ProfileForm(forms.Form):
    """How the house speaks to this user."""

    name = PersonName()
    language = Language()
    timezone = Zone()


class EmailForm(forms.Form):
    """The address to sign in with from now on."""

    email = EmailAddress(autocomplete="off")


class PasswordForm(forms.Form):
    """A new password, by somebody who knows the old one."""

    current = Password(label=_("Present password"))
    password = Password(is_new=True, label=_("New password"))
