"""Questions about pipelines and deals; nothing here writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.declare import Lane
from rapport.records.kinds import words


def lanes(principal: Principal, params: Mapping[str, str]) -> Sequence[Lane]:
    """The stages of the pipeline that `params` names, else of the first, as lanes of the board."""
    return [
        Lane(
            stage.pk,
            words(stage.label, principal.language),
            int(stage.probability or 0),
            stage.usual_days,
            stage.state,
            "lose" if stage.state == "lost" else "",
        )
        for stage in stages_of(principal, pipeline_of(principal, params.get("pipeline", "")))
    ]


def pipeline_of(principal: Principal, text: str) -> UUID | None:
    """The pipeline with that key, else the first one; None when there is none."""
    found = (
        access.rows(principal, "pipeline").order_by("position", "id").values_list("pk", flat=True)
    )
    keys = {str(key): key for key in found}
    return keys.get(text) or next(iter(keys.values()), None)


def stages_of(principal: Principal, pipeline_id: UUID | None) -> list[Any]:
    """The stages of a pipeline in their order."""
    return list(
        access.rows(principal, "stage").filter(pipeline_id=pipeline_id).order_by("position", "id")
    )
