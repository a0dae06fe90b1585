"""What stages ask of a deal that comes to them, and of one that leaves them.

A stage asks for its fields when a deal comes there, and so does every later stage of the pipeline:
to pass one over is no way around it. Going on, a deal must meet the exit conditions of the stages
it leaves behind, from the one where it stands. Who goes back is asked for nothing new, and a lost
deal only for what the lost stage itself names. Files are let in; `stage_gaps` tells what they lack.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import registry
from rapport.records.conditions import ConditionError, ask, from_json, named_fields
from rapport.records.kinds import words
from rapport.records.reading import context_for
from rapport.records.ruled import context_of_rules
from rapport.records.store import Rejected
from rapport.sales.models import Deal, DealAnswer, Stage, StageStep
from rapport.sales.parts.stage_products import is_quoted, quotes_read
from rapport.sales.parts.stage_rules import fields_to_ask, told

MOST_NAMED = 5
_PLAYBOOK = "playbook"


@dataclass(slots=True)
class Wanted:
    """What is asked of deals on one move: fields, each with the stage that asks, and conditions."""

    fields: dict[str, Stage] = field(default_factory=dict)
    exits: list[Stage] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Lack:
    """What a deal lacks: a field that a stage asks for, steps left open there, or its condition."""

    stage: UUID
    field: str = ""
    steps: tuple[str, ...] = ()


def note_stages(ids: Sequence[UUID]) -> Mapping[UUID, UUID | None]:
    """The stage of each deal that is there already."""
    return dict(Deal.objects.filter(pk__in=ids).order_by().values_list("pk", "stage_id"))


def check_stages(
    principal: Principal, ids: Sequence[UUID], before: Mapping[UUID, UUID | None]
) -> None:
    """Raises Rejected where a deal came to a stage without what is asked for."""
    deals = Deal.objects.filter(pk__in=ids).order_by()
    rows = deals.values_list("pk", "stage_id", "pipeline_id")
    moves = {
        key: (before.get(key), stage, pipeline)
        for key, stage, pipeline in rows
        if stage and before.get(key) != stage
    }
    ladders = ladders_of({pipeline for _from, _to, pipeline in moves.values()})
    wanted = {
        key: asked_on(ladders[pipeline], from_id, to_id)
        for key, (from_id, to_id, pipeline) in moves.items()
    }
    faults = _faults(principal, {key: one for key, one in wanted.items() if one})
    if faults:
        raise Rejected(faults)


def ladders_of(pipelines: Iterable[UUID]) -> Mapping[UUID, list[Stage]]:
    """The stages of these pipelines in their order; none where no stage asks for anything."""
    stages = Stage.objects.filter(pipeline__in=list(pipelines), deleted_at=None)
    found: dict[UUID, list[Stage]] = defaultdict(list)
    for stage in stages.order_by("position", "pk"):
        found[stage.pipeline_id].append(stage)
    return found


def asked_on(ladder: Sequence[Stage], from_id: UUID | None, to_id: UUID) -> Wanted | None:
    """What a move within a pipeline, or into it, asks for; None for nothing."""
    places = {stage.pk: place for place, stage in enumerate(ladder)}
    if to_id not in places:
        return None
    place = places[to_id]
    wanted = Wanted(required_at(ladder, place))
    start = places.get(from_id) if from_id else None
    if start is not None and ladder[place].state != "lost":
        passed = ladder[start:place]
        wanted.exits = [one for one in passed if one.state == "open"]
        if start > place:
            return None
    return wanted if wanted.fields or wanted.exits else None


def required_at(ladder: Sequence[Stage], place: int) -> dict[str, Stage]:
    """The fields that a deal at this place of its pipeline must have, and which stage says so."""
    here = ladder[place]
    if here.state == "lost":
        asking = [here]
    else:
        asking = [*(one for one in ladder[:place] if one.state == "open"), here]
    known = fields_to_ask()
    return {name: one for one in reversed(asking) for name in one.required_fields if name in known}


def blank(name: str) -> Q:
    """The deals that have nothing in this field."""
    kind = registry.get("deal").fields[name]
    return kind.condition("empty", None)


def _faults(principal: Principal, wanted: Mapping[UUID, Wanted]) -> dict[str, str]:
    """A sentence for each field that is missing, and one for conditions that are not met."""
    if not wanted:
        return {}
    names = sorted({name for one in wanted.values() for name in one.fields})
    exits = {stage.pk: stage for one in wanted.values() for stage in one.exits}
    asked = {f"lacks_{n}": blank(name) for n, name in enumerate(names)}
    asked |= {f"meets_{n}": _met(stage) for n, stage in enumerate(exits.values())}
    flags: dict[str, Any] = {key: ExpressionWrapper(q, BooleanField()) for key, q in asked.items()}
    flags |= {
        f"open_{n}": ArraySubquery(_open_steps(principal, key)) for n, key in enumerate(exits)
    }
    rows = Deal.objects.filter(pk__in=list(wanted)).order_by("pk").annotate(**flags)
    found: dict[Lack, list[str]] = defaultdict(list)
    for row in rows.values("pk", "name", *flags):
        for lack in _unmet(row, wanted[row["pk"]], names, list(exits)):
            found[lack].append(row["name"])
    is_named = len(wanted) > 1
    said: dict[str, list[str]] = defaultdict(list)
    stages = {one.pk: one for every in wanted.values() for one in every.fields.values()} | exits
    for lack, deals in found.items():
        text = _sentence(principal, lack, stages[lack.stage])
        place = lack.field or (_PLAYBOOK if lack.steps else _mended_by(stages[lack.stage]))
        said[place].append(_about(deals, text) if is_named else text)
    return {name: " ".join(texts) for name, texts in said.items()}


def _unmet(
    row: Mapping[str, Any], wanted: Wanted, names: Sequence[str], exits: Sequence[UUID]
) -> Iterator[Lack]:
    """What a deal lacks."""
    for number, name in enumerate(names):
        if name in wanted.fields and row[f"lacks_{number}"]:
            yield Lack(wanted.fields[name].pk, name)
    left = {one.pk for one in wanted.exits}
    for number, stage in enumerate(exits):
        if stage in left and row[f"open_{number}"]:
            yield Lack(stage, steps=tuple(row[f"open_{number}"]))
        if stage in left and not row[f"meets_{number}"]:
            yield Lack(stage)


def _open_steps(principal: Principal, stage: UUID) -> QuerySet[Any, Any]:
    """What the playbook of a stage has done before a deal goes on, and is not."""
    done = DealAnswer.objects.filter(
        deal_id=OuterRef(OuterRef("pk")), step_id=OuterRef("pk"), is_done=True
    )
    quoted = is_quoted(quotes_read(principal), OuterRef(OuterRef("pk")), OuterRef("product_id"))
    steps = StageStep.objects.filter(Q(product=None) | quoted, stage=stage, is_required=True)
    steps = steps.exclude(Exists(done))
    return steps.order_by("position", "pk").values("text")


def _met(stage: Stage) -> Q:
    """The deals that may leave a stage; all where it has no condition that can be asked."""
    try:
        return ask(from_json(stage.exit_when), registry.get("deal"), context_of_rules()).where
    except ConditionError:
        return Q(pk__isnull=False)


def _mended_by(stage: Stage) -> str:
    """The field by which a condition may be met: a dialog asks for it then."""
    named, known = named_fields(from_json(stage.exit_when)), fields_to_ask()
    return next((name for name in known if name in named), "stage")


def _sentence(principal: Principal, lack: Lack, stage: Stage) -> str:
    label = words(stage.label, principal.language)
    if lack.steps:
        said = {"stage": label, "steps": ", ".join(lack.steps)}
        return _("Still to do at “%(stage)s”: %(steps)s.") % said
    if lack.field:
        field = registry.get("deal").fields[lack.field].label
        return _("“%(stage)s” asks for %(field)s.") % {"stage": label, "field": field}
    rule = told(stage.exit_when, context_for(principal))
    text = _("A deal leaves “%(stage)s” once this holds: %(rule)s.")
    return text % {"stage": label, "rule": rule}


def _about(deals: Sequence[str], text: str) -> str:
    more = ", …" if len(deals) > MOST_NAMED else ""
    return f"{', '.join(deals[:MOST_NAMED])}{more}: {text}"
