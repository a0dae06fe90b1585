"""Forms of people who are not in yet."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.accounts.forms.fields import (
    Currency,
    EmailAddress,
    Language,
    Password,
    PersonName,
    Zone,
)


class SignInForm(forms.Form):
    """E-mail and password."""

    # No check of the address's form: one that nobody can have is simply wrong, like any other.
    email = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username webauthn", "spellcheck": "false"}),
    )
    password = Password()
    stay = forms.BooleanField(
        label=_("Stay signed in on this device for 30 days"), required=False, initial=False
    )
    next = forms.CharField(widget=forms.HiddenInput, required=False)


class WelcomeForm(forms.Form):
    """The first user and his firm."""

    name = PersonName()
    email = EmailAddress()
    password = Password(is_new=True)
    company = forms.CharField(
        label=_("Company"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
    )
    language = Language()
    currency = Currency(help_text=_("Totals are counted in it; deals may use any other."))
    timezone = Zone(guesses=True)


class ResetForm(forms.Form):
    """Whose password is forgotten."""

    email = EmailAddress()


class NewPasswordForm(forms.Form):
    """A password in place of the forgotten one."""

    password = Password(is_new=True, label=_("New password"))


class InvitationForm(forms.Form):
    """What an invited colleague settles for himself."""

    name = PersonName()
    password = Password(is_new=True)
    language = Language()
    timezone = Zone(guesses=True)
