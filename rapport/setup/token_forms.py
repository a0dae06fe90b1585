"""What is asked of whoever lets a program in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.accounts.models import Role
from rapport.accounts.principals import ACTIONS, EVERY_OBJECT, Principal
from rapport.accounts.validators import are_networks
from rapport.records import access
from rapport.setup import matrix

LIVES = [
    ("30", _("30 days")),
    ("90", _("90 days")),
    ("365", _("A year")),
    ("", _("Until it is revoked")),
]
MOST = 1_000_000
LIMITS = {
    "calls_per_hour": _("Calls an hour"),
    "calls_per_day": _("Calls in 24 hours"),
    "writes_per_hour": _("Changes an hour"),
    "writes_per_day": _("Changes in 24 hours"),
}
READ, SOME, PROPOSE = "read", "some", "propose"
REACHES = [
    ("write", _("Read and change what its user may change")),
    (READ, _("Read only")),
    (SOME, _("Only what is ticked below")),
    (PROPOSE, _("Read, and as an agent propose changes that its user approves")),
]


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """One object with an action per column: the value that its box sends, and whether it is on."""

    label: str | Promise
    icon: str
    boxes: tuple[tuple[str, Promise, bool], ...]


def limit_field(name: str) -> forms.IntegerField:
    """How often an agent may do something; empty: as often as it likes."""
    return forms.IntegerField(label=LIMITS[name], required=False, min_value=0, max_value=MOST)


class TokenLimitsForm(forms.Form):
    """How long a token works, and from where."""

    days = forms.ChoiceField(label=_("It works for"), choices=LIVES, required=False, initial="90")
    networks = forms.CharField(
        label=_("It is used from"),
        required=False,
        max_length=4000,
        validators=[],
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "dir": "ltr"}),
        help_text=_("IP addresses or networks, such as 203.0.113.0/24. Empty: from anywhere."),
    )

    def clean_networks(self) -> list[str]:
        """The networks as a list. Raises ValidationError."""
        found = self.cleaned_data["networks"].replace(",", " ").split()
        are_networks(found)
        return list(dict.fromkeys(found))

    def expiry(self) -> datetime | None:
        """When the token ends, None for never."""
        days = self.cleaned_data["days"]
        return timezone.now() + timedelta(days=int(days)) if days else None


class TokenForm(TokenLimitsForm):
    """A token for a program."""

    field_order: Sequence[str] = ("name", "reach", "days", "networks")

    name = forms.CharField(
        label=_("What is it for"), max_length=100, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    reach = forms.ChoiceField(label=_("It may"), choices=REACHES)

    def clean(self) -> dict[str, Any]:
        """Boxes and the choice above them must say the same."""
        given = super().clean() or {}
        sent = self.data.getlist("scope") if isinstance(self.data, QueryDict) else ()
        ticked = scopes_of(sent)
        reach = given.get("reach")
        if reach == SOME and not ticked:
            self.add_error("reach", _("Tick at least one thing that it may do."))
        if reach and reach not in (SOME, PROPOSE) and ticked:
            self.add_error("reach", _("Choose “Only what is ticked below”, or tick nothing."))
        return given | {"scopes": ticked if ticked and reach in (SOME, PROPOSE) else None}

    @property
    def may_write(self) -> bool:
        """Whether the token changes anything by itself."""
        return self.cleaned_data["reach"] not in (READ, PROPOSE)


class ServiceForm(forms.Form):
    """A program with a place of its own."""

    service_name = forms.CharField(
        label=_("Name"), max_length=100, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=lambda: [(role.key, str(role)) for role in Role.objects.all()],
        initial="member",
    )


def scopes_of(ticked: Iterable[str]) -> dict[str, list[str]]:
    """Actions by object from the values of boxes; what no box of ours sends is left out."""
    found: dict[str, list[str]] = {}
    for text in ticked:
        name, _dot, action = text.partition(".")
        if action in ACTIONS:
            found.setdefault(name[:63], []).append(action)
    return found


def scope_rows(principal: Principal, ticked: Iterable[str] = ()) -> list[ScopeRow]:
    """A row for each object that the principal sees, and one for everything else."""
    on = set(ticked)
    rows: list[tuple[str, str | Promise, str]] = [(EVERY_OBJECT, _("Everything else"), "layers")]
    seen = sorted(access.visible_objects(principal), key=lambda one: one.order)
    rows += [(one.name, one.label_plural, one.icon) for one in seen]
    return [ScopeRow(label, icon, _boxes(name, on)) for name, label, icon in rows]


def scope_words(scopes: dict[str, list[str]]) -> list[tuple[str, str]]:
    """What a token may do, in words: objects and their actions."""
    labels = {one.name: str(one.label_plural) for one in access.registry.all_objects()}
    labels[EVERY_OBJECT] = str(_("Everything else"))
    return [
        (labels.get(name, name), ", ".join(str(matrix.LABELS[one]) for one in actions))
        for name, actions in scopes.items()
    ]


def _boxes(name: str, on: set[str]) -> tuple[tuple[str, Promise, bool], ...]:
    values = [(f"{name}.{action}", label) for action, label in matrix.LABELS.items()]
    return tuple((value, label, value in on) for value, label in values)
