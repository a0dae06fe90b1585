"""What is usual: what deals that were won tell of the time in a stage and of amounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import (
    Aggregate,
    Count,
    DateTimeField,
    DecimalField,
    DurationField,
    ExpressionWrapper,
    F,
    Field,
    Max,
    QuerySet,
)
from django.utils import timezone

from rapport.accounts.principals import Principal
from rapport.kit.keep import Keep
from rapport.records import access, registry
from rapport.sales.models import DealStay, Stage

#: How far back it is looked, and how many it takes to call something usual.
BACK = timedelta(days=2 * 365)
ENOUGH = 10
MONEY: DecimalField[Any, Any] = DecimalField(max_digits=20, decimal_places=2)
_kept: Keep[Norms] = Keep(64)


class Share(Aggregate):
    """The value below which a share of the rows lies."""

    function = "PERCENTILE_DISC"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, expression: Any, share: float, output_field: Field[Any, Any]) -> None:
        super().__init__(expression, share=share, output_field=output_field)


class Patience(NamedTuple):
    """The days a deal may stand at a stage, and whether won deals say so or the stage itself."""

    days: int
    is_learnt: bool


class Range(NamedTuple):
    """What nine of ten won deals are worth at least, and at most."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Norms:
    """By stage and by pipeline; a tuple of pairs, so that queries may be kept by it."""

    stays: tuple[tuple[UUID, Patience], ...] = ()
    worths: tuple[tuple[UUID, Range], ...] = ()

    def with_stages(self, own: Mapping[UUID, int]) -> Norms:
        """The same with the stages' own days where won deals tell nothing."""
        given = {key: Patience(days, is_learnt=False) for key, days in own.items()}
        return Norms(tuple(sorted((given | dict(self.stays)).items())), self.worths)


def norms(principal: Principal) -> Norms:
    """What the won deals that the principal sees tell; worked out anew once one more is won."""
    deal = registry.get("deal")
    won = access.rows(principal, "deal").order_by().filter(
        state="won", closed_at__gte=timezone.now() - BACK
    )  # fmt: skip
    # By the newest of them it is known without a look at all whether there is anything new.
    newest = won.aggregate(at=Max("closed_at", output_field=DateTimeField()))["at"]
    key = (access.reach(principal, deal), registry.edition(), newest, timezone.localdate())
    learnt = _kept.get(key, lambda: _learnt(won)) if newest else Norms()
    stages = access.rows(principal, "stage").order_by().filter(usual_days__isnull=False)
    return learnt.with_stages(dict(stages.values_list("pk", "usual_days")))


def _learnt(won: QuerySet[Any, Any]) -> Norms:
    stayed = ExpressionWrapper(F("left_at") - F("entered_at"), output_field=DurationField())
    stays = DealStay.objects.filter(
        deal_id__in=won.values("pk"), left_at__isnull=False,
        stage_id__in=Stage.objects.filter(state="open").values("pk"),
    )  # fmt: skip
    by_stage = stays.values("stage_id").annotate(
        usual=Share(stayed, 0.75, DurationField()), n=Count("pk")
    )
    by_pipeline = won.filter(amount_base__gt=0).values("pipeline_id").annotate(
        low=Share(F("amount_base"), 0.1, MONEY), high=Share(F("amount_base"), 0.9, MONEY),
        n=Count("pk"),
    )  # fmt: skip
    return Norms(
        tuple(
            (stage, Patience(usual.days + 1, is_learnt=True))
            for stage, usual, n in by_stage.values_list("stage_id", "usual", "n")
            if n >= ENOUGH
        ),
        tuple(
            (pipeline, Range(low, high))
            for pipeline, low, high, n in by_pipeline.values_list("pipeline_id", "low", "high", "n")
            if pipeline and n >= ENOUGH
        ),
    )
