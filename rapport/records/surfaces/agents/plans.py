"""Plans: what an agent proposes is tried at once, kept, and done when a person approves it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.changes.telling import RecordStory
from rapport.records.kinds.base import Context
from rapport.records.models import AgentPlan, Notification
from rapport.records.notifications.telling import tell as notify
from rapport.records.reads.noting import note_told
from rapport.records.store import Missing, Rejected, change
from rapport.records.surfaces.agents.asking import THROUGH, Asker
from rapport.records.surfaces.agents.steps import UNDO, UPDATE, Step, take_back, take_step
from rapport.records.surfaces.agents.trying import (
    attempt,
    rehearse,
    rehearse_undo,
    said,
    title_of_set,
    tried,
)

#: More than somebody looks through with care.
MOST_STEPS = 50
#: Plans of one agent that may wait at once.
MOST_WAITING = 20
LONGEST_TITLE, LONGEST_COMMENT = 120, 1_000

type Plan = AgentPlan


class Decided(Exception):
    """The plan is not open any more, or not as it was shown; a sentence."""


class StepsFailed(Exception):
    """Steps that can't be done now, each by its place with a sentence; nothing was done."""

    def __init__(self, faults: dict[int, str]) -> None:
        super().__init__(faults)
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Shown:
    """A step as somebody sees it: what it would change, or why it can't be done now."""

    place: int
    step: Step
    #: The kind of record, or what the change set is called that is taken back.
    label: str
    stories: Sequence[RecordStory]
    fault: str


def begin_plan(asker: Asker, title: str) -> Plan:
    """A new plan of the agent. Raises Rejected where too many wait."""
    token = asker.principal.token_id
    if token is None:
        raise Missing
    waiting = AgentPlan.objects.filter(
        token=token, state=AgentPlan.State.WAITING, expires_at__gt=timezone.now()
    )
    if waiting.count() >= MOST_WAITING:
        words = {"n": MOST_WAITING}
        raise Rejected({"plan": _("%(n)d plans wait already. Let somebody decide first.") % words})
    title = " ".join(title.split())[:LONGEST_TITLE]
    return AgentPlan.objects.create(token_id=token, user=asker.user, title=title)


def own_plan(asker: Asker, key: UUID) -> Plan:
    """A plan of this very agent. Raises Missing."""
    plan = AgentPlan.objects.filter(pk=key, token=asker.principal.token_id).first()
    if plan is None:
        raise Missing(_("There is no such plan of yours."))
    return plan


@transaction.atomic
def add_step(asker: Asker, plan: Plan, step: Step, context: Context) -> int:
    """Put a step at the end of a plan after trying it behind all that come before; its place.

    Raises Rejected where the plan is closed or full, and whatever doing it would raise.
    """
    plan = AgentPlan.objects.select_for_update().get(pk=plan.pk)
    if not plan.is_open:
        raise Rejected({"plan": _("This plan is closed. Begin another one.")})
    before = steps_of(plan)
    if len(before) >= MOST_STEPS:
        words = {"n": MOST_STEPS}
        raise Rejected({"plan": _("A plan has up to %(n)d steps. Begin another one.") % words})
    step = _as_read(asker.principal, step, before)
    _try(asker.principal, plan, [*before, step], context)
    plan.steps = [*plan.steps, _kept(step)]
    plan.save(update_fields=["steps"])
    if len(plan.steps) == 1:
        _tell(plan)
    return len(plan.steps)


def steps_of(plan: Plan) -> list[Step]:
    """The steps of a plan in their order."""
    return [
        Step(
            do=one["do"],
            object=one["object"],
            id=UUID(one["id"]),
            values=one["values"],
            version=one["version"],
            others=tuple(UUID(other) for other in one["others"]),
            sides=one.get("sides", {}),
        )
        for one in plan.steps
    ]


def show_steps(plan: Plan, context: Context) -> list[Shown]:
    """What each step would change now, one after the other, with the rights of who looks at it.

    Everything is done and taken back: so a step shows what it would really come to.
    """
    steps = steps_of(plan)
    through, context.through = context.through, ""
    if is_undo(steps):
        found = [rehearse_undo(steps[0], context)]
    else:
        found = rehearse(steps, plan.title, context)
    context.through = through
    for step in steps:
        if step.do != UNDO:
            note_told(step.declaration, {step.id: step.values.keys()}, context)
    return [
        Shown(place, step, _label_of(step), one.stories, one.fault)
        for place, (step, one) in enumerate(zip(steps, found, strict=True), 1)
    ]


