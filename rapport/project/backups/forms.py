"""Forms of the page of backups."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from rapport.accounts.forms.fields import Password

from .plan import DAILY, NEVER, WEEKLY, Plan

SHORTEST = 12


class PlanForm(forms.Form):
    """When backups are made by themselves, and how they are kept."""

    every = forms.ChoiceField(
        label=_("Back up"),
        choices=[(NEVER, _("only by hand")), (DAILY, _("every day")), (WEEKLY, _("every week"))],
    )
    day = forms.TypedChoiceField(
        label=_("Day of the week, when weekly"), coerce=int, choices=list(WEEKDAYS.items())
    )
    at = forms.TimeField(
        label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    keep = forms.IntegerField(
        label=_("Keep the newest"),
        min_value=1,
        max_value=365,
        help_text=_(
            "Older ones of the schedule go. Those made by hand stay until you delete them."
        ),
    )
    is_sealed = forms.BooleanField(label=_("Encrypt backups with a passphrase"), required=False)
    passphrase = Password(
        is_new=True,
        label=_("Passphrase"),
        required=False,
        help_text=_(
            "Write it down where it outlives this machine: without it nobody opens the backups. "
            "Leave it empty to keep the present one."
        ),
    )

    def __init__(self, *given: Any, has_passphrase: bool = False, **named: Any) -> None:
        super().__init__(*given, **named)
        self.has_passphrase = has_passphrase

    @classmethod
    def of(cls, plan: Plan) -> PlanForm:
        """The form filled with what holds now."""
        names = ("every", "day", "at", "keep", "is_sealed")
        return cls(initial={name: getattr(plan, name) for name in names})

    def clean(self) -> dict[str, Any]:
        """Encryption needs a passphrase that is worth it."""
        values = super().clean() or self.cleaned_data
        typed = values.get("passphrase", "")
        if values.get("is_sealed") and not typed and not self.has_passphrase:
            self.add_error("passphrase", _("Choose a passphrase."))
        elif typed and len(typed) < SHORTEST:
            self.add_error("passphrase", _("At least 12 characters. A short sentence is good."))
        elif typed.splitlines()[1:]:
            self.add_error("passphrase", _("A passphrase is one line."))
        return values


class RestoreForm(forms.Form):
    """Who replaces everything says once more who he is, and that he means it."""

    passphrase = Password(
        label=_("Passphrase of the backup"),
        required=False,
        help_text=_("Leave it empty if it is the one that backups are encrypted with now."),
    )
    password = Password(label=_("Your password"))
    is_meant = forms.BooleanField(
        label=_("All that came after this backup is to go, for everybody")
    )

    def __init__(self, data: QueryDict | None = None, *, is_sealed: bool) -> None:
        # It stands beside another form that asks for the password.
        super().__init__(data, auto_id="restore_%s")
        self.is_sealed = is_sealed
        if not is_sealed:
            del self.fields["passphrase"]


class DownloadForm(forms.Form):
    """Who takes everything out says once more who he is."""

    password = Password(label=_("Your password"))
