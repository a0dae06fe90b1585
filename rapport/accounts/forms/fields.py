"""Fields that several account forms share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.accounts import choices


class EmailAddress(forms.EmailField):
    """An address one signs in with."""

    def __init__(self, autocomplete: str = "username", **options: Any) -> None:
        widget = forms.EmailInput(attrs={"autocomplete": autocomplete, "spellcheck": "false"})
        super().__init__(label=_("E-mail address"), max_length=254, widget=widget, **options)


class Password(forms.CharField):
    """A password as typed: spaces count."""

    def __init__(self, *, is_new: bool = False, **options: Any) -> None:
        autocomplete = "new-password" if is_new else "current-password"
        options.setdefault("label", _("Password"))
        if is_new:
            options.setdefault("help_text", _("At least 10 characters. A short sentence is good."))
        super().__init__(
            strip=False,
            max_length=256,
            widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
            **options,
        )


class PersonName(forms.CharField):
    """What colleagues call this person."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Your name"))
        widget = forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"})
        super().__init__(max_length=200, widget=widget, **options)


class Language(forms.ChoiceField):
    """One of the languages the house speaks."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Language"))
        super().__init__(choices=choices.languages, **options)


class Zone(forms.ChoiceField):
    """A time zone; where scripts run, the browser's own is chosen for a newcomer."""

    def __init__(self, *, guesses: bool = False, **options: Any) -> None:
        options.setdefault("label", _("Time zone"))
        widget = forms.Select(attrs={"data-guess-zone": ""} if guesses else {})
        super().__init__(choices=choices.zones, widget=widget, **options)


class Currency(forms.ChoiceField):
    """A currency in use today."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Currency"))
        super().__init__(choices=choices.currencies, **options)
