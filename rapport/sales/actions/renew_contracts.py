"""What the clock does with contracts: renewal deals in time, terms that go on, and ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import DateField, F, Func, IntegerField, Q
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from rapport.accounts.principals import Principal, service
from rapport.accounts.queries import workspace
from rapport.records import access
from rapport.records.models import Notification
from rapport.records.notifications.telling import tell
from rapport.records.store import ChangeInProgress, Missing, Rejected, change
from rapport.sales.models import Contract, Deal, Pipeline

#: More than a day brings; what is left goes with the next run.
MOST = 2_000
#: The last day after another term.
NEXT_END = Func(
    F("start"), F("end"), Cast(Coalesce("renewal_term", "term", 12), IntegerField()),
    function="sales_next_end", output_field=DateField(),
)  # fmt: skip


def renew_contracts(day: date | None = None) -> int:
    """Make renewal deals that are due, take terms on that renew by themselves, and end what is
    over; how many contracts changed. A second run of the day finds nothing left."""
    today = day or timezone.localdate(timezone=ZoneInfo(workspace().timezone))
    return _end(today) + _go_on(today) + _make_due(today)


def _end(today: date) -> int:
    over = Q(state="notice") | Q(state="active", auto_renew=False)
    late = Contract.objects.filter(over, end__lt=today, deleted_at=None)
    return _in_one(late, _("Contracts that ended"), lambda made, ids: made.update_many(
        "contract", ids, {"state": "ended"}))  # fmt: skip


def _go_on(today: date) -> int:
    late = Contract.objects.filter(state="active", auto_renew=True, end__lt=today, deleted_at=None)
    return _in_one(late, _("Contracts that renewed by themselves"), _extend)


def _extend(_made: ChangeInProgress, ids: Sequence[UUID]) -> int:
    return Contract.objects.filter(pk__in=ids).update(end=NEXT_END)


def _make_due(today: date) -> int:
    due = Contract.objects.filter(
        Q(renewal_for=None) | ~Q(renewal_for=F("end")), state="active", renewal_on__lte=today,
        end__gte=today, deleted_at=None,
    )  # fmt: skip
    told: list[UUID] = []
    count = _in_one(due, _("Renewal deals"), partial(_make, told))
    _tell(told)
    return count


def _in_one(due: Any, title: str, act: Callable[[ChangeInProgress, Sequence[UUID]], Any]) -> int:
    """Act on those that nobody else works on, in one change set."""
    if not due.exists():
        return 0
    with change(service("clock"), via="job", title=title) as made:
        locked = due.select_for_update(skip_locked=True, of=("self",)).order_by("end", "pk")
        ids = list(locked.values_list("pk", flat=True)[:MOST])
        if ids:
            act(made, ids)
    return len(ids)


def make_renewal(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Make the renewal deal of contracts by hand. Returns the change set.

    Raises Denied, Missing, Rejected for one that has such a deal, or is not in force.
    """
    access.check(principal, "create", "deal")
    with change(principal, via=via, title=_("Renewal deals")) as made:
        found = access.rows(principal, "contract", "edit").filter(pk__in=list(ids))
        rows = list(found.order_by("pk").select_for_update(of=("self",), no_key=True))
        if not rows:
            raise Missing(_("This contract is gone, or not yours to change."))
        for one in rows:
            if one.state not in ("active", "notice") or one.end is None:
                raise Rejected({"": _("Only a contract in force with a last day is renewed.")})
            if one.renewal_deal and not one.renewal_deal.deleted_at and one.renewal_for == one.end:
                sentence = _("There is a renewal deal already: %(name)s.")
                raise Rejected({"": sentence % {"name": one.renewal_deal.name}})
        _make([], made, [one.pk for one in rows])
    return made.id


def _make(told: list[UUID], made: ChangeInProgress, ids: Sequence[UUID]) -> None:
    """A deal for each contract; contract and deal are tied in one statement."""
    contracts = list(Contract.objects.filter(pk__in=ids).order_by("pk"))
    usual = _usual_pipeline()
    language = workspace().language
    with override(language):
        many = [_deal(one, usual) for one in contracts]
    keys = made.create_many("deal", many)
    if access.may(made.principal, "create", "task"):
        with override(language):
            steps = [_step(one, key) for one, key in zip(contracts, keys, strict=True)]
        made.create_many("task", steps)
    with connection.cursor() as cursor:
        cursor.execute(
            'UPDATE sales_contract AS c SET renewal_deal_id = n.deal, renewal_for = c."end"'
            " FROM unnest(%s::uuid[], %s::uuid[]) AS n (contract, deal) WHERE c.id = n.contract",
            [[one.pk for one in contracts], keys],
        )
    told += keys


def _usual_pipeline() -> UUID | None:
    """The second pipeline, which is that of renewals to begin with; else the first."""
    rows = Pipeline.objects.filter(deleted_at=None).order_by("position", "pk")
    keys = list(rows.values_list("pk", flat=True)[:2])
    return keys[-1] if keys else None


def _deal(one: Contract, usual: UUID | None) -> dict[str, Any]:
    months = one.renewal_term or one.term or 12
    amount = None if one.arr is None else round(one.arr * months / 12, 2)
    return {
        "name": _("Renewal: %(name)s") % {"name": one.name}, "company": one.company_id,
        "pipeline": one.renewal_pipeline_id or usual, "amount": (amount, one.currency),
        "close_date": one.notice_by or one.end, "owner": one.owner_id,
    }  # fmt: skip


def _step(one: Contract, deal: UUID) -> dict[str, Any]:
    """The next step of a renewal deal: a talk in time, a week from now unless notice is nearer."""
    today = timezone.localdate(timezone=ZoneInfo(workspace().timezone))
    last = one.notice_by if one.notice_by and one.notice_by >= today else one.end
    day = min(filter(None, (today + timedelta(days=7), last)))
    return {
        "subject": _("Talk about the renewal: %(name)s") % {"name": one.name},
        "about": [("deal", deal)],
        "due": datetime.combine(max(day, today), time(9), ZoneInfo(workspace().timezone)),
        "owner": one.owner_id,
    }  # fmt: skip


def _tell(keys: Sequence[UUID]) -> None:
    for deal in Deal.objects.filter(pk__in=keys, owner__isnull=False).select_related("owner"):
        if deal.owner:
            words = partial(_comes_up, deal.name)
            about = ("deal", deal.pk)
            tell(deal.owner, Notification.Kind.ASSIGNED, words, f"/deals/{deal.pk}/", about=about)


def _comes_up(name: str) -> str:
    return _("A contract comes up for renewal: %(name)s") % {"name": name}
