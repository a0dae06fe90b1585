"""The form of a formula field, and what is said of a formula while it is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from rapport.records.conditions.related import sets_of
from rapport.records.declare import Object
from rapport.records.expressions.columns import type_of
from rapport.records.expressions.errors import FormulaError
from rapport.records.expressions.functions import FUNCTIONS, Function
from rapport.records.expressions.tree import LONGEST
from rapport.records.kinds import Context
from rapport.records.metadata.formula_checks import book_with
from rapport.records.metadata.formula_shapes import MOST_PLACES, PERCENT, USUAL_PLACES
from rapport.records.metadata.formula_trying import Example, tried
from rapport.records.metadata.formulas import FORMULA
from rapport.records.models import CustomField
from rapport.setup.field_forms import FieldForm

GROUPS: Mapping[str, Any] = {
    "signs": _("Operators"),
    "logic": _("Decisions"),
    "numbers": _("Numbers"),
    "texts": _("Texts"),
    "dates": _("Dates"),
    "money": _("Money"),
}

MANNERS: Mapping[str, Any] = {
    "": "",
    "volatile": _("It changes with the day, so lists find it by a date field or not at all."),
    "stored": _("Related records are counted anew, moments after each change."),
}

EXAMPLE = "days_between(created_at, today())"


class FormulaForm(FieldForm):
    """What a formula is, what it is called and who sees it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        labels = [name for name in self.fields if name.startswith("label_")]
        self.order_fields([*labels, "formula", "places", "as"])

    def _ask_rules(self) -> None:
        text = forms.CharField(
            label=_("Formula"), max_length=LONGEST, required=False, strip=False,
            help_text=_("For example %(example)s.") % {"example": EXAMPLE},
            widget=forms.Textarea(
                attrs={"rows": 4, "dir": "ltr", "spellcheck": "false",
                       "autocomplete": "off"}
            ),
        )  # fmt: skip
        places = forms.IntegerField(
            label=_("Decimals"), initial=USUAL_PLACES, min_value=0, max_value=MOST_PLACES,
            required=False,
            help_text=_("Numbers and amounts are rounded to so many."),
        )  # fmt: skip
        manner = forms.ChoiceField(
            label=_("A number is shown"), required=False,
            choices=[("", _("as it is")), (PERCENT, _("in percent, a quarter as 25"))],
        )  # fmt: skip
        self.fields |= {"formula": text, "places": places, "as": manner}

    def _ask_rights(self) -> None:
        super()._ask_rights()
        del self.fields["editors"], self.fields["personal"]
        self.fields["readers"].help_text = _(
            "Whoever may not read a field that it uses doesn't see it in any case."
        )

    def _ask_conditions(self) -> None:
        super()._ask_conditions()
        del self.fields["required_when"]

    def facts(self) -> dict[str, Any]:
        """What was filled in, as the field holds it."""
        given = self.cleaned_data
        facts = super().facts()
        facts["formula"] = said_in(given)
        return facts


def said_in(given: Mapping[str, Any]) -> dict[str, Any]:
    """The formula with its decimals and manner, of what was filled in."""
    places = given.get("places")
    return {
        "text": (given.get("formula") or "").strip(),
        "places": USUAL_PLACES if places is None else places,
        "as": given.get("as") or "",
    }


def formula_initial(row: CustomField) -> dict[str, Any]:
    """What the form of a formula shows at first."""
    return {
        "formula": row.formula.get("text", ""),
        "places": row.formula.get("places", USUAL_PLACES),
        "as": row.formula.get("as", ""),
    }


def form_class(kind: str) -> type[FieldForm]:
    """The form for fields of a kind."""
    return FormulaForm if kind == FORMULA else FieldForm


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a formula: its fault with its place, or what it gives for some records."""

    fault: str = ""
    marked: SafeString | str = ""
    gives: str = ""
    manner: Any = ""
    examples: Sequence[Example] = ()


def said_of(row: CustomField, declaration: type[Object], context: Context) -> Said:
    """What the formula of a row is, or why it can't be."""
    text = row.formula["text"]
    if not text:
        return Said()
    book = book_with(row)
    try:
        node = book.node((row.object, row.name))
    except FormulaError as problem:
        return Said(problem.sentence, marked(text, problem.character))
    manner = "volatile" if node.is_volatile else "stored" if node.stored else ""
    return Said(
        gives=node.type.words,
        manner=MANNERS[manner],
        examples=tried(row, node, declaration, context, book),
    )


def marked(text: str, at: int | None) -> SafeString | str:
    """The formula with the place of its fault underlined."""
    if at is None:
        return ""
    end = next((place for place in range(at, len(text)) if text[place] in " ,;()\n"), len(text))
    end = max(end, at + 1)
    return format_html(
        '{}<span class="bug">{}</span>{}', text[:at], text[at:end] or " ", text[end:]
    )


@dataclass(frozen=True, slots=True)
class Names:
    """What a formula of an object may name: its fields, and what is related."""

    fields: Sequence[str]
    related: Sequence[str]


def usable_names(declaration: type[Object]) -> Names:
    """The names that formulas of an object may use."""
    fields = [name for name, kind in declaration.fields.items() if type_of(kind, "") is not None]
    related = [
        name for name, one in sets_of(declaration).items() if not one.is_one and one.to
    ]  # fmt: skip
    return Names(fields, related)


def function_groups() -> Sequence[tuple[Any, Sequence[Function]]]:
    """All functions under their headings."""
    return [
        (words, [one for one in FUNCTIONS.values() if one.group == group])
        for group, words in GROUPS.items()
    ]
