"""The card of a lead that says why it came to whoever has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.contacts.models import Lead
from rapport.contacts.parts.routing import outcome_of, passed_over
from rapport.records import access
from rapport.records.compiled import Answers, Ask, Compiled, Given, JSONArray, compiled
from rapport.ui.components import icon

DECIDED = ("took", "stays")


def ask_routing(principal: Principal, lead: Lead) -> Mapping[str, Ask]:
    """The decision on a lead, if the reader may know who has it."""
    if access.unread(principal, "lead", "routing", "owner"):
        return {}
    return {"routing": Ask(_routing(), {"routed": lead.pk})}


@lru_cache(maxsize=1)
def _routing() -> Compiled:
    found = Lead._default_manager.filter(pk=Given("routed"), routing__isnull=False)
    return compiled(found.order_by().values_list("pk", JSONArray("routing")))


def routing_panel(request: Request, lead: Lead, answers: Answers) -> SafeString | str:
    """The rules tried in their order, and the one that decided."""
    for _lead, (routing,) in answers.get("routing", ()):
        return steps_drawn(routing["steps"])
    return ""


def steps_drawn(steps: Sequence[Mapping[str, Any]]) -> SafeString:
    """The steps of a decision as a list."""
    if not any(step["did"] in DECIDED for step in steps):
        left = format_html("<li class='no'>{}</li>", _("No rule gave it to anybody."))
    else:
        left = SafeString("")
    drawn = format_html_join("", "{}", ((_step(step),) for step in steps))
    return format_html('<ol class="steps-why pane-pad">{}{}</ol>', drawn, left)


def _step(step: Mapping[str, Any]) -> SafeString:
    decided = step["did"] in DECIDED
    told = ". ".join([outcome_of(step), *passed_over(step)])
    return format_html(
        '<li class="{}"><span class="m">{}</span><div><b dir="auto">{}</b><br>'
        '<span class="small muted" dir="auto">{}</span></div></li>',
        "yes" if decided else "no", icon("check" if decided else "x", small=True),
        step["rule"], told,
    )  # fmt: skip
