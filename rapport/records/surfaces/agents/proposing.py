"""Tools of an agent whose changes wait: each write becomes a step of a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from rapport.records.models import AgentPlan
from rapport.records.models.agent import WAITS
from rapport.records.surfaces.agents.asking import Asker
from rapport.records.surfaces.agents.doing import context_of
from rapport.records.surfaces.agents.plans import (
    LONGEST_TITLE,
    MOST_STEPS,
    add_step,
    begin_plan,
    own_plan,
    pending,
)
from rapport.records.surfaces.agents.reading_tools import key_of
from rapport.records.surfaces.agents.steps import UNDO, Step
from rapport.records.surfaces.agents.tool import Arguments, Result, Tool
from rapport.records.surfaces.agents.trying import title_of_set
from rapport.records.surfaces.api.openapi_parts import KEY, TEXT, TEXT_OR_NULL

STATES = list(AgentPlan.State.values)
PLAN: Mapping[str, Any] = {
    "plan": {
        **KEY,
        "description": "The plan that this is a step of, from `start_plan` or an earlier step. "
        "Without it a new plan is begun.",
    }
}
PROPOSED: Mapping[str, Any] = {
    "type": "object",
    "required": ["pending", "plan", "step", "id"],
    "properties": {
        "pending": {"const": True},
        "plan": KEY,
        "step": {"type": "integer"},
        "id": {**KEY, "description": "The record; a new one has this id once it is approved."},
    },
}
STATE: Mapping[str, Any] = {
    "type": "object",
    "required": ["plan", "title", "state", "steps"],
    "properties": {
        "plan": KEY,
        "title": TEXT,
        "state": {**TEXT, "enum": STATES},
        "expires_at": {**TEXT, "format": "date-time"},
        "comment": TEXT,
        "change_set": TEXT_OR_NULL,
        "steps": {"type": "array", "items": {"type": "object"}},
    },
}


def propose(asker: Asker, step: Step, arguments: Arguments) -> Result:
    """Put the step into a plan, where it waits for the user of the token."""
    if "plan" in arguments:
        plan = own_plan(asker, key_of(arguments, "plan"))
    else:
        plan = begin_plan(asker, _title_of(step))
    try:
        place = add_step(asker, plan, step, context_of(asker))
    except Exception:
        if "plan" not in arguments:
            plan.delete()
        raise
    return {"pending": True, "plan": str(plan.pk), "step": place, "id": str(step.id)}


def plan_tools() -> list[Tool]:
    """Tools about the plans themselves."""
    start = Tool(
        name="start_plan",
        title="Start a plan",
        description="Begin a plan: one set of changes that a person sees and approves together. "
        f"Up to {MOST_STEPS} steps; it waits for {WAITS.days} days.",
        run=_start,
        takes={
            "title": {
                **TEXT, "maxLength": LONGEST_TITLE,
                "description": "What the plan is for, in the words of the person.",
            }
        },
        needs=("title",),
        gives=STATE,
        writes=True,
    )  # fmt: skip
    look = Tool(
        name="get_plan",
        title="Look at a plan",
        description="Whether a plan of yours waits, was applied (then with the steps that were), "
        "was rejected (then with a comment) or has expired.",
        run=_look,
        takes={"plan": KEY},
        needs=("plan",),
        gives=STATE,
    )
    return [start, look, _undo_tool()]


def _undo_tool() -> Tool:
    return Tool(
        name="undo",
        title="Propose an undo",
        description="Propose to take back a change set, whoever made it: a plan of its own. What "
        "was changed since stays as it is.",
        run=_propose_undo,
        takes={"change_set": KEY},
        needs=("change_set",),
        gives=PROPOSED,
        writes=True,
        destroys=True,
    )


def _propose_undo(asker: Asker, arguments: Arguments) -> Result:
    return propose(asker, Step(UNDO, "", key_of(arguments, "change_set")), {})


def told_of_pending(tool: Tool) -> Tool:
    """The tool that gets a record, which says too that a plan of the agent would change it."""
    if tool.name != "get":
        return tool
    properties = {
        **tool.gives["properties"],
        "pending": {"type": "array", "items": KEY, "description": "Plans that would change it."},
    }
    return replace(tool, run=_telling(tool.run), gives={**tool.gives, "properties": properties})


def _telling(run: Callable[[Asker, Arguments], Result]) -> Callable[[Asker, Arguments], Result]:
    def get(asker: Asker, arguments: Arguments) -> Result:
        found = run(asker, arguments)
        plans = pending(asker.principal.token_id, key_of(arguments))
        return found | ({"pending": plans} if plans else {})

    return get


def _title_of(step: Step) -> str:
    if step.do == UNDO:
        return (_("Undo: %(title)s") % {"title": title_of_set(step.id)})[:LONGEST_TITLE]
    words = {"object": step.declaration.label}
    match step.do:
        case "create":
            return _("Create: %(object)s") % words
        case "update":
            return _("Change: %(object)s") % words
        case "delete":
            return _("Delete: %(object)s") % words
    return _("Merge: %(object)s") % words


def _start(asker: Asker, arguments: Arguments) -> Result:
    return _state(begin_plan(asker, arguments["title"]))


def _look(asker: Asker, arguments: Arguments) -> Result:
    return _state(own_plan(asker, key_of(arguments, "plan")))


def _state(plan: AgentPlan) -> Result:
    steps = [
        {"step": place, "do": one["do"], "object": one["object"], "id": one["id"],
         "applied": place in plan.applied}
        for place, one in enumerate(plan.steps, 1)
    ]  # fmt: skip
    return {
        "plan": str(plan.pk),
        "title": plan.title,
        "state": plan.standing,
        "expires_at": plan.expires_at.isoformat(),
        "comment": plan.comment,
        "change_set": str(plan.change_set) if plan.change_set else None,
        "steps": steps,
    }