@transaction.atomic
def approve(plan: Plan, chosen: Collection[int], seen: int, context: Context) -> UUID:
    """Do the chosen steps with the rights of the approver, in one change set that names the agent.

    `seen` is how many steps he was shown. Raises Decided, StepsFailed with nothing done.
    """
    plan = _open_for(plan, context.principal, seen)
    if plan.token.revoked_at is not None:
        raise Decided(_("The token of this agent was revoked. Reject the plan."))
    steps = list(enumerate(steps_of(plan), 1))
    ticked = [(place, step) for place, step in steps if place in chosen]
    if not ticked:
        raise Decided(_("Tick at least one step, or reject the plan."))
    principal = replace(context.principal, token_id=plan.token_id)
    if is_undo([step for _place, step in steps]):
        done = _take_back(principal, ticked)
    else:
        done = _do(principal, plan, ticked, context)
    plan.applied, plan.change_set = [place for place, _step in ticked], done
    _close(plan, AgentPlan.State.APPLIED, "")
    return done


def is_undo(steps: Sequence[Step]) -> bool:
    """Whether a plan takes a change set back, and does nothing else."""
    return len(steps) == 1 and steps[0].do == UNDO


def _do(
    principal: Principal, plan: Plan, ticked: Sequence[tuple[int, Step]], context: Context
) -> UUID:
    """Do the steps in one change set. Raises StepsFailed with nothing done."""
    with transaction.atomic(), change(principal, via=THROUGH, title=plan.title) as made:
        outcomes = {place: attempt(made, step, context) for place, step in ticked}
        if faults := {place: fault for place, fault in outcomes.items() if fault}:
            raise StepsFailed(faults)
    return made.id


def _take_back(principal: Principal, ticked: Sequence[tuple[int, Step]]) -> UUID:
    """Raises StepsFailed."""
    ((place, step),) = ticked
    try:
        with transaction.atomic():
            return take_back(principal, step.id)
    except Exception as fault:
        sentence = said(fault)
        if sentence is None:
            raise
        raise StepsFailed({place: sentence}) from fault


def _try(principal: Principal, plan: Plan, steps: Sequence[Step], context: Context) -> None:
    """Try the last of these steps behind the others. Raises whatever doing it would raise."""
    *before, step = steps
    if before and UNDO in (step.do, before[0].do):
        raise Rejected({"plan": _("Taking a change back is a plan of its own. Begin another one.")})
    if step.do == UNDO:
        with transaction.atomic():
            take_back(principal, step.id)
            transaction.set_rollback(True)
        return
    with tried(principal, plan.title) as made:
        for one in before:
            attempt(made, one, context)
        take_step(made, step, context)


def _label_of(step: Step) -> str:
    return title_of_set(step.id) if step.do == UNDO else str(step.declaration.label)


@transaction.atomic
def reject(plan: Plan, comment: str, principal: Principal) -> None:
    """Close a plan without doing any of it; the agent reads the comment. Raises Decided."""
    plan = _open_for(plan, principal, len(plan.steps))
    _close(plan, AgentPlan.State.REJECTED, comment.strip()[:LONGEST_COMMENT])


def pending(token_id: UUID | None, record_id: UUID) -> list[str]:
    """The waiting plans of an agent that would change a record."""
    waiting = AgentPlan.objects.filter(
        token=token_id,
        state=AgentPlan.State.WAITING,
        expires_at__gt=timezone.now(),
        steps__contains=[{"id": str(record_id)}],
    )
    return [str(key) for key in waiting.order_by("id").values_list("pk", flat=True)]


def _tell(plan: Plan) -> None:
    """Let the person know, once there is something to decide on."""
    notify(
        plan.user,
        Notification.Kind.PLAN,
        lambda: _("An agent proposes changes: %(plan)s") % {"plan": plan.title},
        f"/plans/{plan.pk}/",
    )


def _open_for(plan: Plan, principal: Principal, seen: int) -> Plan:
    """The plan, locked, if this person may decide on it as he saw it. Raises Decided."""
    found = AgentPlan.objects.select_for_update(of=("self",)).select_related("token__user")
    plan = found.get(pk=plan.pk)
    if plan.user_id != principal.user_id or principal.kind != "staff":
        raise Decided(_("Only the person for whom the agent works decides on its plans."))
    if not plan.is_open:
        raise Decided(_("This plan is closed already."))
    if len(plan.steps) != seen:
        raise Decided(_("The agent has added something meanwhile. Look at it again."))
    return plan


def _close(plan: Plan, state: AgentPlan.State, comment: str) -> None:
    plan.state, plan.comment, plan.decided_at = state, comment, timezone.now()
    plan.save(update_fields=["state", "comment", "decided_at", "applied", "change_set"])


def _as_read(principal: Principal, step: Step, before: Sequence[Step]) -> Step:
    """The step as a change of the record as it stands, so that what others do until it is approved
    is not overwritten; of a record that the plan itself has changed before, of whatever it is."""
    if step.do != UPDATE or step.version is not None or step.id in {one.id for one in before}:
        return step
    rows = access.rows(principal, step.object).filter(pk=step.id)
    return replace(step, version=rows.values_list("version", flat=True).first())


def _kept(step: Step) -> dict[str, Any]:
    kept = asdict(step)
    return kept | {"id": str(step.id), "others": [str(one) for one in step.others]}
