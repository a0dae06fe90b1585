"""The agent door, writing: done with the rights of the token, noted as the agent's, taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from jsonschema import Draft202012Validator

from rapport.accounts.actions.roles import change_field_levels
from rapport.accounts.models import ApiToken, Role
from rapport.accounts.testing import make_user, signed_in
from rapport.records.models import ChangeSet
from rapport.records.testing import create
from rapport.records.tests.agents import Agent, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> Agent:
    return Agent(make_user())


def lund(**values: Any) -> str:
    return str(create("person", last_name="Lund", city="Oslo", **values))


def test_it_creates_changes_and_deletes_and_says_in_which_change_set(agent: Agent) -> None:
    tools = agent.tools()
    made = agent.do("create_person", values={"last_name": "Berg", "city": "Bergen"})
    Draft202012Validator(tools["create_person"]["outputSchema"]).validate(made)
    key = made["record"]["id"]
    changed = agent.do("update_person", id=key, values={"city": "Oslo"}, version=1)
    assert (changed["record"]["city"], changed["record"]["last_name"]) == ("Oslo", "Berg")
    agent.do("delete", object="person", id=key)
    assert people().get(pk=key).deleted_at is not None
    token = ApiToken.objects.get()
    noted = ChangeSet.objects.filter(token=token.pk).order_by("at", "id")
    assert [str(one.pk) for one in noted][:2] == [made["change_set"], changed["change_set"]]
    assert {(one.via, one.principal, one.user_id) for one in noted} == {
        ("agent", "agent", token.user_id)
    }


def test_history_says_which_agent_it_was(agent: Agent) -> None:
    agent.do("create_person", values={"last_name": "Berg"})
    page = signed_in(ApiToken.objects.get().user).get("/history/").content.decode()
    assert "by the agent “Assistant”" in page


def test_it_takes_back_its_own_changes_only(agent: Agent) -> None:
    made = agent.do("create_person", values={"last_name": "Berg"})
    agent.do("undo", change_set=made["change_set"])
    assert people().get(pk=made["record"]["id"]).deleted_at is not None
    other = Agent(ApiToken.objects.get().user)
    again = agent.do("create_person", values={"last_name": "Berg"})
    assert other.refused("undo", change_set=again["change_set"])
    assert other.refused("undo", change_set=str(uuid4()))
    assert people().filter(pk=again["record"]["id"]).exists()


def test_an_activity_stands_at_what_it_is_about(agent: Agent) -> None:
    key = lund()
    about = [{"object": "person", "id": key}]
    made = agent.do("log_activity", object="note", about=about, values={"body": "<p>Met.</p>"})
    assert made["record"]["about"][0]["id"] == key
    assert "about" in agent.refused("log_activity", object="note", about=[], values={})
    assert "object" in agent.refused("log_activity", object="person", about=about, values={})


def test_two_records_become_one(agent: Agent) -> None:
    kept, gone = lund(), str(create("person", last_name="Lundh", job_title="Buyer"))
    merged = agent.do("merge", object="person", id=kept, **{"with": [gone]})
    assert merged["record"]["job_title"] == "Buyer"
    assert agent.do("get", object="person", id=gone) == {"merged_into": kept}
    agent.do("undo", change_set=merged["change_set"])
    assert agent.do("get", object="person", id=gone)["record"]["id"] == gone


def test_a_change_made_meanwhile_is_a_conflict(agent: Agent) -> None:
    key = lund()
    agent.do("update_person", id=key, values={"city": "Bergen"}, version=1)
    said = agent.refused("update_person", id=key, values={"city": "Rome"}, version=1)
    assert "version: 2" in said
    assert people().get(pk=key).city == "Bergen"


def test_whom_a_new_record_may_double_is_told(agent: Agent) -> None:
    key = lund(emails=[{"value": "vera@lund.example"}])
    made = agent.do(
        "create_person", values={"last_name": "L.", "emails": [{"value": "vera@lund.example"}]}
    )
    assert [one["id"] for one in made["similar"]] == [key]


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"last_name": "Berg", "is_admin": True}, "is_admin"),
        ({"last_name": "Berg", "created_by": str(uuid4())}, "created_by"),
        ({"last_name": "Berg", "id": str(uuid4())}, "id"),
        ({"last_name": "Berg", "birthday": "yesterday-ish"}, "birthday"),
        ({"last_name": "x" * 5_000}, "last_name"),
        ({"last_name": "Berg", "emails": "vera"}, "emails"),
    ],
)
def test_a_bad_value_is_refused_by_its_field_and_nothing_is_written(
    agent: Agent, values: dict[str, Any], named: str
) -> None:
    assert named in agent.refused("create_person", values=values)
    assert not people().exists()


def test_a_reading_token_has_no_way_to_write() -> None:
    user = make_user()
    reading = Agent(user, may_write=False)
    key = lund()
    for tool, arguments in (
        ("create_person", {"values": {"last_name": "Berg"}}),
        ("update_person", {"id": key, "values": {"city": "Rome"}}),
        ("delete", {"object": "person", "id": key}),
        ("undo", {"change_set": str(uuid4())}),
    ):
        sent = reading.send("tools/call", {"name": tool, "arguments": arguments})
        assert (sent.status_code, sent.json()["error"]["code"]) == (400, -32602)
    assert people().get().city == "Oslo"


def test_a_narrowed_token_writes_what_it_is_for() -> None:
    agent = Agent(make_user(), scopes={"person": ["view", "edit"], "note": ["view", "create"]})
    tools = agent.tools()
    writing = {name for name, one in tools.items() if not one["annotations"]["readOnlyHint"]}
    assert writing == {"update_person", "create_note", "log_activity", "undo"}
    assert tools["log_activity"]["inputSchema"]["properties"]["object"]["enum"] == ["note"]


def test_a_member_of_another_team_does_not_change_what_is_not_his() -> None:
    owner, other = make_user(), make_user("Mo Member", "member")
    key = str(UUID(str(create("person", last_name="Lund", city="Oslo", owner=str(owner.pk)))))
    agent = Agent(other)
    assert agent.refused("update_person", id=key, values={"city": "Rome"})
    assert agent.refused("delete", object="person", id=key)
    assert people().get(pk=key).city == "Oslo"


def test_a_field_that_is_hidden_is_neither_offered_nor_written() -> None:
    change_field_levels(Role.objects.get(key="member"), "person", {"birthday": "hidden"})
    agent = Agent(make_user("Mo Member", "member"))
    offered = agent.tools()["create_person"]["inputSchema"]["properties"]["values"]["properties"]
    assert "birthday" not in offered
    assert "last_name" in offered
    said = agent.refused("create_person", values={"last_name": "B", "birthday": "1990-01-01"})
    assert said == agent.refused(
        "create_person", values={"last_name": "B", "qqqqqqqq": "1990-01-01"}
    ).replace("qqqqqqqq", "birthday")


def test_every_schema_is_one_and_forbids_what_it_does_not_know(agent: Agent) -> None:
    for one in agent.tools().values():
        Draft202012Validator.check_schema(one["inputSchema"])
        assert one["inputSchema"]["additionalProperties"] is False
        assert len(one["name"]) <= 128
