"""What is asked of whoever says who gets leads, and when people work."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from rapport.accounts.forms.absences import colleagues
from rapport.accounts.hours import week_of
from rapport.accounts.models import Role, Team, User, WorkingTime
from rapport.contacts.models import LeadRule, LeadSettings
from rapport.contacts.models.lead import RATINGS
from rapport.records import registry
from rapport.records.conditions import ConditionError, from_json, from_text, to_json, to_text
from rapport.records.kinds import Choice, Context
from rapport.records.kinds.text import Text
from rapport.setup.week_form import WeekForm

LONGEST = 4_000
MORE_ROWS = 3
#: What tables may go by beside the lead's own fields.
POINTED = ("person.country", "person.language", "company.country", "company.industry")


def table_fields() -> list[tuple[str, Any]]:
    """The fields that a table may go by."""
    own = registry.get("lead").fields.items()
    short = [(n, k.label) for n, k in own if isinstance(k, Choice) or type(k) is Text]
    others = []
    for path in POINTED:
        name, _dot, field = path.partition(".")
        label = registry.get(name).fields[field].label
        others.append((path, f"{registry.get(name).label}: {label}"))
    return [("", _("None")), *[one for one in short if one[0] != "name"], *others]


class RuleForm(forms.Form):
    """Which leads a rule is for, and who gets them."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100,
                           widget=forms.TextInput(attrs={"dir": "auto"}))  # fmt: skip
    is_on = forms.BooleanField(label=gettext_lazy("It is tried"), required=False, initial=True)
    condition = forms.CharField(
        label=gettext_lazy("For leads such as"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "spellcheck": "false"}),
        help_text=gettext_lazy("As in the box of a list: rating:hot source:Website. Empty: all."),
    )
    way = forms.ChoiceField(label=gettext_lazy("Who gets them"), choices=LeadRule.Way.choices)
    users = forms.MultipleChoiceField(
        label=gettext_lazy("Among"), choices=colleagues, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    team = forms.ChoiceField(label=gettext_lazy("and everybody of the team"), required=False)
    role = forms.ChoiceField(label=gettext_lazy("and everybody with the role"), required=False)
    field = forms.ChoiceField(
        label=gettext_lazy("Field of the table"), choices=table_fields, required=False
    )
    table = forms.CharField(
        label=gettext_lazy("Table"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr", "spellcheck": "false"}),
        help_text=gettext_lazy("A line each: what the field says = e-mail address of who gets it."),
    )
    most = forms.IntegerField(
        label=gettext_lazy("Nobody gets more than so many open leads"), required=False,
        min_value=1, max_value=10_000,
    )  # fmt: skip
    prefers_present = forms.BooleanField(
        label=gettext_lazy("Whoever is at work comes before those who are not"), required=False,
        initial=True,
    )  # fmt: skip

    def __init__(self, data: Any, rule: LeadRule | None, context: Context) -> None:
        super().__init__(data, initial=_initial(rule, context) if rule else None)
        self.context = context
        nobody: list[tuple[str, Any]] = [("", _("None"))]
        teams = [(str(key), name) for key, name in Team.objects.values_list("pk", "name")]
        roles = [(str(role.pk), str(role)) for role in Role.objects.all()]
        for name, choices in (("team", teams), ("role", roles)):
            self.fields[name] = forms.ChoiceField(
                label=self.base_fields[name].label, required=False, choices=nobody + choices
            )

    def clean_condition(self) -> dict[str, Any]:
        """The condition as a tree."""
        text = self.cleaned_data["condition"]
        try:
            return to_json(from_text(text, registry.get("lead"), self.context)) if text else {}
        except ConditionError as problem:
            raise forms.ValidationError(str(problem)) from None

    def clean_table(self) -> dict[str, str]:
        """Who gets what, by key of the user."""
        known = {
            email: str(key)
            for email, key in User.objects.filter(is_active=True).values_list("email", "pk")
        }
        return dict(_lines(self.cleaned_data["table"], known))

    def facts(self) -> dict[str, Any]:
        """What was filled in, as a rule keeps it."""
        given = dict(self.cleaned_data)
        given["team_id"] = given.pop("team") or None
        given["role_id"] = given.pop("role") or None
        return given


def _lines(text: str, known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), 1):
        word, equals, email = (part.strip() for part in line.rpartition("="))
        if not equals or not word or email.casefold() not in known:
            raise forms.ValidationError(
                _("Line %(n)d: write what the field says = the e-mail address of a colleague.")
                % {"n": number}
            )
        yield word, known[email.casefold()]


def _initial(rule: LeadRule, context: Context) -> dict[str, Any]:
    facts = {name: getattr(rule, name) for name in RuleForm.base_fields}
    emails = {str(key): email for key, email in User.objects.values_list("pk", "email")}
    table = [f"{word} = {emails.get(key, '')}" for word, key in rule.table.items()]
    return facts | {
        "condition": condition_text(rule, context), "table": "\n".join(table),
        "team": rule.team_id or "", "role": rule.role_id or "",
    }  # fmt: skip


def condition_text(rule: LeadRule, context: Context) -> str:
    """The condition of a rule as one types it; as it is kept where that can't be read any more."""
    if not rule.condition:
        return ""
    try:
        return to_text(from_json(rule.condition), registry.get("lead"), context)
    except ConditionError:
        return json.dumps(rule.condition)


class AnswersForm(forms.Form):
    """How soon leads are to be answered: rows of source, rating and minutes, and the rest."""

    minutes = forms.IntegerField(
        label=gettext_lazy("All others within minutes"), required=False, min_value=1,
        max_value=100_000,
        help_text=gettext_lazy("In working hours. Empty: no target."),
    )  # fmt: skip
    warn_minutes = forms.IntegerField(
        label=gettext_lazy("Tell the owner so many minutes before"), min_value=0, max_value=10_000
    )
    tells_manager = forms.BooleanField(
        label=gettext_lazy("When it is late, tell whom the owner reports to as well"),
        required=False,
    )

    def __init__(self, data: Any, settings: LeadSettings) -> None:
        first = {name: getattr(settings, name) for name in self.base_fields}
        self.count = len(settings.targets) + MORE_ROWS
        for number, target in enumerate(settings.targets):
            first |= {f"{name}_{number}": value for name, value in target.items()}
        super().__init__(data, initial=first)
        ratings = [("", pgettext_lazy("rating", "Any")), *RATINGS.items()]
        for number in range(self.count):
            self.fields[f"source_{number}"] = forms.CharField(
                label=gettext_lazy("Source"), required=False, max_length=100)  # fmt: skip
            self.fields[f"rating_{number}"] = forms.ChoiceField(
                label=gettext_lazy("Rating"), required=False, choices=ratings)  # fmt: skip
            self.fields[f"minutes_{number}"] = forms.IntegerField(
                label=gettext_lazy("Minutes"), required=False, min_value=1,
                max_value=100_000)  # fmt: skip

    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of each row."""
        names = ("source", "rating", "minutes")
        return [[self[f"{name}_{number}"] for name in names] for number in range(self.count)]

    def plain(self) -> list[forms.BoundField]:
        """The other fields."""
        return [self[name] for name in self.base_fields]

    def facts(self) -> dict[str, Any]:
        """What was filled in; rows without minutes are left out."""
        given = self.cleaned_data
        rows = [
            {name: given[f"{name}_{n}"] for name in ("source", "rating", "minutes")}
            for n in range(self.count)
        ]
        kept = {name: given[name] for name in self.base_fields}
        return kept | {"targets": [row for row in rows if row["minutes"]]}


class HoursForm(WeekForm):
    """The hours of a week; for the firm also the days on which nobody works."""

    def __init__(self, data: Any, row: WorkingTime | None, *, of_firm: bool) -> None:
        closed = row.closed if row else []
        super().__init__(data, week_of(row), closed="\n".join(closed))
        if of_firm:
            self.fields["closed"] = forms.CharField(
                label=_("Days on which nobody works"), required=False, max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr"}),
                help_text=_("A line each, such as 2026-12-25."),
            )  # fmt: skip
            self.fields["keeps_holidays"] = forms.BooleanField(
                label=_("Public holidays of our country are free"), required=False,
                initial=row.keeps_holidays if row else True,
                help_text=_("The country is that of the company, under Settings."),
            )  # fmt: skip

    def clean_closed(self) -> list[date]:
        """The days as dates."""
        lines = [one.strip() for one in self.cleaned_data["closed"].splitlines() if one.strip()]
        try:
            return [date.fromisoformat(line) for line in lines]
        except ValueError:
            raise forms.ValidationError(
                _("Write each day on a line of its own, as year-month-day: 2026-12-25.")
            ) from None
