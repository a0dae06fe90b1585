"""What administrators do with the needs assessment of leads."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rapport.accounts.actions import NOBODY, Actor
from rapport.accounts.actions.actor import record_event
from rapport.accounts.models import SecurityEvent
from rapport.contacts.models import LeadQuestion, LeadSettings
from rapport.records import registry
from rapport.records.metadata.actions import add_field, require_administrator
from rapport.records.models import CustomField
from rapport.records.store import Rejected

MOST = 50
#: Kinds of fields that can be questions, by the form of their points.
FORMS: Mapping[str, str] = {
    "choice": "by", "choices": "by", "boolean": "by", "integer": "steps", "decimal": "steps",
    "percent": "steps", "rating": "steps", "text": "filled", "long_text": "filled",
}  # fmt: skip
NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,4})?")
LINE = re.compile(r"(.+)=\s*(-?[0-9]{1,4})")


@transaction.atomic
def add_question(
    field: CustomField | None, kind: str, label: str, text: str, by: Actor = NOBODY
) -> LeadQuestion:
    """Ask one more thing of leads: by a field that is there, or by a new one of this kind and
    label, whose choices are those of the text. Raises Rejected, PermissionDenied."""
    require_administrator(by)
    LeadSettings.held()
    places = list(LeadQuestion.objects.values_list("position", flat=True))
    if len(places) >= MOST:
        raise Rejected({"points": _("%(n)d questions are the most.") % {"n": MOST}})
    row = field or _new_field(kind, label, text, by)
    points = read_points(row, text)
    made = LeadQuestion.objects.create(
        position=max(places, default=-1) + 1, field=row, points=points
    )
    _tell(made, by, "added")
    return made


@transaction.atomic
def change_question(question: LeadQuestion, text: str, by: Actor = NOBODY) -> None:
    """Say anew what its answers are worth. Raises Rejected, PermissionDenied."""
    require_administrator(by)
    question.points = read_points(question.field, text)
    question.save(update_fields=["points"])
    _tell(question, by, "changed")


@transaction.atomic
def remove_question(question: LeadQuestion, by: Actor = NOBODY) -> None:
    """Ask it no more; the field and what was answered stay. Raises PermissionDenied."""
    require_administrator(by)
    LeadQuestion.objects.filter(pk=question.pk).delete()
    _tell(question, by, "removed")


@transaction.atomic
def keep_goal(goal: int | None, by: Actor = NOBODY) -> None:
    """Say from how many points on a lead is worth a deal. Raises PermissionDenied."""
    require_administrator(by)
    row = LeadSettings.held()
    row.goal = goal
    row.save(update_fields=["goal"])
    record_event(SecurityEvent.Kind.SETTINGS_CHANGED, by, fields=["goal"])
    _assess()


def read_points(field: CustomField, text: str) -> dict[str, Any]:
    """Lines of answers and points, as a question keeps them. Raises Rejected."""
    form = FORMS[field.kind]
    if form == "filled":
        if not re.fullmatch(r"[0-9]{1,4}", text.strip()):
            raise Rejected({"points": _("Write the points that any answer brings: 5.")})
        return {"filled": int(text)}
    lines = [_line(one) for one in filter(None, map(str.strip, text.splitlines()))]
    if not lines:
        raise Rejected({"points": _("Say what the answers are worth, a line each.")})
    if form == "steps":
        return {"steps": [[_number(word), points] for word, points in lines]}
    return {"by": {_key(field, word): points for word, points in lines}}


def write_points(question: LeadQuestion) -> str:
    """The points as `read_points` reads them."""
    points = question.points
    if "filled" in points:
        return str(points["filled"])
    if "steps" in points:
        return "\n".join(f"{low} = {worth}" for low, worth in points["steps"])
    words = {key: name for name, key in reversed(_answers(question.field))}
    return "\n".join(f"{words.get(key, key)} = {worth}" for key, worth in points["by"].items())


def _new_field(kind: str, label: str, text: str, by: Actor) -> CustomField:
    if not label.strip() or kind not in FORMS:
        raise Rejected({"label": _("Write the question, or choose a field that is there.")})
    language = (get_language() or "en").partition("-")[0]
    facts: dict[str, Any] = {"kind": kind, "label": {language: label.strip()}}
    if kind == "choice":
        words = [_line(one)[0] for one in filter(None, map(str.strip, text.splitlines()))]
        facts["options"] = [
            {"key": f"answer_{number}", "label": {language: word}}
            for number, word in enumerate(dict.fromkeys(words), 1)
        ]
    return add_field(registry.get("lead"), facts, by)


def _line(text: str) -> tuple[str, int]:
    found = LINE.fullmatch(text)
    if found is None:
        raise Rejected(
            {"points": _("“%(line)s”: write an answer = its points.") % {"line": text[:60]}}
        )
    return found[1].strip(), int(found[2])


def _number(word: str) -> int | float:
    if not NUMBER.fullmatch(word):
        raise Rejected({"points": _("“%(word)s” is no number.") % {"word": word[:40]}})
    return float(word) if "." in word else int(word)


def _key(field: CustomField, word: str) -> str:
    for name, key in _answers(field):
        if word.casefold() in (name.casefold(), key.casefold()):
            return key
    known = ", ".join(dict.fromkeys(name for name, _key in _answers(field)))
    said = _("“%(word)s” is no answer of this question. There are: %(known)s.")
    raise Rejected({"points": said % {"word": word[:40], "known": known}})


def _answers(field: CustomField) -> Sequence[tuple[str, str]]:
    """(words, key) of each answer that can be chosen, in the reader's language first."""
    if field.kind == "boolean":
        return [(_("Yes"), "true"), (_("No"), "false")]
    language = (get_language() or "en").partition("-")[0]
    found = []
    for one in field.options:
        words = dict(one["label"])
        first = [words.pop(language)] if language in words else []
        found += [(word, one["key"]) for word in (*first, *words.values())]
    return found


def _assess() -> None:
    """Count anew; what was judged before keeps the points it had."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT contacts_assess_leads()")


def _tell(question: LeadQuestion, by: Actor, what: str) -> None:
    name = f"lead question: {question.field.name}"
    record_event(SecurityEvent.Kind.SETTINGS_CHANGED, by, rule=name, what=what)
    _assess()
