"""What came of getting in touch with somebody who is interested."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.accounts.principals import Principal
from rapport.contacts.models import Lead
from rapport.records import access
from rapport.records.store import ChangeInProgress, Missing, Rejected, change

#: What each outcome is called, and the status it leaves the lead in.
OUTCOMES = {
    "reached": (gettext_lazy("Reached"), "working"),
    "no_answer": (gettext_lazy("No answer"), "working"),
    "qualified": (gettext_lazy("Qualified"), "qualified"),
    "unqualified": (gettext_lazy("Unqualified"), "unqualified"),
    "recycled": (gettext_lazy("Recycled"), "recycled"),
}
CALLS = ("reached", "no_answer")


def judge_lead(
    principal: Principal, lead_id: UUID, outcome: str, values: Mapping[str, Any], *,
    via: str = "web",
) -> UUID:  # fmt: skip
    """Note an outcome; a call that was made goes to the timeline, and whoever's lead was nobody's
    takes it. Values: `why`, `returns_on`, `note`. Raises Denied, Missing, Rejected."""
    access.check(principal, "edit", "lead")
    lead = access.rows(principal, "lead", "edit").filter(pk=lead_id).first()
    if lead is None:
        raise Missing(_("This lead is gone, or not yours to change."))
    label, status = _known(outcome)
    with change(principal, via=via, title=str(label)) as made:
        made.update("lead", lead.pk, {"status": status, **_reason(outcome, values)})
        if lead.owner_id is None and principal.user_id is not None:
            made.update("lead", lead.pk, {"owner": principal.user_id})
        if outcome in CALLS:
            _add_call(made, lead, outcome, str(values.get("note") or ""))
    return made.id


def _known(outcome: str) -> tuple[Any, str]:
    if outcome not in OUTCOMES:
        raise Rejected({"": _("Choose what came of it.")})
    return OUTCOMES[outcome]


def _reason(outcome: str, values: Mapping[str, Any]) -> dict[str, Any]:
    if outcome not in ("unqualified", "recycled"):
        return {}
    day = values.get("returns_on") if outcome == "recycled" else None
    if outcome == "recycled" and (day is None or day <= timezone.localdate()):
        raise Rejected({"returns_on": _("Choose a day that is still to come.")})
    return {"set_aside_for": values.get("why") or "", "returns_on": day}


def _add_call(made: ChangeInProgress, lead: Lead, outcome: str, note: str) -> None:
    about = [("lead", lead.pk)]
    if access.reachable(made.principal, "person", [lead.person_id], "view"):
        about.append(("person", lead.person_id))
    label, _status = OUTCOMES[outcome]
    values = {"subject": str(label), "direction": "out", "outcome": outcome, "about": about}
    made.create("call", values | ({"notes": note} if note else {}))
