"""What is asked of whoever makes a form for web pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.contacts.models import WebForm
from rapport.contacts.models.lead import CHANNELS
from rapport.contacts.queries import label_of, possible_fields
from rapport.records import registry

MORE_ROWS = 3
MOST = 40
FIRST = ("person.name", "person.emails", "person.phones", "company.name", "lead.interest")
NEEDED = ("person.name", "person.emails")
TEXTS = {
    "title": (gettext_lazy("Heading"), 1), "intro": (gettext_lazy("Opening text"), 2),
    "button": (gettext_lazy("Button"), 1), "thanks": (gettext_lazy("Thanks"), 2),
    "consent": (gettext_lazy("What they agree to"), 2),
}  # fmt: skip


class WebFormForm(forms.Form):
    """Address, fields, words and what a form writes on leads."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    slug = forms.SlugField(
        label=gettext_lazy("Address"), max_length=60,
        help_text=gettext_lazy("The last part of it: small letters, digits and hyphens."),
    )  # fmt: skip
    is_on = forms.BooleanField(label=gettext_lazy("It is open"), required=False, initial=True)
    needs_consent = forms.BooleanField(
        label=gettext_lazy("Nobody sends it without agreeing"), required=False
    )
    sites = forms.CharField(
        label=gettext_lazy("Web sites that may show it"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "ltr", "spellcheck": "false"}),
        help_text=gettext_lazy("A line each, such as https://www.example.com."),
    )  # fmt: skip
    redirect_to = forms.CharField(
        label=gettext_lazy("Leads on to"), required=False, max_length=500,
        help_text=gettext_lazy("A page of one of these sites. Empty: our words of thanks."),
    )  # fmt: skip
    takes_posts = forms.BooleanField(
        label=gettext_lazy("Other pages may send straight to it"),
        required=False,
        help_text=gettext_lazy("Else what they send is shown once more before it is taken."),
    )
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=list(CHANNELS.items()),
                                initial="form")  # fmt: skip
    source = forms.CharField(label=gettext_lazy("Source"), required=False, max_length=100)
    campaign = forms.CharField(label=gettext_lazy("UTM campaign"), required=False, max_length=100)
    keep_days = forms.IntegerField(
        label=gettext_lazy("Keep what became no lead for days"), min_value=1, max_value=3650,
        initial=90,
    )  # fmt: skip

    def __init__(self, data: Any, form: WebForm | None) -> None:
        asked = form.fields if form else [_row(path) for path in FIRST]
        self.count = min(len(asked) + MORE_ROWS, MOST)
        super().__init__(data, initial=_initial(form, asked))
        self._add_rows()
        for language, name in settings.LANGUAGES:
            for text, (label, rows) in TEXTS.items():
                widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
                self.fields[f"{text}_{language}"] = forms.CharField(
                    label=f"{label} ({_(str(name))})",
                    required=False,
                    max_length=2000,
                    widget=widget,
                )

    def _add_rows(self) -> None:
        found = possible_fields().items()
        objects = {one: registry.get(one).label for one in ("person", "company", "lead")}
        choices = [
            ("", _("None")),
            *((p, f"{objects[p.partition('.')[0]]}: {label_of(p, kind)}") for p, kind in found),
        ]
        for n in range(self.count):
            self.fields[f"field_{n}"] = forms.ChoiceField(
                label=_("Field"), required=False, choices=choices)  # fmt: skip
            self.fields[f"place_{n}"] = forms.IntegerField(
                label=_("Place"), required=False, min_value=1, max_value=99)  # fmt: skip
            for language, name in settings.LANGUAGES:
                self.fields[f"label_{n}_{language}"] = forms.CharField(
                    label=f"{_('Label')} ({_(str(name))})", required=False,
                    max_length=200)  # fmt: skip
            self.fields[f"key_{n}"] = forms.CharField(
                label=_("Name in programs"), required=False, max_length=100)  # fmt: skip
            self.fields[f"required_{n}"] = forms.BooleanField(
                label=_("Required"), required=False)  # fmt: skip

    def rows(self) -> list[list[forms.BoundField]]:
        """The inputs of each field that is asked for."""
        return [[self[name] for name in self.fields if f"_{n}_" in f"{name}_"]
                for n in range(self.count)]  # fmt: skip

    def plain(self) -> list[forms.BoundField]:
        """What there is once."""
        return [self[name] for name in self.base_fields]

    def words(self) -> list[forms.BoundField]:
        """The texts by language."""
        return [self[f"{text}_{code}"] for code, _name in settings.LANGUAGES for text in TEXTS]

    def facts(self) -> dict[str, Any]:
        """What was filled in, as a form keeps it."""
        given = self.cleaned_data
        languages = [code for code, _name in settings.LANGUAGES]
        asked = [n for n in range(self.count) if given[f"field_{n}"]]
        asked.sort(key=lambda n: given[f"place_{n}"] or 99)
        return {
            **{name: given[name] for name in self.base_fields},
            "sites": given["sites"].split(),
            "fields": [
                {
                    "field": given[f"field_{n}"], "required": given[f"required_{n}"],
                    "key": given[f"key_{n}"],
                    "label": {code: given[f"label_{n}_{code}"] for code in languages},
                }
                for n in asked
            ],
            "texts": {c: {text: given[f"{text}_{c}"] for text in TEXTS} for c in languages},
        }  # fmt: skip


def _row(path: str) -> dict[str, Any]:
    return {"field": path, "required": path in NEEDED, "key": "", "label": {}}


def _initial(form: WebForm | None, asked: list[dict[str, Any]]) -> dict[str, Any]:
    facts = {name: getattr(form, name) for name in WebFormForm.base_fields} if form else {}
    for n, row in enumerate(asked):
        facts |= {f"{name}_{n}": row[name] for name in ("field", "required", "key")}
        facts |= {f"label_{n}_{code}": words for code, words in row["label"].items()}
        facts[f"place_{n}"] = n + 1
    texts: Mapping[str, Mapping[str, str]] = form.texts if form else {}
    for code, words in texts.items():
        facts |= {f"{text}_{code}": told for text, told in words.items()}
    return facts | ({"sites": "\n".join(form.sites)} if form else {})
