"""Contracts made of quotes and orders, brought into force, and ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.accounts.principals import Principal
from rapport.kit.periods import add_months
from rapport.records import access, registry
from rapport.records.store import ChangeInProgress, Missing, Rejected, change
from rapport.sales.models import Contract, OrderLine, QuoteLine

TAKEN = ("name", "product", "quantity", "unit", "price", "discount", "tax", "sort", "note")
AGREED = ("name", "deal_id", "company_id", "person_id", "currency")
#: Which documents become contracts: their lines, and the states in which they may.
SOURCES: Mapping[str, tuple[Any, frozenset[str]]] = {
    "quote": (QuoteLine, frozenset({"accepted"})),
    "order": (
        OrderLine, frozenset({"confirmed", "partly_delivered", "delivered", "invoiced"})
    ),
}  # fmt: skip
TERMS = ("kind", "start", "term", "every", "auto_renew", "notice", "notice_unit")


@dataclass(frozen=True, slots=True)
class Contracted:
    """The change set, and the page of the new contract."""

    id: UUID
    url: str


def may_contract(name: str, source: Any) -> bool:
    """Whether a contract may be made of a quote or an order as it stands."""
    return source.state in SOURCES[name][1]


def contract_quote(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> Contracted:
    """Make a draft contract of each accepted quote, with the lines that `lines` names by number.

    Raises Denied, Missing, Rejected.
    """
    return _contract(principal, "quote", ids, values, via)


def contract_order(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> Contracted:
    """Make a draft contract of each confirmed order, with the lines that `lines` names by number.

    Raises Denied, Missing, Rejected.
    """
    return _contract(principal, "order", ids, values, via)


def _contract(
    principal: Principal, name: str, ids: Sequence[UUID], values: Mapping[str, Any], via: str
) -> Contracted:
    access.check(principal, "create", "contract")
    title = ngettext("Made a contract", "Made %(n)d contracts", len(ids)) % {"n": len(ids)}
    model, states = SOURCES[name]
    with change(principal, via=via, title=title) as made:
        found = access.rows(principal, name, "edit").filter(pk__in=list(ids)).order_by("pk")
        sources = list(found.select_for_update(of=("self",)))
        if not sources:
            raise Missing(_("This record is gone, or not yours to change."))
        if any(one.state not in states for one in sources):
            raise Rejected({"state": _("Only what the customer agreed to becomes a contract.")})
        lines: dict[UUID, list[Any]] = {}
        rows = model.objects.filter(**{f"{name}__in": sources}, sort="line")
        for row in rows.order_by(name, "position", "pk"):
            lines.setdefault(getattr(row, f"{name}_id"), []).append(row)
        keys = [_make(made, name, one, lines.get(one.pk, []), values) for one in sources]
    return Contracted(made.id, registry.get("contract").url(keys[0]))


def _make(
    made: ChangeInProgress, name: str, source: Any, lines: Sequence[Any], values: Mapping[str, Any]
) -> UUID:
    open_ones = [one for one in lines if not getattr(one, "is_optional", False) or one.is_chosen]
    wanted = _numbers(values.get("lines") or "", len(open_ones))
    rows = [
        {"id": None, "every": ""}
        | {part: getattr(line, f"{part}_id" if part == "product" else part) for part in TAKEN}
        for place, line in enumerate(open_ones, 1)
        if not wanted or place in wanted
    ]
    agreed = {part.removesuffix("_id"): getattr(source, part) for part in AGREED}
    terms = {part: values[part] for part in TERMS if values.get(part) not in (None, "")}
    kept = {part: value for part, value in agreed.items() if value}
    return made.create("contract", {**kept, **terms, name: source.pk, "lines": rows})


def _numbers(text: str, most: int) -> set[int]:
    """The numbers of lines in "1, 3". Raises Rejected for what is no line."""
    parts = text.replace(",", " ").split()
    if any(not one.isdecimal() or not 1 <= int(one) <= most for one in parts):
        sentence = _("Name lines by their numbers, 1 to %(most)d, such as 1, 3.")
        raise Rejected({"lines": sentence % {"most": most}})
    return {int(one) for one in parts}


def start_contract(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Bring contracts into force: they get a number and count from their start. Returns the change
    set. Raises Denied, Missing, Rejected for one that says too little."""
    title = ngettext("Began a contract", "Began %(n)d contracts", len(ids)) % {"n": len(ids)}
    return _move(principal, ids, {"state": "active"}, title, via)


def give_notice(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Note that a contract is ended, for its last day or for `end`. Returns the change set.

    Values: `notice_on`, `end`, `cancel_reason`, `cancel_note`, `late_accepted`. Raises Denied,
    Missing, Rejected where the notice comes after the last day and nobody accepts that.
    """
    if not values.get("cancel_reason"):
        raise Rejected({"cancel_reason": _("Say why the contract ends.")})
    title = ngettext("Ended a contract", "Ended %(n)d contracts", len(ids)) % {"n": len(ids)}
    given = values.get("notice_on") or timezone.localdate()
    told = {
        "state": "notice", "notice_on": given, "cancel_reason": values["cancel_reason"],
        "cancel_note": values.get("cancel_note") or "",
        "late_accepted": bool(values.get("late_accepted")),
    }  # fmt: skip
    with change(principal, via=via, title=title) as made:
        found = access.rows(principal, "contract", "edit").filter(pk__in=list(ids))
        contracts = list(found.order_by("pk").select_for_update(of=("self",), no_key=True))
        if not contracts:
            raise Missing(_("This contract is gone, or not yours to change."))
        for one in contracts:
            end = values.get("end") or one.end or _soonest(one, given)
            made.update("contract", one.pk, {**told, "end": end})
    return made.id


def _soonest(one: Contract, given: date) -> date:
    """The last day of a contract without one, once notice is given."""
    if one.notice_unit == "day":
        return max(given + timedelta(days=one.notice or 0), one.start)
    return max(add_months(given, one.notice or 0), one.start)


def withdraw_notice(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Let contracts go on that were to end. Returns the change set.

    Raises Denied, Missing, Rejected for one that was not to end.
    """
    title = ngettext("Kept a contract", "Kept %(n)d contracts", len(ids)) % {"n": len(ids)}
    kept = {"state": "active", "cancel_reason": "", "cancel_note": ""}
    return _move(principal, ids, kept, title, via)


def _move(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], title: str, via: str
) -> UUID:
    with change(principal, via=via, title=title) as made:
        if not made.update_many("contract", ids, values):
            raise Missing(_("This contract is gone, or not yours to change."))
    return made.id
