"""Stages and their places in pipelines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Max, Min, QuerySet

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.compiled import Compiled, compiled
from rapport.records.declare import Lane
from rapport.records.kinds import words
from rapport.sales.parts.stage_words import usual_chance


def lanes(principal: Principal, params: Mapping[str, str]) -> Sequence[Lane]:
    """The stages of the pipeline that `params` names, else of the first, as lanes of the board."""
    pipelines: dict[str, list[Lane]] = {}
    for pipeline, *stage in _stages(principal).run():
        pipelines.setdefault(str(pipeline), []).append(_lane(principal, *stage))
    chosen = params.get("pipeline", "")
    return pipelines.get(chosen) or next(iter(pipelines.values()), [])


def _lane(
    principal: Principal, key: UUID, label: Mapping[str, str], chance: Any, days: int, state: Any
) -> Lane:
    asked = {"won": "win", "lost": "lose"}.get(state, "")
    return Lane(key, words(label, principal.language), int(chance or 0), days, state, asked)


def _stages(principal: Principal) -> Compiled:
    """The stages of all pipelines, in their order."""
    reaches = (access.reach(principal, registry.get(name)) for name in ("stage", "pipeline"))
    return _stages_in(registry.edition(), *reaches)


@lru_cache(maxsize=64)
def _stages_in(_edition: int, stages: access.Reach, pipelines: access.Reach) -> Compiled:
    seen = access.reached_rows(registry.get("pipeline"), pipelines).order_by().values("pk")
    found = access.reached_rows(registry.get("stage"), stages).filter(pipeline_id__in=seen)
    ordered = found.order_by("pipeline__position", "pipeline_id", "position", "id")
    columns = ("pipeline_id", "pk", "label", "probability", "usual_days", "state")
    return compiled(ordered.values_list(*columns))


def first_pipeline(stages: QuerySet[Any]) -> UUID | None:
    """The first pipeline that any of these stages belongs to."""
    kept = stages.filter(pipeline__deleted_at=None)
    return (
        kept.order_by("pipeline__position", "pipeline_id")
        .values_list("pipeline", flat=True)
        .first()
    )


def place_after(rows: QuerySet[Any]) -> int:
    """The position behind all of them."""
    most = rows.aggregate(most=Max("position"))["most"]
    return 0 if most is None else most + 1


def place_of(stages: QuerySet[Any], state: str, chance: int) -> int:
    """The position of one more stage: what is open stands behind the open ones of no greater
    chance, and so before what ends a deal."""
    if state != "open":
        return place_after(stages)
    still = stages.filter(state="open")
    below = still.filter(probability__lte=chance).aggregate(most=Max("position"))["most"]
    if below is not None:
        return int(below)
    first = still.aggregate(least=Min("position"))["least"]
    return 0 if first is None else first - 1


def chance_of(stages: QuerySet[Any], state: str, label: str) -> int:
    """The chance to win at one more stage, in percent: by what other programs give a stage of that
    name, else halfway between the last open one and a deal that is won."""
    if state != "open":
        return 100 if state == "won" else 0
    known = usual_chance(label)
    if known is not None:
        return known
    still = stages.filter(state="open").order_by("-position", "-pk")
    last = still.values_list("probability", flat=True).first()
    return round((int(last or 0) + 100) / 2)
