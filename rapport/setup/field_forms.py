"""The form of a custom field, made for its kind, and what was posted in it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from rapport.accounts.queries import role_names
from rapport.records import registry
from rapport.records.conditions import ConditionError, from_json, from_text, to_json, to_text
from rapport.records.declare import Object
from rapport.records.kinds import Context, Kind
from rapport.records.metadata.building import (
    CAN_BE_UNIQUE,
    CAN_HAVE_DEFAULT,
    CHOOSING,
    can_be_searched,
)
from rapport.records.metadata.checking import LONGEST_HELP, LONGEST_LABEL, MOST_CHOICES
from rapport.records.models import CustomField

SPARE = 4
RULE_WORDS: Mapping[str, Any] = {
    "visible_when": _("Shown only when"),
    "required_when": _("Required when"),
}
KIND_WORDS: Mapping[str, tuple[Any, Any, str]] = {
    "text": (_("Text"), _("One line: a number of a contract, a nickname"), "text"),
    "long_text": (_("Long text"), _("Paragraphs with bold words and lists"), "note"),
    "choice": (_("Choice"), _("One of a list that you give"), "list"),
    "choices": (_("Several choices"), _("Any number of a list that you give"), "layers"),
    "boolean": (_("Yes or no"), _("A box to tick"), "check"),
    "integer": (_("Whole number"), _("A count: seats, machines"), "hash"),
    "decimal": (_("Number"), _("With decimals: a weight, a length"), "numbers"),
    "money": (_("Money"), _("An amount with its currency"), "money"),
    "percent": (_("Percent"), _("A share or a discount"), "percent"),
    "rating": (_("Rating"), _("One to five stars"), "star"),
    "date": (_("Date"), _("A day"), "cal"),
    "datetime": (_("Date and time"), _("A moment, shown in each reader's zone"), "clock"),
    "url": (_("Web address"), _("Opens in a new tab"), "globe"),
    "email": (_("E-mail address"), _("A click writes to it"), "at"),
    "phone": (_("Phone number"), _("A click calls it"), "phone"),
    "relation": (_("Another record"), _("Points at a company, a person, a deal"), "link"),
    "user": (_("Colleague"), _("One of the users here"), "user"),
    "formula": (_("Formula"), _("Worked out of other fields: a margin, a due date"), "fx"),
}
SCORE_WORDS = (_("Completeness"), _("From 0 to 100, by rules"), "target")
TONE_WORDS = {
    "plain": _("Grey"),
    "good": _("Green"),
    "warn": _("Amber"),
    "bad": _("Red"),
    "info": _("Blue"),
}


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """One choice as the form shows it: its key, its words by language, its colour."""

    number: int
    key: str
    words: Sequence[tuple[str, Any, str]]
    tone: str
    #: The values of the controlling field for which it is offered, parted by commas.
    control: str


class FieldForm(forms.Form):
    """What a field of one kind is called, asks for and who sees it."""

    def __init__(
        self, kind: str, declaration: type[Object], *args: Any, is_new: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.kind, self.declaration = kind, declaration
        for code, language in settings.LANGUAGES:
            self.fields[f"label_{code}"] = forms.CharField(
                label=_("Name in %(language)s") % {"language": language},
                max_length=LONGEST_LABEL,
                required=False,
            )
        if is_new:
            self._ask_once()
        for code, language in settings.LANGUAGES:
            self.fields[f"help_{code}"] = forms.CharField(
                label=_("Help in %(language)s") % {"language": language},
                max_length=LONGEST_HELP,
                required=False,
            )
        self._ask_rules()
        self._ask_conditions()
        self._ask_rights()

    def _ask_once(self) -> None:
        if self.kind == "relation":
            objects = [one for one in registry.all_objects() if not one.audience]
            self.fields["to"] = forms.ChoiceField(
                label=_("It points at"),
                choices=[(one.name, one.label_plural) for one in objects],
            )
        self.fields["name"] = forms.CharField(
            label=_("Name in the API"),
            max_length=40,
            required=False,
            help_text=_("Made of the name if you leave it empty. It never changes afterwards."),
            widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        )

    def _ask_rules(self) -> None:
        if self.kind != "boolean":
            self.fields["required"] = _tick(_("Required in new records"))
        if self.kind in CAN_BE_UNIQUE:
            self.fields["unique"] = _tick(_("No two records may have the same value"))
        if can_be_searched(self.kind):
            self.fields["search"] = _tick(_("The search box finds records by it"))
        if self.kind == "boolean":
            self.fields["default"] = _tick(_("Ticked at first"))
        elif self.kind in CAN_HAVE_DEFAULT:
            self.fields["default"] = forms.CharField(
                label=_("Default value"), max_length=500, required=False
            )

    def _ask_conditions(self) -> None:
        for name, label in RULE_WORDS.items():
            self.fields[name] = forms.CharField(
                label=label,
                max_length=500,
                required=False,
                help_text=_("As in the search box of a list, such as city:Madrid amount>1000."),
                widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
            )
        if self.kind in CHOOSING:
            others = [(one, kind.label) for one, kind in controls(self.declaration)
                      if one != self.initial.get("own_name")]  # fmt: skip
            self.fields["controlled_by"] = forms.ChoiceField(
                label=_("Its choices depend on"),
                choices=[("", _("Nothing")), *others],
                required=False,
            )

    def _ask_rights(self) -> None:
        self.fields["personal"] = forms.ChoiceField(
            label=_("Is it about a person?"),
            choices=CustomField._meta.get_field("personal").flatchoices,
            help_text=_("Personal data is told of and forgotten as the law asks."),
        )
        roles = list(role_names().items())
        for name, label in (("readers", _("Who sees it")), ("editors", _("Who changes it"))):
            self.fields[name] = forms.MultipleChoiceField(
                label=label,
                choices=roles,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("Tick none for all who may do so with the record."),
            )

    def facts(self) -> dict[str, Any]:
        """What was filled in, as the field holds it."""
        given = self.cleaned_data
        asked = ("name", "to", "required", "unique", "search", "personal", "readers", "editors")
        facts: dict[str, Any] = {name: given[name] for name in asked if name in given}
        for part in ("label", "help"):
            words = {code: given.get(f"{part}_{code}", "") for code, _name in settings.LANGUAGES}
            facts[part] = {code: text for code, text in words.items() if text}
        if "controlled_by" in given:
            facts["controlled_by"] = given["controlled_by"]
        if "default" in given:
            facts["default"] = given["default"] or None
        return facts

    def take_faults(self, faults: Mapping[str, str]) -> None:
        """Show the sentences at their fields; the others on top."""
        for name, sentence in faults.items():
            place = f"{name}_{own_language()}" if name in ("label", "help") else name
            self.add_error(place if place in self.fields else None, sentence)


def initial_of(row: CustomField) -> dict[str, Any]:
    """What the form of a field shows at first."""
    names = ("required", "unique", "search", "personal", "readers", "editors")
    shown = {name: getattr(row, name) for name in names}
    shown |= {"controlled_by": row.controlled_by, "own_name": row.name}
    for part in ("label", "help"):
        shown |= {f"{part}_{code}": text for code, text in getattr(row, part).items()}
    value = row.default
    shown["default"] = ",".join(value) if isinstance(value, list) else value
    return shown


def controls(declaration: type[Object]) -> list[tuple[str, Kind]]:
    """The fields whose value may say which choices another one has."""
    return [(n, kind) for n, kind in declaration.fields.items() if kind.type == "choice"]


def read_rules(
    form: FieldForm, declaration: type[Object], context: Context
) -> dict[str, Any] | None:
    """The conditions as they were written; None with the faults in the form."""
    facts: dict[str, Any] = {}
    for name in RULE_WORDS:
        text = form.cleaned_data.get(name) or ""
        try:
            facts[name] = to_json(from_text(text, declaration, context)) if text else {}
        except ConditionError as problem:
            form.add_error(name, str(problem))
    return None if form.errors else facts


def written_rules(row: CustomField, declaration: type[Object], context: Context) -> dict[str, str]:
    """The conditions of a field as one writes them."""
    found = {}
    for name in RULE_WORDS:
        tree = getattr(row, name)
        try:
            found[name] = to_text(from_json(tree), declaration, context) if tree else ""
        except ConditionError:
            found[name] = json.dumps(tree)
    return found


def choice_rows(options: Sequence[Mapping[str, Any]]) -> Sequence[ChoiceRow]:
    """The choices and some empty rows for more."""
    blank: dict[str, Any] = {"key": "", "label": {}, "tone": ""}
    return [
        ChoiceRow(
            number,
            one["key"],
            [(code, name, one["label"].get(code, "")) for code, name in settings.LANGUAGES],
            one.get("tone", ""),
            ", ".join(one.get("for", ())),
        )
        for number, one in enumerate([*options, *[blank] * SPARE])
    ]


def posted_choices(data: QueryDict, kind: str) -> list[dict[str, Any]]:
    """The choices in their posted order; a row without words is none."""
    if kind not in CHOOSING:
        return []
    found: list[dict[str, Any]] = []
    for number in _posted_order(data):
        words = {
            code: data.get(f"choice-{number}-{code}", "").strip()
            for code, _name in settings.LANGUAGES
        }
        label = {code: text for code, text in words.items() if text}
        if label:
            key = data.get(f"choice-{number}-key", "") or _free_key(label, found)
            found.append(
                {
                    "key": key,
                    "label": label,
                    "tone": data.get(f"choice-{number}-tone", ""),
                    **_control(data.get(f"choice-{number}-for", "")),
                }
            )
    return found


def _posted_order(data: QueryDict) -> list[int]:
    """The numbers of the rows as they stand in the form, then those that it does not name."""
    every = range(MOST_CHOICES + SPARE + 1)
    known = {str(number): number for number in every}
    named = [known[text] for text in data.getlist("choice-order") if text in known]
    return list(dict.fromkeys([*named, *every]))


def _control(text: str) -> dict[str, list[str]]:
    keys = [part.strip() for part in text.split(",") if part.strip()]
    return {"for": keys} if keys else {}


def _free_key(label: Mapping[str, str], others: Sequence[Mapping[str, Any]]) -> str:
    """A key that no other choice has; it stays when the words change."""
    words = label.get("en") or next(iter(label.values()))
    base = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")[:50] or "choice"
    taken = {one["key"] for one in others}
    names = (base if number == 1 else f"{base}_{number}" for number in range(1, MOST_CHOICES + 2))
    return next(name for name in names if name not in taken)


def _tick(label: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)


def own_language() -> str:
    """The language of the reader, if words are asked for in it, else English."""
    code = (get_language() or "en").split("-")[0]
    return code if code in dict(settings.LANGUAGES) else "en"
