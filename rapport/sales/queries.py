"""Questions about pipelines and deals; nothing here writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from uuid import UUID

from django.db.models import F

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.compiled import AnyOf, Compiled, Given, compiled
from rapport.records.declare import Lane
from rapport.records.kinds import words


def lanes(principal: Principal, params: Mapping[str, str]) -> Sequence[Lane]:
    """The stages of the pipeline that `params` names, else of the first, as lanes of the board."""
    pipeline = pipeline_of(principal, params.get("pipeline", ""))
    stages = _stages(registry.edition(), access.reach(principal, registry.get("stage")))
    return [
        Lane(
            key,
            words(label, principal.language),
            int(probability or 0),
            usual_days,
            state,
            "lose" if state == "lost" else "",
        )
        for key, label, probability, usual_days, state in stages.run(pipelines=[pipeline])
    ]


def pipeline_of(principal: Principal, text: str) -> UUID | None:
    """The pipeline with that key, else the first one; None when there is none."""
    reach = access.reach(principal, registry.get("pipeline"))
    keys = {str(key): key for (key,) in _pipelines(registry.edition(), reach).run()}
    return keys.get(text) or next(iter(keys.values()), None)


@lru_cache(maxsize=64)
def _pipelines(_edition: int, reach: access.Reach) -> Compiled:
    found = access.reached_rows(registry.get("pipeline"), reach)
    return compiled(found.order_by("position", "id").values_list("pk"))


@lru_cache(maxsize=64)
def _stages(_edition: int, reach: access.Reach) -> Compiled:
    found = access.reached_rows(registry.get("stage"), reach)
    of_one = found.filter(AnyOf(F("pipeline_id"), Given("pipelines")))
    columns = ("pk", "label", "probability", "usual_days", "state")
    return compiled(of_one.order_by("position", "id").values_list(*columns))
