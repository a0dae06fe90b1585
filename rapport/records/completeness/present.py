"""What one record lacks right now: its marks looked at anew, since they follow a moment later."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from django.db.models import BooleanField, Case, F, Value, When

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.compiled import Ask, Compiled, Given, JSONArray, ask_together, compiled
from rapport.records.completeness.kind import Completeness, Score, owner_of, score_of
from rapport.records.completeness.marks import wrong
from rapport.records.completeness.rules import FULL
from rapport.records.expressions.rollups import Spec

ASKED = "lacks"


def present_score(principal: Principal, kind: Completeness, record_id: UUID) -> Score | None:
    """The score of a record with the rules that it breaks; None where it is not to be seen."""
    ask = score_ask(principal, kind, record_id)
    return score_from(kind, ask_together({ASKED: ask})[ASKED])


def score_ask(principal: Principal, kind: Completeness, record_id: UUID) -> Ask:
    """The question for it, to be asked together with others."""
    name = owner_of(kind).name
    reached = access.reach(principal, registry.get(name))
    return Ask(_asked(registry.edition(), name, reached), {"lacking": record_id})


def score_from(kind: Completeness, rows: Sequence[tuple[UUID, list[object]]]) -> Score | None:
    """The score from the answer."""
    for _key, (reasons, *marks) in rows:
        broken = {int(place) for place in str(reasons or "").split(",") if place}
        for place, is_wrong in zip(_looked_at(kind), marks, strict=True):
            (broken.add if is_wrong else broken.discard)(place)
        lacks = tuple(kind.rules[place] for place in sorted(broken) if place < len(kind.rules))
        return Score(max(0, FULL - sum(one.points for one in lacks)), lacks)
    return None


def _looked_at(kind: Completeness) -> list[int]:
    """The places of the rules whose marks are looked at anew; dates grow stale by the night."""
    parts = zip(kind.rules, kind.node.parts, strict=True)
    return [
        place
        for place, (rule, part) in enumerate(parts)
        if isinstance(part.value, Spec) and part.value.is_mark and rule.sort != "stale"
    ]


@lru_cache(maxsize=256)
def _asked(_edition: int, name: str, reached: access.Reach) -> Compiled:
    declaration = registry.get(name)
    kind = score_of(declaration)
    rows = access.reached_rows(declaration, reached, None).filter(pk=Given("lacking")).order_by()
    if kind is None:
        return compiled(rows.none().values_list("pk", JSONArray(F("pk"))))
    marks = [
        Case(
            When(wrong(kind.node.parts[place].value, declaration), then=Value(value=True)),
            default=Value(value=False),
            output_field=BooleanField(),
        )
        for place in _looked_at(kind)
    ]
    return compiled(rows.values_list("pk", JSONArray(F(kind.paths[1]), *marks)))
