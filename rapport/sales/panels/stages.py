"""How a deal came to its stage: a bar of the days in each, and each stay by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.accounts.models import User
from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.kit.formats import format_money, format_short_moment
from rapport.records import access
from rapport.records.compiled import Answers, Ask, Compiled, Given, JSONArray, compiled, decimal_of
from rapport.records.kinds import words
from rapport.sales.models import Deal, DealStay, Stage
from rapport.sales.parts.stage_history import days_of

WIDTH, HEIGHT, GAP = 300, 8, 2


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay of a deal as its page tells it."""

    label: str
    came: datetime
    days: int
    usual: int | None
    is_over: bool
    is_open: bool
    who: str
    amount: Decimal | None
    currency: str

    @property
    def is_late(self) -> bool:
        """Whether it took longer than such a stage usually does."""
        return self.is_open and self.usual is not None and self.days > self.usual


def ask_stages(principal: Principal, deal: Deal) -> Mapping[str, Ask]:
    """The stays of a deal, if the reader may know of its stages at all."""
    if access.unread(principal, "deal", "stage", "stage_since", "stage_history"):
        return {}
    hidden = access.unread(principal, "deal", "amount")
    return {"stays": Ask(_stays(hidden), {"stays_of": deal.pk})}


@lru_cache(maxsize=8)
def _stays(hidden: frozenset[str]) -> Compiled:
    stage = Stage.objects.filter(pk=OuterRef("stage_id"))
    mover = User.objects.filter(pk=OuterRef("moved_by_id"))
    rows = DealStay.objects.filter(deal_id=Given("stays_of")).order_by().annotate(
        label=Subquery(stage.values("label")),
        usual=Subquery(stage.values("usual_days")),
        state=Subquery(stage.values("state")),
        who=Subquery(mover.values("name")),
    )  # fmt: skip
    columns = ("label", "usual", "state", "who", "entered_at", "left_at", "amount", "currency")
    gathered = JSONBAgg(JSONArray.without(hidden, *columns), order_by=["entered_at", "id"])
    by_deal = rows.values("deal_id").annotate(gathered=gathered)
    return compiled(by_deal.values_list("deal_id", "gathered"))


def stages(request: Request, deal: Deal, answers: Answers) -> SafeString | str:
    """How a deal came to where it is."""
    principal = request.principal
    found = [
        _stay(principal.language, *one) for _deal, all in answers.get("stays", ()) for one in all
    ]
    if not found:
        return ""
    locale = principal.locale or principal.language
    lines = format_html_join("", "{}", ((_line(one, locale),) for one in reversed(found)))
    return format_html('<div class="reli">{}</div>{}', _bar(found), lines)


def _stay(
    language: str, label: Any, usual: int | None, state: str | None, who: str | None,
    entered: str, left: str | None, amount: Any, currency: str,
) -> Stay:  # fmt: skip
    came = datetime.fromisoformat(entered)
    gone = datetime.fromisoformat(left) if left else None
    days = days_of({"entered_at": came, "left_at": gone})
    name = words(label, language) if label else _("A stage that is gone")
    is_open = state == "open"
    return Stay(
        name, came, days, usual, left is not None, is_open, who or "", decimal_of(amount), currency
    )


def _bar(stays: Sequence[Stay]) -> SafeString:
    """The days in each open stage, side by side; what took too long in the colour of a signal."""
    shown = [one for one in stays if one.is_open]
    total = sum(one.days + 1 for one in shown)
    room = WIDTH - GAP * max(0, len(shown) - 1)
    place, bars = 0.0, []
    for one in shown:
        width = room * (one.days + 1) / total
        tone = "b2" if one.is_late else "b1" if one.is_over else "b0"
        bars.append((tone, f"{place:.1f}", f"{width:.1f}", HEIGHT, f"{one.label}: {_days(one)}"))
        place += width + GAP
    told = ", ".join(f"{one.label} {_days(one)}" for one in shown)
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDTH,
        HEIGHT,
        told,
        format_html_join(
            "",
            '<rect class="{}" x="{}" width="{}" height="{}" rx="2"><title>{}</title></rect>',
            bars,
        ),
    )


def _line(stay: Stay, locale: str) -> SafeString:
    when = format_short_moment(stay.came, locale, timezone.localdate())
    amount = "" if stay.amount is None else format_money(stay.amount, stay.currency, locale)
    return format_html(
        '<div class="reli"><span class="spread"><span class="{}">{}</span>'
        '<span class="num">{}</span>'
        '</span><span class="spread small muted"><span>{}</span><span class="num">{}</span></span>'
        "</div>",
        "trunc" if stay.is_over else "trunc medium",
        stay.label,
        _time(stay),
        f"{when}, {stay.who}" if stay.who else when,
        amount,
    )


def _time(stay: Stay) -> SafeString | str:
    if not stay.is_open and not stay.is_over:
        return ""
    if not stay.is_late:
        return _days(stay)
    late = _("%(time)s, usual %(usual)d") % {"time": _days(stay), "usual": stay.usual}
    return format_html('<span class="sig medium">{}</span>', late)


def _days(stay: Stay) -> str:
    return ngettext("%(n)d day", "%(n)d days", stay.days) % {"n": stay.days}
