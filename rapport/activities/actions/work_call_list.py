"""Working off a call list: taking the next one, noting what came of the call, taking it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.accounts.principals import Principal
from rapport.activities.call_lists.turns import turns
from rapport.activities.models import CallClaim, CallEntry
from rapport.records import access
from rapport.records.changes import undo
from rapport.records.reading import fetch_one
from rapport.records.registry import get
from rapport.records.store import ChangeInProgress, Missing, Rejected, change

#: What each outcome is called, and as what a call with it is logged; a person who is passed over
#: was not called.
OUTCOMES = {
    "reached": (gettext_lazy("Reached"), "reached"),
    "no_answer": (gettext_lazy("No answer"), "no_answer"),
    "busy": (gettext_lazy("Busy"), "busy"),
    "left_message": (gettext_lazy("Left a message"), "left_message"),
    "wrong_number": (gettext_lazy("Wrong number"), "wrong_number"),
    "call_back": (gettext_lazy("Call back"), "reached"),
    "later": (gettext_lazy("Not now"), ""),
    "drop": (gettext_lazy("Take off the list"), ""),
}
#: For so long nobody else is offered whom somebody is calling.
HELD = timedelta(minutes=20)
#: When to try again: whose line is busy is there.
SOON = timedelta(minutes=30)
#: Of how many the next one is chosen: so many colleagues would have to work on one list at once.
AHEAD = 40


def claim_next(principal: Principal, call_list: UUID) -> CallEntry | None:
    """Take whoever's turn it is; None where nobody can be called now. Raises Missing."""
    _check_list(principal, call_list)
    ready = [one.entry.pk for one in turns(principal, call_list) if one.when == "now"][:AHEAD]
    with transaction.atomic():
        free = CallEntry.objects.filter(pk__in=ready, state="open")
        locked = {one.pk: one for one in free.select_for_update(skip_locked=True)}
        # Read once the rows are held: whoever held one before has written his claim by now.
        taken = _taken(principal, locked)
        key = next((one for one in ready if one in locked and one not in taken), None)
        CallClaim.objects.filter(user=principal.user_id, entry__call_list=call_list).delete()
        if key is None or principal.user_id is None:
            return None
        _hold(key, principal.user_id)
    return locked[key]


@dataclass(frozen=True, slots=True)
class Started:
    """The page of a list at work."""

    url: str


def start_calling(principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any]) -> Started:
    """Take whoever's turn it is on a list, and go to its page. Raises Denied, Missing."""
    claim_next(principal, ids[0])
    return Started(address_of(ids[0]))


def address_of(call_list: UUID) -> str:
    """The page on which a list is worked off."""
    return f"{get('call_list').url(call_list)}calling/"


def claimed(principal: Principal, call_list: UUID) -> CallEntry | None:
    """Whom the principal is calling."""
    return CallEntry.objects.filter(
        call_list=call_list, state="open", claim__user=principal.user_id
    ).first()


def _taken(principal: Principal, keys: Any) -> set[UUID]:
    others = CallClaim.objects.filter(entry__in=list(keys), until__gt=timezone.now())
    return set(others.exclude(user=principal.user_id).values_list("entry_id", flat=True))


def _hold(entry: UUID, user: UUID) -> None:
    until = timezone.now() + HELD
    CallClaim.objects.update_or_create(entry_id=entry, defaults={"user_id": user, "until": until})


def note_call(
    principal: Principal, entry_id: UUID, outcome: str, values: Mapping[str, Any], *,
    via: str = "web",
) -> UUID:  # fmt: skip
    """Note what came of a call; the change set. Values: `note`, `back_at`.

    Raises Denied, Missing, Rejected.
    """
    if outcome not in OUTCOMES:
        raise Rejected({"outcome": _("Choose what came of it.")})
    label, _logged = OUTCOMES[outcome]
    with change(principal, via=via, title=str(label)) as made:
        entry = _locked(principal, entry_id)
        after = _after(principal, entry, outcome, values.get("back_at"))
        if outcome == "wrong_number":
            after |= _mark_number(made, entry)
        _log(made, entry, outcome, values)
        CallEntry.objects.filter(pk=entry.pk).update(
            **after, outcome=outcome, noted_at=timezone.now(), noted_by=principal.user_id,
            change_set=made.id,
        )  # fmt: skip
        CallClaim.objects.filter(entry=entry).delete()
    return made.id


