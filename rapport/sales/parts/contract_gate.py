"""What may become of a contract, whoever changes it: when it counts, and until when notice is in
time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records.store import Rejected
from rapport.sales.models import Contract
from rapport.sales.models.contract import STATES

#: What people may make of a contract.
STEPS: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"active", "notice", "ended"}),
    "active": frozenset({"draft", "notice", "ended"}),
    "notice": frozenset({"active", "ended"}),
    "ended": frozenset({"active"}),
}
NOTED = ("state", "notice_by", "end")
#: What a contract that counts must say.
SAID = frozenset({"company", "person", "amount", "lines"})


def note_contracts(ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    """How the contracts stand before the write."""
    found = Contract.objects.filter(pk__in=ids).order_by()
    return {row.pop("pk"): row for row in found.values("pk", *NOTED)}


def check_contracts(
    principal: Principal, ids: Sequence[UUID], before: Mapping[UUID, Mapping[str, Any]]
) -> None:
    """Raises Rejected where a contract can't come to its state, says too little for it, or notice
    comes after the last day and nobody accepted that."""
    check_said(principal, ids, None)
    for one in Contract.objects.filter(pk__in=ids).order_by("pk"):
        was = before.get(one.pk, {"state": "draft", "notice_by": one.notice_by})
        if one.state != was["state"] and one.state not in STEPS[was["state"]]:
            sentence = _("A contract that is “%(was)s” can't become “%(state)s”.")
            told = {"was": STATES[was["state"]], "state": STATES[one.state]}
            raise Rejected({"state": sentence % told})
        if one.state == "notice" and was["state"] != "notice":
            check_notice(one, was["notice_by"])


def note_nothing(ids: Sequence[UUID]) -> None:
    """How contracts stood before makes no difference."""


def check_said(principal: Principal, ids: Sequence[UUID], before: Any) -> None:
    """Raises Rejected where a contract that counts does not say whose it is, or what it brings."""
    for one in Contract.objects.filter(pk__in=ids).exclude(state="draft").order_by("pk"):
        if one.company_id is None and one.person_id is None:
            raise Rejected({"company": _("Say whose contract it is before it begins.")})
        if one.mrr is None:
            raise Rejected({"amount": _("Say what the contract brings, or add lines.")})


def check_notice(one: Contract, notice_by: date | None) -> None:
    """Raises Rejected for a notice that comes too late, or a contract that names no last day."""
    if one.end is None:
        raise Rejected({"end": _("Say on which day the contract ends.")})
    given = one.notice_on
    if notice_by and given and given > notice_by and one.auto_renew and not one.late_accepted:
        sentence = _(
            "The last day to give notice was %(day)s; the contract renews after %(end)s. To end it"
            " all the same, accept the late notice."
        )
        told = {"day": _day(notice_by), "end": _day(one.end)}
        raise Rejected({"late_accepted": sentence % told})


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
