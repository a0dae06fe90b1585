"""Writing at once: a step is a change set of its own, which the agent may take back."""

from __future__ import annotations

from typing import Any

from rapport.records import access
from rapport.records.duplicates.look_ups import find_similar
from rapport.records.kinds.base import Context
from rapport.records.models import ChangeSet
from rapport.records.reading import context_for
from rapport.records.store import Missing, change
from rapport.records.surfaces.agents.asking import THROUGH, Asker, answer_of, json_of
from rapport.records.surfaces.agents.reading_tools import RECORD, key_of
from rapport.records.surfaces.agents.steps import CREATE, DELETE, Step, take_step
from rapport.records.surfaces.agents.tool import Arguments, Result, Tool
from rapport.records.surfaces.api.log import undo_change
from rapport.records.surfaces.api.openapi_parts import KEY
from rapport.records.surfaces.api.record import get_record
from rapport.records.surfaces.api.values import read_values

SIMILAR = {
    "type": "array",
    "description": "Records that the new one may double, and the fields that are the same.",
    "items": {"type": "object"},
}
DONE: dict[str, Any] = {
    "type": "object",
    "required": ["change_set"],
    "properties": {"record": RECORD, "change_set": KEY, "similar": SIMILAR},
}


def context_of(asker: Asker) -> Context:
    """The context in which values of the asker are read."""
    context = context_for(asker.principal, asker.workspace)
    context.through = THROUGH
    return context


def do_now(asker: Asker, step: Step, _arguments: Arguments) -> Result:
    """Do it, and tell of the record as it stands and the change set that `undo` takes."""
    context = context_of(asker)
    similar = _similar(asker, step, context)
    with change(asker.principal, via=THROUGH) as made:
        take_step(made, step, context)
    found: Result = {"change_set": str(made.id)}
    if similar:
        found["similar"] = similar
    if step.do != DELETE:
        found["record"] = _record(asker, step)
    return found


def undo_tool() -> Tool:
    """The tool that takes back what the agent did itself."""
    return Tool(
        name="undo",
        title="Undo",
        description="Take back a change set of your own, by the `change_set` that the tool gave. "
        "What others changed since stays as it is, and is listed.",
        run=_undo,
        takes={"change_set": KEY},
        needs=("change_set",),
        gives={"type": "object", "properties": {"change_set": KEY}},
        writes=True,
        destroys=True,
    )


def _undo(asker: Asker, arguments: Arguments) -> Result:
    key = key_of(arguments, "change_set")
    if not ChangeSet.objects.filter(pk=key, token=asker.principal.token_id).exists():
        raise Missing
    return json_of(answer_of(asker, undo_change, key, method="POST"))


def _similar(asker: Asker, step: Step, context: Context) -> list[dict[str, Any]]:
    if step.do != CREATE:
        return []
    access.check(asker.principal, "create", step.object)
    values = read_values(step.values, step.declaration, context)
    found = find_similar(asker.principal, step.declaration, values)
    return [{"id": str(one.id), "fields": list(one.fields)} for one in found]


def _record(asker: Asker, step: Step) -> dict[str, Any]:
    """The record as the agent sees it; only its id where it is beyond his reach."""
    if not access.reachable(asker.principal, step.object, [step.id], "view"):
        return {"id": str(step.id)}
    return json_of(answer_of(asker, get_record, step.declaration, step.id))
