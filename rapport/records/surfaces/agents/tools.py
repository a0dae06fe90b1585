"""The tools of one agent: what his token lets him do, in an order that stays."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from rapport.records.surfaces.agents.asking import Asker
from rapport.records.surfaces.agents.budget import spend
from rapport.records.surfaces.agents.checking import check
from rapport.records.surfaces.agents.doing import DONE, do_now, undo_tool
from rapport.records.surfaces.agents.proposing import (
    PLAN,
    PROPOSED,
    plan_tools,
    propose,
    told_of_pending,
)
from rapport.records.surfaces.agents.reading_tools import reading_tools
from rapport.records.surfaces.agents.steps import Step
from rapport.records.surfaces.agents.terms import proposer
from rapport.records.surfaces.agents.tool import Arguments, Result, Tool
from rapport.records.surfaces.agents.writing_tools import writing_tools
from rapport.records.surfaces.api.problems import problem_body


def tools_of(asker: Asker, only: str = "") -> list[Tool]:
    """All that the asker may call: what his token lets him do, or propose; with `only` a name, at
    least that one.
    """
    proposing = proposer(asker.terms)
    reading = reading_tools(asker.principal)
    if proposing is not None:
        reading = [told_of_pending(one) for one in reading]
    if any(one.name == only for one in reading):
        return reading
    if proposing is not None:
        return [*reading, *_proposed(replace(asker, principal=proposing), only)]
    writing = writing_tools(asker.principal, do_now, {}, DONE, only)
    return [*reading, *writing, *([undo_tool()] if writing else [])]


def _proposed(asker: Asker, only: str) -> list[Tool]:
    """Tools of an agent whose changes wait; only they know of the wider rights, and only try."""

    def act(_asker: Asker, step: Step, arguments: Arguments) -> Result:
        return propose(asker, step, arguments)

    writing = writing_tools(asker.principal, act, PLAN, PROPOSED, only)
    if not writing:
        return []
    return [*writing, *(_bound(one, asker) for one in plan_tools())]


def _bound(tool: Tool, proposing: Asker) -> Tool:
    """The tool for whoever proposes; the principal of the token only reads."""
    if tool.name != "undo":
        return tool

    def run(_asker: Asker, arguments: Arguments) -> Result:
        return tool.run(proposing, arguments)

    return replace(tool, run=run)


def call(asker: Asker, tool: Tool, arguments: Arguments) -> dict[str, Any]:
    """The result of a call; what the agent can mend is told in it as an error.

    Raises whatever is our own fault.
    """
    try:
        spend(asker.principal.token_id, asker.terms, writes=tool.writes)
        check(arguments, tool.input_schema)
        found = tool.run(asker, arguments)
    except Exception as fault:
        problem = problem_body(fault)
        if problem is None:
            raise
        return {"content": _text(_sentences(problem)), "isError": True}
    text = json.dumps(found, ensure_ascii=False)
    return {"content": _text(text), "structuredContent": found, "isError": False}


def _text(text: str) -> list[dict[str, str]]:
    return [{"type": "text", "text": text}]


def _sentences(problem: dict[str, Any]) -> str:
    """What happened, and to which argument or field."""
    errors = [f"{one['field']}: {one['message']}" for one in problem.get("errors", ())]
    if "version" in problem:
        errors.append(f"version: {problem['version']}")
    told = "\n".join(errors)
    return (
        told
        if errors and "version" not in problem
        else "\n".join(part for part in (problem.get("detail") or problem["title"], told) if part)
    )
