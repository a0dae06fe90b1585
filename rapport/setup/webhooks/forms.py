"""What is asked of whoever wants a program told of changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.accounts.actions.actor import Actor
from rapport.accounts.models import User
from rapport.automation.actions import Wish
from rapport.automation.models import Webhook
from rapport.automation.queries import may_be_eyes
from rapport.records import access, registry
from rapport.records.conditions import (
    ConditionError,
    from_json,
    from_text,
    sentence,
    to_json,
    to_text,
)
from rapport.records.kinds import Context

LONGEST_TEXT = 4000
USUAL = [one.value for one in Webhook.Event]

type Choices = list[tuple[str, str | Promise]]


class WebhookForm(forms.Form):
    """Where it is and what it hears of; with one kind of record also which of them."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=100, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=2000,
        widget=forms.URLInput(attrs={"placeholder": "https://hooks.example.com/crm", "dir": "ltr"}),
        help_text=gettext_lazy("Where your program listens. Redirects are not followed."),
    )
    owner = forms.ChoiceField(
        label=gettext_lazy("It sees what this user sees"),
        help_text=gettext_lazy("A program with a place of its own stays when people leave."),
    )
    objects = forms.MultipleChoiceField(
        label=gettext_lazy("It hears of"), widget=forms.CheckboxSelectMultiple
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("When a record is"),
        choices=Webhook.Event.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=USUAL,
    )
    condition = forms.CharField(
        label=gettext_lazy("Only records such as"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "As in the box of a list, such as “city:Oslo”. Empty: all that the user sees."
        ),
    )
    fields_changed = forms.MultipleChoiceField(
        label=gettext_lazy("A change counts when it is of"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nothing ticked: any field."),
    )
    hears_undo = forms.BooleanField(
        label=gettext_lazy("Tell of what is undone as well"), required=False
    )
    hears_imports = forms.BooleanField(
        label=gettext_lazy("Tell of what files bring in as well"), required=False
    )
    headers = forms.CharField(
        label=gettext_lazy("Headers to send along"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(
            attrs={"rows": 2, "dir": "ltr", "placeholder": "Authorization: Bearer …"}
        ),
    )
    forget_headers = forms.BooleanField(
        label=gettext_lazy("Send no headers along any more"), required=False
    )

    def __init__(self, data: Any, webhook: Webhook | None, by: Actor, context: Context) -> None:
        super().__init__(data, initial=_initial(webhook, context) if webhook else None)
        self.webhook, self.context = webhook, context
        self.by = by
        self._choose_owner()
        self._choices("objects").choices = _object_choices(context)
        self._narrow()
        if webhook is None or not webhook.headers_sealed:
            del self.fields["forget_headers"]
        else:
            self.fields["headers"].help_text = _("Those there are stay unless you type others.")

    def wish(self) -> Wish:
        """What was asked for. Raises ConditionError."""
        given = self.cleaned_data
        kept = self.webhook
        only = self._only()
        return Wish(
            given["name"],
            given["url"],
            given["objects"],
            given["events"],
            self._condition() if only else None,
            given.get("fields_changed", ()) if only else (),
            given["hears_undo"],
            given["hears_imports"],
            self._headers() if kept is None or given["headers"].strip() else self._kept_headers(),
        )

    @property
    def said(self) -> str:
        """The condition that is kept, as a sentence."""
        return condition_said(self.webhook, self.context) if self.webhook else ""

    def add_faults(self, faults: dict[str, str]) -> None:
        """Say at each field what is wrong with it."""
        names = {"fields": "fields_changed"}
        for name, fault in faults.items():
            field = names.get(name, name)
            self.add_error(field if field in self.fields else None, fault)

    def _choose_owner(self) -> None:
        if self.webhook is not None:
            del self.fields["owner"]
            return
        eyes = may_be_eyes(self.by)
        self._choices("owner").choices = [(str(one.pk), one.name) for one in eyes]

    def _narrow(self) -> None:
        """Fields and a condition are asked for once it hears of one kind of record."""
        found = self.webhook.objects_heard if self.webhook is not None else []
        if len(found) != 1 or not registry.is_declared(found[0]):
            del self.fields["condition"], self.fields["fields_changed"]
            return
        names = access.fields(self.context.principal, found[0]).readable
        declared = registry.get(found[0]).fields
        choices: Choices = [
            (name, kind.label) for name, kind in declared.items() if name in names and kind.stored
        ]
        self._choices("fields_changed").choices = choices

    def _choices(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(name)
        return field

    def _only(self) -> str:
        """The one object that fields and condition were asked for, if it still is the one."""
        kept = self.webhook.objects_heard if self.webhook is not None else []
        return kept[0] if len(kept) == 1 and self.cleaned_data["objects"] == kept else ""

    def _condition(self) -> Any:
        text = self.cleaned_data.get("condition", "").strip()
        if not text:
            return None
        return to_json(from_text(text, registry.get(self._only()), self.context))

    def _headers(self) -> dict[str, str]:
        lines = [line for line in self.cleaned_data["headers"].splitlines() if line.strip()]
        pairs = (line.partition(":") for line in lines)
        return {name.strip(): value.strip() for name, _colon, value in pairs}

    def _kept_headers(self) -> dict[str, str] | None:
        return {} if self.cleaned_data.get("forget_headers") else None


class PeriodForm(forms.Form):
    """From which day to which everything is to be sent again."""

    first = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(label=gettext_lazy("To"), widget=forms.DateInput(attrs={"type": "date"}))

    def moments(self, context: Context) -> tuple[datetime, datetime]:
        """Where the first day begins and the last one ends, as the reader counts days."""
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        begins = datetime.combine(first, time(), context.timezone)
        return begins, datetime.combine(last + timedelta(days=1), time(), context.timezone)


def _initial(webhook: Webhook, context: Context) -> dict[str, Any]:
    return {
        "name": webhook.name,
        "url": webhook.url,
        "objects": webhook.objects_heard,
        "events": webhook.events,
        "condition": condition_text(webhook, context),
        "fields_changed": webhook.fields,
        "hears_undo": webhook.hears_undo,
        "hears_imports": webhook.hears_imports,
    }


def condition_text(webhook: Webhook, context: Context) -> str:
    """The condition as people write it; empty if there is none or it can't be asked."""
    if webhook.condition is None or not registry.is_declared(webhook.objects_heard[0]):
        return ""
    try:
        declaration = registry.get(webhook.objects_heard[0])
        return to_text(from_json(webhook.condition), declaration, context)
    except ConditionError:
        return ""


def condition_said(webhook: Webhook, context: Context) -> str:
    """The condition as a sentence; empty if there is none or it can't be asked."""
    if webhook.condition is None or not registry.is_declared(webhook.objects_heard[0]):
        return ""
    try:
        declaration = registry.get(webhook.objects_heard[0])
        return sentence(from_json(webhook.condition), declaration, context)
    except ConditionError:
        return ""


def _object_choices(context: Context) -> Choices:
    seen = sorted(access.visible_objects(context.principal), key=lambda one: one.order)
    return [(one.name, one.label_plural) for one in seen]


def names_of(webhooks: Iterable[Webhook]) -> None:
    """Say of each in words what it hears of."""
    labels = {one.name: str(one.label_plural) for one in registry.all_objects()}
    for webhook in webhooks:
        webhook.heard = ", ".join(labels.get(name, name) for name in webhook.objects_heard)


def owner_of(form: WebhookForm) -> User:
    """The user whose eyes were chosen."""
    return User.objects.select_related("role").get(pk=form.cleaned_data["owner"])
