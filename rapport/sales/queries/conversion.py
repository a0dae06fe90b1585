"""How deals go on: from stage to stage, to their end, how fast, and of which month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import (
    Avg,
    Case,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncMonth
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.kit.periods import add_months
from rapport.records import access
from rapport.sales.models import DealStay, Stage
from rapport.sales.queries.deal_norms import Share
from rapport.sales.queries.forecast_lines import Span
from rapport.sales.queries.product_lines import may_count_products, product_lines

NEEDED = (
    "state", "stage", "stage_since", "closed_at", "created_at", "amount", "amount_base", "owner",
    "pipeline",
)  # fmt: skip
#: What can have become of a stay, in the order in which it is told.
ENDS = ("on", "back", "won", "lost", "still")
#: What win rates are told by, and where a deal holds it.
SIDES = {"source": "source", "owner": "owner_id", "industry": "industry", "product": "product_id"}
#: Days within which deals of a month were won; and how many months are shown.
WITHIN = (30, 60, 90, 180, 365)
MONTHS = 12
NOTHING = Decimal(0)
TEXT = TextField()


@dataclass(frozen=True, slots=True)
class Question:
    """Which deals, and when."""

    span: Span
    zone: ZoneInfo
    deals: Q = field(default_factory=Q)

    @property
    def begins(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.span.first, time(), self.zone)

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.span.end, time(), self.zone)


@dataclass(slots=True)
class StageLine:
    """Those that came to a stage in the span, by what became of them, and the median of days."""

    stage: UUID
    label: Mapping[str, str]
    entered: int = 0
    ends: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ENDS, 0))
    median: timedelta | None = None


class Rate(NamedTuple):
    """Deals that ended, of one source, owner, industry or product; of the last without a worth,
    since a deal has several."""

    key: Any
    won: int
    lost: int
    worth: Decimal | None

    @property
    def share(self) -> Decimal:
        """The part that was won."""
        return Decimal(self.won) / (self.won + self.lost)


@dataclass(frozen=True, slots=True)
class Velocity:
    """The four factors of what open deals bring in a day."""

    open: int
    won: int
    lost: int
    average: Decimal
    cycle: timedelta | None

    @property
    def share(self) -> Decimal | None:
        """The part that is won of what ends."""
        ended = self.won + self.lost
        return Decimal(self.won) / ended if ended else None

    @property
    def a_day(self) -> Decimal | None:
        """What is won in a day, if all stays as it is."""
        days = self.cycle.total_seconds() / 86400 if self.cycle else 0
        if self.share is None or days <= 0:
            return None
        return self.open * self.share * self.average / Decimal(days)


class Cohort(NamedTuple):
    """The deals made in a month, and how many were won within so many days."""

    month: date
    made: int
    won: Mapping[int, int]


def check_conversion(principal: Principal) -> None:
    """Raises Denied for whoever may not read what it is made of."""
    access.check(principal, "view", "deal")
    access.check(principal, "view", "stage")
    if access.unread(principal, "deal", *NEEDED) or access.is_kept_from(principal, "stage"):
        raise access.Denied(_("Your role does not let you see all that this is made of."))


def stage_lines(principal: Principal, asked: Question) -> Sequence[StageLine]:
    """Each open stage of the pipelines asked for that deals came to, in order."""
    stays = _stays(principal, asked)
    names = access.rows(principal, "stage").filter(state="open").order_by(
        "pipeline__position", "pipeline_id", "position", "pk"
    )  # fmt: skip
    lines = {key: StageLine(key, label) for key, label in names.values_list("pk", "label")}
    for stage, end, n in stays.values_list("stage_id", "end").annotate(n=Count("pk")):
        if stage in lines:
            lines[stage].ends[end] += n
            lines[stage].entered += n
    stayed = ExpressionWrapper(F("left_at") - F("entered_at"), output_field=DurationField())
    gone = stays.filter(left_at__isnull=False).values("stage_id")
    for stage, median in gone.annotate(median=Share(stayed, 0.5, DurationField())).values_list(
        "stage_id", "median"
    ):
        if stage in lines:
            lines[stage].median = median
    return [one for one in lines.values() if one.entered]


def win_rates(principal: Principal, asked: Question, side: str) -> Sequence[Rate]:
    """Won and lost deals of the span by source, owner, industry or product; the most first."""
    if side == "product":
        return _product_rates(principal, asked)
    ended = _sided(principal, _ended(principal, asked), side)
    sums = ended.values("side").annotate(
        won=Count("pk", filter=Q(state="won")), lost=Count("pk", filter=Q(state="lost")),
        worth=Sum("amount_base", filter=Q(state="won")),
    )  # fmt: skip
    rows = sums.values_list("side", "won", "lost", "worth")
    return _ranked(Rate(key, won, lost, worth or NOTHING) for key, won, lost, worth in rows)


def _product_rates(principal: Principal, asked: Question) -> Sequence[Rate]:
    lines = product_lines(principal, _ended(principal, asked)).values("product_id")
    rows = lines.annotate(
        won=Count("quote__deal", distinct=True, filter=Q(quote__deal__state="won")),
        lost=Count("quote__deal", distinct=True, filter=Q(quote__deal__state="lost")),
    ).values_list("product_id", "won", "lost")
    return _ranked(Rate(key, won, lost, None) for key, won, lost in rows)


def _ranked(rates: Iterable[Rate]) -> Sequence[Rate]:
    return sorted(rates, key=lambda one: (-one.won - one.lost, str(one.key)))


def sides_of(principal: Principal) -> Sequence[str]:
    """What somebody may be told win rates by."""
    hidden = access.unread(principal, "deal", "source", "company")
    industry = access.unread(principal, "company", "industry") | (hidden & {"company"})
    kept: Mapping[str, object] = {
        "source": hidden & {"source"}, "industry": industry,
        "product": not may_count_products(principal),
    }  # fmt: skip
    return [one for one in SIDES if not kept.get(one)]


def velocity(principal: Principal, asked: Question) -> Velocity:
    """What is open now, and how those went that ended in the span."""
    cycle = ExpressionWrapper(F("closed_at") - F("created_at"), output_field=DurationField())
    is_won = Q(state="won")
    ended = _ended(principal, asked).aggregate(
        won=Count("pk", filter=is_won), lost=Count("pk", filter=Q(state="lost")),
        average=Avg("amount_base", filter=is_won),
    )  # fmt: skip
    won = _ended(principal, asked).filter(is_won, created_at__lt=F("closed_at"))
    lasted = won.aggregate(cycle=Share(cycle, 0.5, DurationField()))["cycle"]
    still = _deals(principal, asked).filter(state="open").count()
    return Velocity(still, ended["won"], ended["lost"], ended["average"] or NOTHING, lasted)


def cohorts(principal: Principal, asked: Question, today: date) -> Sequence[Cohort]:
    """The deals of each of the last months, the newest first."""
    first = add_months(today.replace(day=1), 1 - MONTHS)
    begins = datetime.combine(first, time(), asked.zone)
    made = _deals(principal, asked).filter(created_at__gte=begins)
    months = made.annotate(month=TruncMonth("created_at", tzinfo=asked.zone)).values("month")
    within = {f"within_{days}": Count("pk", filter=_won_within(days)) for days in WITHIN}
    rows = months.annotate(n=Count("pk"), **within)
    found = [
        Cohort(row["month"].date(), row["n"], {days: row[f"within_{days}"] for days in WITHIN})
        for row in rows
    ]
    return sorted(found, key=lambda one: one.month, reverse=True)


def deals_of_number(principal: Principal, asked: Question, number: str) -> QuerySet[Any, Any]:
    """The deals that one number counts, by its name: `stage.KEY.won`, `source.won.Fair`, `open`,
    `won`, `lost`, `cohort.2026-11.30`. Raises ValueError for what is no number."""
    name, _dot, rest = number.partition(".")
    match name:
        case "open":
            return _deals(principal, asked).filter(state="open")
        case "won" | "lost":
            return _ended(principal, asked).filter(state=name)
        case "stage":
            return _of_stage(principal, asked, *rest.split("."))
        case "cohort":
            return _of_cohort(principal, asked, *rest.split("."))
    end, _dot, key = rest.partition(".")
    if name not in sides_of(principal) or end not in ("won", "lost"):
        raise ValueError(number)
    if name == "product":
        ended = _ended(principal, asked).filter(state=end)
        lines = product_lines(principal, ended).filter(product_id=UUID(key))
        return ended.filter(pk__in=lines.values("quote__deal_id"))
    ended = _sided(principal, _ended(principal, asked), name).filter(state=end)
    wanted: Any = UUID(key) if name == "owner" and key else key
    return ended.filter(side=wanted) if wanted else ended.filter(Q(side="") | Q(side=None))


def _of_stage(principal: Principal, asked: Question, key: str, end: str) -> QuerySet[Any, Any]:
    if end not in (*ENDS, "all"):
        raise ValueError(end)
    stays = _stays(principal, asked).filter(stage_id=UUID(key))
    stays = stays if end == "all" else stays.filter(end=end)
    return access.rows(principal, "deal").filter(pk__in=stays.values("deal_id"))


def _of_cohort(principal: Principal, asked: Question, month: str, days: str) -> QuerySet[Any, Any]:
    first = date.fromisoformat(f"{month}-01")
    ends = (datetime.combine(day, time(), asked.zone) for day in (first, add_months(first, 1)))
    begins, until = ends
    made = _deals(principal, asked).filter(created_at__gte=begins, created_at__lt=until)
    if days == "all":
        return made
    if int(days) not in WITHIN:
        raise ValueError(days)
    return made.filter(_won_within(int(days)))


def _won_within(days: int) -> Q:
    return Q(state="won", closed_at__lt=F("created_at") + timedelta(days=days))


def _deals(principal: Principal, asked: Question) -> QuerySet[Any, Any]:
    return access.rows(principal, "deal").filter(asked.deals).order_by()


def _ended(principal: Principal, asked: Question) -> QuerySet[Any, Any]:
    return _deals(principal, asked).filter(
        state__in=("won", "lost"), closed_at__gte=asked.begins, closed_at__lt=asked.ends
    )


def _stays(principal: Principal, asked: Question) -> QuerySet[Any, Any]:
    """The stays at open stages that began in the span, each with what came next."""
    after = DealStay.objects.filter(
        deal_id=OuterRef("deal_id"), entered_at__gte=OuterRef("left_at")
    ).order_by("entered_at")
    stages = Stage.objects.filter(pk=OuterRef("next_id"))
    here = Stage.objects.filter(pk=OuterRef("stage_id"))
    stays = DealStay.objects.filter(
        deal_id__in=_deals(principal, asked).values("pk"),
        stage_id__in=access.rows(principal, "stage").filter(state="open").order_by().values("pk"),
        entered_at__gte=asked.begins, entered_at__lt=asked.ends,
    ).annotate(
        next_id=Subquery(after.values("stage_id")[:1], output_field=UUIDField()),
    )  # fmt: skip
    place = Subquery(here.values("position"))
    return stays.annotate(
        next_state=Subquery(stages.values("state")), next_place=Subquery(stages.values("position")),
        place=place,
    ).annotate(
        end=Case(
            When(left_at__isnull=True, then=Value("still", output_field=TEXT)),
            When(next_state="won", then=Value("won", output_field=TEXT)),
            When(next_state="lost", then=Value("lost", output_field=TEXT)),
            When(next_place__lt=F("place"), then=Value("back", output_field=TEXT)),
            default=Value("on", output_field=TEXT), output_field=TEXT,
        )
    )  # fmt: skip


def _sided(principal: Principal, deals: QuerySet[Any, Any], side: str) -> QuerySet[Any, Any]:
    if side != "industry":
        return deals.annotate(side=F(SIDES[side]))
    companies = access.rows(principal, "company").filter(pk=OuterRef("company_id")).order_by()
    found = Subquery(companies.values("industry")[:1], output_field=TEXT)
    return deals.annotate(side=Coalesce(found, Value("", output_field=TEXT)))
