"""Forms of second factors."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from rapport.accounts.forms.fields import Password
from rapport.accounts.queries import roles


class CodeForm(forms.Form):
    """A code of an app, or one from paper."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "spellcheck": "false", "autofocus": True}
        ),
    )


class AppCodeForm(CodeForm):
    """The first code of an app that was just told the secret."""

    code = forms.CharField(
        label=_("The six digits that the app shows"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class ConfirmForm(forms.Form):
    """Password and code once more, before something that matters."""

    password = Password()
    code = CodeForm.base_fields["code"]

    def __init__(
        self, data: QueryDict | None = None, *, has_password: bool, has_factor: bool
    ) -> None:
        super().__init__(data)
        if not has_password:
            del self.fields["password"]
        if not has_factor:
            del self.fields["code"]


class RulesForm(forms.Form):
    """Which roles need a second factor."""

    roles = forms.MultipleChoiceField(
        label=_("These roles need a second factor"),
        choices=lambda: [(role.key, str(role)) for role in roles()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class PasskeyNameForm(forms.Form):
    """What a passkey is called."""

    name = forms.CharField(
        label=_("What do you call it"),
        max_length=100,
        help_text=_("The device it lies on, such as “My phone”."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )


class PasskeyForm(PasskeyNameForm):
    """A new passkey's name, and what the device says of it."""

    answer = forms.CharField(widget=forms.HiddenInput, max_length=10_000)