def _locked(principal: Principal, entry_id: UUID) -> CallEntry:
    """The entry, held until the end. Raises Missing, Rejected."""
    found = CallEntry.objects.filter(pk=entry_id).select_related("call_list")
    entry = found.select_for_update(of=("self",)).first()
    if entry is None or not access.reachable(principal, "person", [entry.person_id], "view"):
        raise Missing(_("This person is not on the list any more."))
    _check_list(principal, entry.call_list_id)
    if entry.state != "open":
        raise Rejected({"outcome": _("Somebody noted already what came of this call.")})
    if entry.pk in _taken(principal, [entry.pk]):
        raise Rejected({"outcome": _("A colleague is calling this person now.")})
    return entry


def _check_list(principal: Principal, call_list: UUID) -> None:
    access.check(principal, "create", "call")
    if not access.reachable(principal, "call_list", [call_list], "edit"):
        raise Missing(_("This call list is gone, or not yours to change."))


def _after(
    principal: Principal, entry: CallEntry, outcome: str, back_at: datetime | None
) -> dict[str, Any]:
    """How the entry stands then."""
    now, rules = timezone.now(), entry.call_list
    if outcome == "later":
        return {"back_at": now + SOON}
    if outcome == "drop":
        return {"state": "dropped", "back_at": None}
    tries = entry.tries + 1
    if outcome == "call_back":
        if back_at is None or back_at <= now:
            raise Rejected({"back_at": _("Choose a time that is still to come.")})
        return {"tries": tries, "back_at": back_at}
    if outcome not in ("no_answer", "busy"):
        return {"tries": tries, "state": "done", "back_at": None}
    if tries >= (rules.most_tries or 1):
        return {"tries": tries, "state": "given_up", "back_at": None}
    wait = SOON if outcome == "busy" else timedelta(hours=rules.again_after or 1)
    return {"tries": tries, "back_at": now + wait}


def _mark_number(made: ChangeInProgress, entry: CallEntry) -> dict[str, Any]:
    """Mark the number that was dialled, and stay on the list where there is another one."""
    kind = get("person").fields["phones"]
    ways = fetch_one(kind, made.principal, [entry.person_id])[entry.person_id]  # type: ignore[arg-type] # rows beside the record
    good = [way for way in ways if way["status"] == "ok"]
    editable = access.fields(made.principal, "person").editable
    reached = access.reachable(made.principal, "person", [entry.person_id], "edit")
    if good and "phones" in editable and reached:
        marked = [way | {"status": "invalid"} if way is good[0] else way for way in ways]
        made.update("person", entry.person_id, {"phones": marked})
        if len(good) > 1:
            return {"state": "open", "back_at": None}
    return {"state": "no_number"}


def _log(made: ChangeInProgress, entry: CallEntry, outcome: str, values: Mapping[str, Any]) -> None:
    _label, logged = OUTCOMES[outcome]
    about = [("person", entry.person_id)]
    if entry.lead_id and access.reachable(made.principal, "lead", [entry.lead_id], "view"):
        about.append(("lead", entry.lead_id))
    note = str(values.get("note") or "")
    if logged:
        call = {"subject": entry.call_list.name, "direction": "out", "outcome": logged}
        made.create("call", call | {"about": about} | ({"notes": note} if note else {}))
    elif note:
        made.create("note", {"body": note, "about": about})
    if outcome == "call_back":
        names = access.titles(made.principal, [about[0]], made.principal.language)
        subject = _("Call %(name)s back") % {"name": names[entry.person_id].text}
        task = {"subject": subject, "due": values["back_at"], "about": about}
        made.create("task", task | ({"description": note} if note else {}))


def undo_last(principal: Principal, call_list: UUID) -> CallEntry:
    """Take the principal's last outcome on a list back, and hold that person again.

    Raises Missing, Rejected, CannotUndo, Denied.
    """
    _check_list(principal, call_list)
    mine = CallEntry.objects.filter(call_list=call_list, noted_by=principal.user_id)
    last = mine.order_by("-noted_at").first()
    if last is None or last.change_set is None or principal.user_id is None:
        raise Rejected({"outcome": _("There is nothing of yours to take back on this list.")})
    undo.undo(principal, last.change_set, via="web")
    with transaction.atomic():
        CallClaim.objects.filter(user=principal.user_id, entry__call_list=call_list).delete()
        _hold(last.pk, principal.user_id)
    return last
