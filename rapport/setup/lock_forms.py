"""The form of a lock: what it is called, when it is on, what it keeps, and for whom it is open."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from rapport.accounts.actions.actor import OWNER
from rapport.accounts.queries import role_names
from rapport.records.conditions import ConditionError, from_json, from_text, to_json, to_text
from rapport.records.declare import Keep, Object
from rapport.records.kinds import Context
from rapport.records.locking.checking import LONGEST_ADVICE, LONGEST_NAME, lockable
from rapport.records.models import RecordLock
from rapport.setup.field_forms import own_language

WORDS: Mapping[str, tuple[Any, int]] = {
    "name": (_("Name in %(language)s"), LONGEST_NAME),
    "advice": (_("What to do, in %(language)s"), LONGEST_ADVICE),
}


class LockForm(forms.Form):
    """A lock on records of one object."""

    def __init__(self, declaration: type[Object], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.declaration = declaration
        self._ask_words("name")
        self.fields["condition"] = forms.CharField(
            label=_("Locked while"),
            max_length=500,
            required=False,
            help_text=_("As in the search box of a list, on fields of the record: state:won."),
            widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        )
        self._ask_ticks(
            "fields",
            _("What stays as it is"),
            [(name, kind.label) for name, kind in lockable(declaration).items()],
            _("Tick none for the whole record; then it can't be deleted either."),
        )
        self._ask_ticks(
            "editors",
            _("Who may change it all the same"),
            [one for one in role_names().items() if one[0] != OWNER],
            _("Owners always may."),
        )
        self._ask_words("advice")

    def _ask_words(self, part: str) -> None:
        label, longest = WORDS[part]
        for code, language in settings.LANGUAGES:
            self.fields[f"{part}_{code}"] = forms.CharField(
                label=label % {"language": language}, max_length=longest, required=False
            )

    def _ask_ticks(self, name: str, label: Any, choices: list[Any], help_text: Any) -> None:
        self.fields[name] = forms.MultipleChoiceField(
            label=label,
            choices=choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=help_text,
        )

    def facts(self, context: Context) -> dict[str, Any]:
        """What was filled in, as a lock holds it. Raises ConditionError."""
        given = self.cleaned_data
        text = given["condition"]
        tree = to_json(from_text(text, self.declaration, context)) if text else {}
        facts = {"condition": tree, "fields": given["fields"], "editors": given["editors"]}
        for part in WORDS:
            words = {code: given[f"{part}_{code}"] for code, _name in settings.LANGUAGES}
            facts[part] = {code: said for code, said in words.items() if said}
        return facts

    def take_faults(self, faults: Mapping[str, str]) -> None:
        """Show the sentences at their fields; the others on top."""
        for name, sentence in faults.items():
            place = f"{name}_{own_language()}" if name in WORDS else name
            self.add_error(place if place in self.fields else None, sentence)


def initial_of(row: RecordLock, declaration: type[Object], context: Context) -> dict[str, Any]:
    """What the form of a lock shows at first."""
    shown: dict[str, Any] = {"fields": row.fields, "editors": row.editors}
    for part in WORDS:
        shown |= {f"{part}_{code}": text for code, text in getattr(row, part).items()}
    try:
        shown["condition"] = to_text(from_json(row.condition), declaration, context)
    except ConditionError:
        shown["condition"] = json.dumps(row.condition)
    return shown


def offered(keep: Keep, declaration: type[Object]) -> RecordLock:
    """The lock that a declaration offers, with its words in every language."""
    words: dict[str, dict[str, str]] = {"name": {}, "advice": {}}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            words["name"][code] = str(keep.name)
            words["advice"][code] = str(keep.advice)
    fields = list(keep.fields)
    return RecordLock(object=declaration.name, condition=dict(keep.when), fields=fields, **words)
