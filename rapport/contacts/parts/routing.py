"""How a lead came to whoever has it: the rules tried, and the one that decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from rapport.records import kinds as k
from rapport.records.kinds.base import Context
from rapport.records.kinds.other import Json

PASSED: Mapping[str, Promise] = {
    "away": gettext_lazy("%(who)s is away"),
    "full": gettext_lazy("%(who)s has enough"),
    "home": gettext_lazy("%(who)s is not at work now"),
}
OUTCOMES: Mapping[str, Promise] = {
    "other": gettext_lazy("Does not fit"),
    "fault": gettext_lazy("Its condition can't be asked any more"),
    "nobody": gettext_lazy("Nobody was free"),
    "stays": gettext_lazy("Stays with whoever added it"),
}
WAYS: Mapping[str, Promise] = {
    "turn": gettext_lazy("in turn"),
    "least": gettext_lazy("fewest open leads"),
    "table": pgettext_lazy("way of routing", "by the table"),
}


class Routing(Json):
    """The decision that gave a lead to somebody, kept with its reasons."""

    type = "routing"
    #: It names who has the lead.
    needs = frozenset({("lead", "owner")})

    def plain(self, value: Any, context: Context) -> str:
        steps = (value or {}).get("steps", ())
        return told_of(steps[-1]) if steps else ""

    def export(self, value: Any, context: Context) -> str:
        return self.plain(value, context)

    def describe(self) -> dict[str, Any]:
        return {"type": ["object", "null"], "readOnly": True}


def told_of(step: Mapping[str, Any]) -> str:
    """One step in a sentence: the rule and what came of it."""
    return f"{step['rule']}: {outcome_of(step)}"


def outcome_of(step: Mapping[str, Any]) -> str:
    """What came of a rule."""
    if step["did"] != "took":
        return str(OUTCOMES.get(step["did"], ""))
    facts = {"who": step["who"], "way": WAYS.get(step["way"], ""), "n": step["load"]}
    if step.get("for"):
        facts |= {"for": step["for"]}
        return _("%(who)s for %(for)s, %(way)s, had %(n)s open") % facts
    return _("%(who)s, %(way)s, had %(n)s open") % facts


def passed_over(step: Mapping[str, Any]) -> list[str]:
    """Who did not get it by that rule, each with the reason."""
    return [str(PASSED[why]) % {"who": who} for who, why in step.get("passed", ()) if why in PASSED]


routed = k.column(Routing)
