"""What administrators do with scores: begin, change the rules, stop; a field each, as any other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from rapport.accounts.actions import Actor
from rapport.records import registry
from rapport.records.completeness.kind import score_of
from rapport.records.completeness.rules import (
    COMPLETENESS,
    can_be_worth,
    can_note_a_check,
    rules_json,
    suggested,
)
from rapport.records.declare import Expect, Object
from rapport.records.metadata.actions import (
    add_field,
    bring_back,
    change_field,
    remove_field,
    require_administrator,
)
from rapport.records.metadata.checking import free_name
from rapport.records.models import CustomField

CHECKED = "checked_on"


def kept_score(declaration: type[Object]) -> CustomField | None:
    """The row of an object's score, of one that was stopped too; a running one first."""
    rows = CustomField.objects.filter(object=declaration.name, kind=COMPLETENESS)
    return rows.order_by("-removed_at").first() if not _running(rows) else _running(rows)


def _running(rows: Any) -> CustomField | None:
    found: CustomField | None = rows.filter(removed_at=None).first()
    return found


@transaction.atomic
def set_score(
    declaration: type[Object], rules: Sequence[Expect], worth: str, checked: str, by: Actor
) -> CustomField:
    """Score records by these rules from now on. Raises Rejected, PermissionDenied."""
    require_administrator(by)
    said = {"rules": rules_json(rules), "worth": worth, "checked": checked}
    row = kept_score(declaration)
    if row is None:
        label = words(lambda: _("Completeness"))
        name = free_name(COMPLETENESS, declaration)
        facts = {"kind": COMPLETENESS, "name": name, "label": label, "formula": said}
        return add_field(declaration, facts, by)
    if row.removed_at is not None:
        bring_back(row, by)
    return change_field(row, {"formula": said}, by)


@transaction.atomic
def begin_score(declaration: type[Object], by: Actor) -> CustomField:
    """Score records by the suggested rules, with a day on which one was found right.

    Raises Rejected, PermissionDenied.
    """
    worth = declaration.worth
    kind = declaration.fields.get(worth)
    worth = worth if kind is not None and can_be_worth(kind) else ""
    rules = suggested(declaration)
    is_dated = any(one.sort == "stale" for one in rules)
    checked = _day_of_checks(declaration, by) if is_dated else ""
    return set_score(registry.get(declaration.name), rules, worth, checked, by)


def _day_of_checks(declaration: type[Object], by: Actor) -> str:
    """The field that says when a record was checked, made where there is none."""
    kind = declaration.fields.get(CHECKED)
    if kind is not None and can_note_a_check(kind):
        return CHECKED
    facts = {
        "kind": "date",
        "name": free_name(CHECKED, declaration),
        "label": words(lambda: _("Last checked")),
        "help": words(lambda: _("When somebody found that all of it is still right.")),
    }
    return add_field(declaration, facts, by).name


@transaction.atomic
def stop_score(declaration: type[Object], by: Actor) -> None:
    """Score records no more; it comes back with its rules for 30 days. Raises Rejected."""
    kind = score_of(declaration)
    if kind is not None:
        remove_field(CustomField.objects.get(pk=kind.field_id), by)


def words(say: Any) -> dict[str, str]:
    """A text in every language there is."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found[code.split("-")[0]] = str(say())
    return found
