"""The form of an object of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rapport.records.metadata.checking import LONGEST_HELP, LONGEST_LABEL
from rapport.records.metadata.object_checks import ICONS
from rapport.records.models import CustomObject
from rapport.setup.field_forms import own_language

WORDS: Mapping[str, tuple[Any, int]] = {
    "label": (_("Name, singular (%(language)s)"), LONGEST_LABEL),
    "label_plural": (_("Name, plural (%(language)s)"), LONGEST_LABEL),
    "description": (_("Description (%(language)s)"), LONGEST_HELP),
}
ONCE = ("name", "plural")


class ObjectForm(forms.Form):
    """What an object is called, and whose its records are."""

    def __init__(self, *args: Any, is_new: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        for part, (label, longest) in WORDS.items():
            for code, language in settings.LANGUAGES:
                self.fields[f"{part}_{code}"] = forms.CharField(
                    label=label % {"language": language}, max_length=longest, required=False
                )
        if is_new:
            self._ask_once()
        self.fields["icon"] = forms.ChoiceField(
            label=_("Icon"), choices=[(one, one) for one in ICONS]
        )
        self.fields["access"] = forms.ChoiceField(
            label=_("Whose are its records?"),
            choices=[
                ("owned", _("Each belongs to a colleague, and roles say how far others reach")),
                ("shared", _("They belong to everybody")),
            ],
        )
        self.fields["personal"] = forms.ChoiceField(
            label=_("Is it about a person?"),
            choices=CustomObject._meta.get_field("personal").flatchoices,
        )

    def _ask_once(self) -> None:
        for name, label in zip(
            ONCE, (_("Name in the API"), _("Web address of the list")), strict=True
        ):
            self.fields[name] = forms.CharField(
                label=label,
                max_length=40,
                required=False,
                help_text=_("Made of the name if you leave it empty. It never changes afterwards."),
                widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
            )

    def facts(self) -> dict[str, Any]:
        """What was filled in, as the object holds it."""
        given = self.cleaned_data
        asked = (*ONCE, "icon", "access", "personal")
        facts: dict[str, Any] = {name: given[name] for name in asked if name in given}
        for part in WORDS:
            words = {code: given.get(f"{part}_{code}", "") for code, _name in settings.LANGUAGES}
            facts[part] = {code: text for code, text in words.items() if text}
        return facts

    def take_faults(self, faults: Mapping[str, str]) -> None:
        """Show the sentences at their fields."""
        for name, sentence in faults.items():
            place = f"{name}_{own_language()}" if name in WORDS else name
            self.add_error(place if place in self.fields else None, sentence)


def initial_of(row: CustomObject) -> dict[str, Any]:
    """What the form of an object shows at first."""
    shown: dict[str, Any] = {name: getattr(row, name) for name in ("icon", "access", "personal")}
    for part in WORDS:
        shown |= {f"{part}_{code}": text for code, text in getattr(row, part).items()}
    return shown
