"""What a deal lacks where it stands: fields that its stage, or one before it, asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.kinds import Computed, Context
from rapport.sales.models import Deal, Pipeline
from rapport.sales.parts.stage_gate import blank, ladders_of, required_at

type Gaps = list[str]


class StageGaps(Computed):
    """The names of the fields that the stage asks for and the deal lacks."""

    type = "stage_gaps"
    operators = ("empty", "filled")
    needs = frozenset({("deal", "stage")})

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, _fetch, **options)

    def blank(self, value: Gaps | None) -> bool:
        return not value

    def plain(self, value: Gaps | None, context: Context) -> str:
        fields = registry.get("deal").fields
        return ", ".join(str(fields[name].label) for name in value or ())

    def json(self, value: Gaps | None) -> Any:
        return value or []

    def export(self, value: Gaps | None, context: Context) -> str:
        return ",".join(value or ())

    def asked(self, op: str, argument: Any, context: Context) -> tuple[Q, Hashable]:
        """By the fields that the reader may read."""
        required = _required(context.principal)
        lacking = Q(pk__in=[])
        for name, stages in required.items():
            lacking |= Q(stage_id__in=stages) & blank(name)
        key = tuple((name, tuple(stages)) for name, stages in required.items())
        return (~lacking if op == "empty" else lacking), key

    def describe(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string"}, "readOnly": True}


def _required(principal: Principal) -> Mapping[str, Sequence[UUID]]:
    """The stages at which each field is asked for, of those that the principal reads."""
    readable = access.fields(principal, "deal").readable
    found: dict[str, list[UUID]] = defaultdict(list)
    pipelines = Pipeline.objects.filter(deleted_at=None).values_list("pk", flat=True)
    for ladder in ladders_of(pipelines).values():
        for place, stage in enumerate(ladder):
            for name in required_at(ladder, place):
                if name in readable:
                    found[name].append(stage.pk)
    return dict(sorted(found.items()))


def _fetch(principal: Principal, ids: Sequence[UUID]) -> Mapping[UUID, Gaps]:
    required = _required(principal)
    if not required:
        return {}
    flags = {
        f"lacks_{number}": ExpressionWrapper(
            Q(stage_id__in=stages) & blank(name), output_field=BooleanField()
        )
        for number, (name, stages) in enumerate(required.items())
    }
    rows = Deal.objects.filter(pk__in=ids).order_by().annotate(**flags).values("pk", *flags)
    return {
        row["pk"]: [name for number, name in enumerate(required) if row[f"lacks_{number}"]]
        for row in rows
    }
