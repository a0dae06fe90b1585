"""Every tool of the agent door, called by everyone with a token: the reviewed table.

A tool that the table does not know makes it fail. The record is the member's, as in `access/`.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from rapport.accounts.models import ApiToken, User
from rapport.accounts.testing import make_user
from rapport.records import registry
from rapport.records.models import AgentPlan, Change
from rapport.records.surfaces.agents.terms import let_propose
from rapport.records.tests.agents import Agent
from tests.access.people import COLUMNS, gather, useless_secrets
from tests.access.things import Things, make_things

pytestmark = [pytest.mark.usefixtures("renewed_database"), pytest.mark.django_db]

#: What becomes of a call: yes, it read; done, it wrote; waits, it proposed; no, it was refused;
#: none, there is no such tool for this token. Columns: owner manager member mate other narrow
#: reader, then the member's tokens: reading, for companies only, proposing.
TABLE = """
search         yes   yes   yes   yes   yes   yes   yes   yes   yes   yes
describe       yes   yes   yes   yes   yes   yes   yes   yes   no    yes
list           yes   yes   yes   yes   yes   yes   yes   yes   no    yes
get            yes   yes   yes   yes   yes   no    yes   yes   no    yes
aggregate      yes   yes   yes   yes   yes   yes   yes   yes   no    yes
history        yes   yes   yes   yes   yes   no    yes   yes   no    yes
create_person  done  done  done  done  done  done  none  none  none  waits
update_person  done  done  done  done  no    no    none  none  none  waits
log_activity   done  done  done  done  done  no    none  none  none  waits
merge          done  done  done  no    no    no    none  none  none  waits
delete         done  done  done  no    no    no    none  none  no    waits
undo           no    no    no    no    no    no    none  none  no    waits
start_plan     none  none  none  none  none  none  none  none  none  waits
get_plan       none  none  none  none  none  none  none  none  none  no
"""
ROWS = {line.split()[0]: line.split()[1:] for line in TABLE.strip().splitlines()}
#: Each kind of record that people work with has these two; one stands for all.
OF_ONE = ("create_", "update_")


def arguments_of(tool: str, things: Things) -> dict[str, Any]:
    key, twin = str(things.record), str(things.named["twin"])
    person = {"object": "person"}
    about = [person | {"id": key}]
    every: dict[str, dict[str, Any]] = {
        "search": {"q": "Sample"},
        "describe": person,
        "list": person,
        "get": person | {"id": key},
        "aggregate": person,
        "history": person | {"id": key},
        "create_person": {"values": {"last_name": "Berg"}},
        "update_person": {"id": key, "values": {"city": "Rome"}},
        "log_activity": {"object": "note", "about": about, "values": {"body": "<p>Met</p>"}},
        "merge": person | {"id": key, "with": [twin]},
        "delete": person | {"id": key},
        "undo": {"change_set": str(things.named["change_set_id"])},
        "start_plan": {"title": "More"},
        "get_plan": {"plan": str(uuid4())},
    }
    return every[tool]


def agents_of(users: dict[str, User]) -> dict[str, Agent]:
    member = users["member"]
    found = {who: Agent(users[who]) for who in COLUMNS}
    found["reading"] = Agent(member, may_write=False)
    rights = ["view", "create", "edit", "delete"]
    found["companies"] = Agent(member, scopes={"company": rights})
    found["proposing"] = Agent(member, may_write=False)
    let_propose(ApiToken.objects.filter(user=member).latest("created_at"))
    return found


def outcome(agent: Agent, tool: str, arguments: dict[str, Any]) -> str:
    """What became of the call; the database is as it was afterwards."""
    with transaction.atomic():
        changes, plans = Change.objects.count(), AgentPlan.objects.count()
        answer = agent.send("tools/call", {"name": tool, "arguments": arguments})
        has_written = Change.objects.count() > changes
        has_proposed = AgentPlan.objects.count() > plans
        transaction.set_rollback(True)
    told = answer.json()
    if "error" in told or told["result"]["isError"]:
        assert not has_written, f"{tool} was refused and yet wrote"
        return "none" if "error" in told else "no"
    if has_proposed:
        assert not has_written, f"{tool} only proposes and yet wrote"
        return "waits"
    return "done" if has_written else "yes"


def test_every_tool_answers_everyone_as_reviewed() -> None:
    people = gather()
    things = make_things(registry.get("person"), people)
    agents = agents_of(people.users)
    met = {
        tool: [outcome(agent, tool, arguments_of(tool, things)) for agent in agents.values()]
        for tool in ROWS
    }
    assert met == ROWS


def test_every_tool_is_in_the_table() -> None:
    people = gather()
    offered = {name for agent in agents_of(people.users).values() for name in agent.tools()}
    general = {name for name in offered if not name.startswith(OF_ONE)}
    assert general | {"create_person", "update_person"} == ROWS.keys()
    kinds = {one.name for one in registry.all_objects() if one.menu}
    assert {name.partition("_")[2] for name in offered if name.startswith(OF_ONE)} == kinds


def test_tokens_that_ended_call_nothing() -> None:
    agent = Agent(make_user("Mo Member", "member"))
    for secret in useless_secrets().values():
        agent.secret = secret
        for tool in ROWS:
            assert agent.send("tools/call", {"name": tool, "arguments": {}}).status_code == 401
