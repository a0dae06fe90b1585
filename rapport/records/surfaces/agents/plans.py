"""Plans: what an agent proposes is tried at once, kept, and done when a person approves it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.changes.telling import RecordStory, tell
from rapport.records.kinds.base import Context
from rapport.records.models import AgentPlan, Change, ChangeSet, Notification
from rapport.records.notifications.telling import tell as notify
from rapport.records.reads.noting import note_told
from rapport.records.store import ChangeInProgress, Missing, Rejected, change
from rapport.records.surfaces.agents.asking import THROUGH, Asker
from rapport.records.surfaces.agents.steps import UPDATE, Step, take_step
from rapport.records.surfaces.api.problems import problem_body

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
    with _tried(asker.principal, plan.title) as made:
        for one in before:
            _attempt(made, one, context)
        take_step(made, step, context)
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
        )
        for one in plan.steps
    ]


def show_steps(plan: Plan, context: Context) -> list[Shown]:
    """What each step would change now, one after the other, with the rights of who looks at it.

    Everything is done and taken back: so a step shows what it would really come to.
    """
    shown, steps = [], steps_of(plan)
    through, context.through = context.through, ""
    with _tried(context.principal, plan.title) as made:
        for place, step in enumerate(steps, 1):
            last = _last_change(made)
            fault = _attempt(made, step, context)
            shown.append(Shown(place, step, _stories(made, last, context), fault))
    context.through = through
    for step in steps:
        note_told(step.declaration, {step.id: step.values.keys()}, context)
    return shown


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
    with transaction.atomic(), change(principal, via=THROUGH, title=plan.title) as made:
        tried = {place: _attempt(made, step, context) for place, step in ticked}
        if faults := {place: fault for place, fault in tried.items() if fault}:
            raise StepsFailed(faults)
    plan.applied, plan.change_set = [place for place, _step in ticked], made.id
    _close(plan, AgentPlan.State.APPLIED, "")
    return made.id


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


@contextmanager
def _tried(principal: Principal, title: str) -> Iterator[ChangeInProgress]:
    """A change that leaves nothing behind."""
    with transaction.atomic():
        with change(principal, via=THROUGH, title=title) as made:
            yield made
        transaction.set_rollback(True)


def _attempt(made: ChangeInProgress, step: Step, context: Context) -> str:
    """Do a step if it can be done; else why not."""
    try:
        with transaction.atomic():
            take_step(made, step, context)
    except Exception as fault:
        problem = problem_body(fault)
        if problem is None:
            raise
        return str(problem.get("detail") or problem["title"])
    return ""


def _last_change(made: ChangeInProgress) -> int:
    found = Change.objects.filter(change_set=made.id).order_by("-id").values_list("id", flat=True)
    return found.first() or 0


def _stories(made: ChangeInProgress, last: int, context: Context) -> list[RecordStory]:
    rows = Change.objects.filter(change_set=made.id, id__gt=last).order_by("id")
    (story,) = tell([ChangeSet.objects.get(pk=made.id)], rows, context)
    return story.records
