"""The agent door, read only: who comes in, what it may see, and what a message must look like."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator

from rapport.accounts import actions
from rapport.accounts.actions.roles import change_field_levels
from rapport.accounts.models import ApiToken, Role
from rapport.accounts.testing import make_user, signed_in
from rapport.records.models import Reading
from rapport.records.surfaces.agents import sizes
from rapport.records.surfaces.agents.protocol import LEGACY, MODERN, VERSION_KEY, VERSIONS
from rapport.records.testing import create
from rapport.records.tests.agents import META, Agent

pytestmark = pytest.mark.django_db

READING = ["search", "describe", "list", "get", "aggregate", "history"]


@pytest.fixture
def agent() -> Agent:
    return Agent(make_user(), may_write=False)


def test_a_stranger_and_a_session_are_turned_away_before_anything() -> None:
    bodies: tuple[Any, ...] = ({}, {"jsonrpc": "2.0", "id": 1, "method": "server/discover"}, "{")
    for client in (Client(), signed_in(make_user())):
        for body in bodies:
            answer = client.post("/mcp", body, content_type="application/json")
            assert answer.status_code == 401
            said = answer.headers["WWW-Authenticate"]
            assert said.startswith("Bearer")
            assert "/.well-known/oauth-protected-resource/mcp" in said
        assert client.get("/mcp").status_code == 401


def test_tokens_that_ended_open_nothing(agent: Agent) -> None:
    token = ApiToken.objects.get()
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    assert agent.send("tools/list").status_code == 401
    ApiToken.objects.update(expires_at=None)
    assert agent.send("tools/list").status_code == 200
    actions.revoke_token(token)
    assert agent.send("tools/list").status_code == 401


def test_a_deactivated_user_has_no_agents(agent: Agent) -> None:
    ApiToken.objects.get().user.__class__.objects.update(is_active=False)
    assert agent.send("server/discover").status_code == 401


def test_pages_of_other_sites_are_refused(agent: Agent) -> None:
    for origin in ("https://evil.example", "null", "http://testserver.evil.example"):
        assert agent.send("tools/list", headers={"Origin": origin}).status_code == 403
    assert agent.send("tools/list", headers={"Origin": "http://testserver"}).status_code == 200


def test_it_says_what_it_speaks(agent: Agent) -> None:
    found = agent.send("server/discover").json()["result"]
    assert found["supportedVersions"] == list(VERSIONS)
    assert found["resultType"] == "complete"
    assert found["capabilities"] == {"tools": {}}
    assert found["cacheScope"] == "private"
    assert "never instructions" in found["instructions"]


def test_another_version_is_told_which_there_are(agent: Agent) -> None:
    meta = META | {VERSION_KEY: "1900-01-01"}
    answer = agent.send("tools/list", {"_meta": meta}, {"MCP-Protocol-Version": "1900-01-01"})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == -32022
    assert answer.json()["error"]["data"]["supported"] == list(VERSIONS)


@pytest.mark.parametrize(
    "headers",
    [
        {"Mcp-Method": "tools/call"},
        {"MCP-Protocol-Version": LEGACY[0]},
        {"Mcp-Method": "=?base64?!!?="},
    ],
)
def test_a_head_that_says_otherwise_than_the_body_is_refused(
    agent: Agent, headers: dict[str, str]
) -> None:
    answer = agent.send("tools/list", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, -32020)


def test_an_encoded_name_in_the_head_is_the_name(agent: Agent) -> None:
    call = {"name": "describe", "arguments": {}}
    assert agent.send("tools/call", call, {"Mcp-Name": "=?base64?ZGVzY3JpYmU=?="}).json()["result"][
        "structuredContent"
    ]["objects"]
    assert agent.send("tools/call", call, {"Mcp-Name": "get"}).status_code == 400


@pytest.mark.parametrize(
    ("body", "code", "status"),
    [
        ({"jsonrpc": "2.0", "id": 1}, -32600, 400),
        ({"jsonrpc": "1.0", "id": 1, "method": "ping"}, -32600, 400),
        ({"jsonrpc": "2.0", "id": None, "method": "ping"}, -32600, 400),
        ({"jsonrpc": "2.0", "id": True, "method": "ping"}, -32600, 400),
        ({"jsonrpc": "2.0", "id": 1, "method": "ping", "params": []}, -32600, 400),
        ({"jsonrpc": "2.0", "id": 1, "method": "resources/list"}, -32601, 404),
        ({"jsonrpc": "2.0", "id": 1, "method": "server/discover"}, -32602, 400),
        ({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "drop"}},
         -32602, 400),
        ([{"jsonrpc": "2.0", "id": 1, "method": "ping"}], -31422, 422),
    ],
)  # fmt: skip
def test_what_is_no_request_is_said_to_be_none(
    agent: Agent, body: Any, code: int, status: int
) -> None:
    answer = agent.post(body, {"Authorization": f"Bearer {agent.secret}"})
    assert (answer.json()["error"]["code"], answer.status_code) == (code, status)


def test_clients_before_this_revision_are_served_too(agent: Agent) -> None:
    head = {"Authorization": f"Bearer {agent.secret}"}
    params = {"protocolVersion": LEGACY[1], "capabilities": {}, "clientInfo": {}}
    hello = {"jsonrpc": "2.0", "id": "a", "method": "initialize", "params": params}
    found = agent.post(hello, head).json()
    assert (found["id"], found["result"]["protocolVersion"]) == ("a", LEGACY[1])
    ready = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    head |= {"MCP-Protocol-Version": LEGACY[1]}
    assert agent.post(ready, head).status_code == 202
    listing = {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}
    assert "resultType" not in agent.post(listing, head).json()["result"]
    assert agent.post(listing, head | {"MCP-Protocol-Version": "1.0"}).status_code == 400
    assert agent.post(listing, head | {"MCP-Protocol-Version": MODERN}).status_code == 400


def test_other_methods_than_post_are_not_taken(agent: Agent) -> None:
    answer = agent.client.get("/mcp", headers={"Authorization": f"Bearer {agent.secret}"})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_a_reading_token_gets_reading_tools_only(agent: Agent) -> None:
    found = agent.tools()
    assert list(found) == READING
    assert all(one["annotations"]["readOnlyHint"] for one in found.values())
    for one in found.values():
        Draft202012Validator.check_schema(one["inputSchema"])
        Draft202012Validator.check_schema(one["outputSchema"])


def test_every_answer_is_as_its_schema_says(agent: Agent) -> None:
    key = str(create("person", first_name="Vera", last_name="Lund", city="Oslo"))
    asked: dict[str, dict[str, Any]] = {
        "search": {"q": "Lund"},
        "describe": {},
        "list": {"object": "person", "where": "city:Oslo"},
        "get": {"object": "person", "id": key},
        "aggregate": {"object": "person", "by": ["city"], "measure": ["count"]},
        "history": {"object": "person", "id": key},
    }
    tools = agent.tools()
    for name, arguments in asked.items():
        given = agent.do(name, **arguments)
        Draft202012Validator(tools[name]["outputSchema"]).validate(given)
        assert "Oslo" in str(given) or "Lund" in str(given) or name in {"describe", "history"}


def test_pages_follow_by_cursor(agent: Agent) -> None:
    made = {str(create("tag", name=f"Tag {number}")) for number in range(3)}
    first = agent.do("list", object="tag", limit=2, columns=["name"])
    rest = agent.do("list", object="tag", limit=2, columns=["name"], after=first["next"])
    assert {one["id"] for one in first["data"] + rest["data"]} == made
    assert rest["next"] is None


def test_a_condition_is_a_text_or_a_tree(agent: Agent) -> None:
    create("person", last_name="Lund", city="Oslo")
    create("person", last_name="Berg", city="Bergen")
    tree = {"all": [{"field": "city", "op": "is", "value": "Oslo"}]}
    for where in ("city:Oslo", tree):
        found = agent.do("list", object="person", where=where)
        assert [one["last_name"] for one in found["data"]] == ["Lund"]


def test_a_page_that_is_too_long_is_made_shorter_and_says_so(
    agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        create("tag", name=f"Tag {number}")
    monkeypatch.setattr(sizes, "MOST_CHARACTERS", 500)
    found = agent.do("list", object="tag", columns=["name"])
    assert 0 < len(found["data"]) < 6
    assert found["next"]
    assert "columns" in found["hint"]
    monkeypatch.setattr(sizes, "MOST_CHARACTERS", 50)
    assert "columns" in agent.refused("list", object="tag", columns=["name"])


@pytest.mark.parametrize(
    ("tool", "arguments", "named"),
    [
        ("list", {"object": "person", "sql": "x"}, "sql"),
        ("list", {}, "object"),
        ("list", {"object": "secret"}, "object"),
        ("list", {"object": "person", "limit": 1000}, "limit"),
        ("list", {"object": "person", "limit": True}, "limit"),
        ("list", {"object": "person", "q": "x" * 201}, "q"),
        ("list", {"object": "person", "q": "a\x00b"}, "q"),
        ("list", {"object": "person", "where": ["city"]}, "where"),
        ("list", {"object": "person", "where": "nowhere:1"}, "nowhere"),
        ("list", {"object": "person", "columns": ["x" * 101]}, "columns[0]"),
        ("list", {"object": "person", "columns": ["no_such"]}, "columns"),
        ("list", {"object": "person", "after": "!!"}, "after"),
        ("list", {"object": "person", "sort": "id;--"}, "sort"),
        ("get", {"object": "person", "id": "7"}, "id"),
        ("search", {"q": " "}, "q"),
        ("search", {"q": "x" * 30_000}, "q"),
        ("aggregate", {"object": "person", "by": ["city"] * 4}, "by"),
    ],
)
def test_a_bad_argument_is_refused_by_its_name(
    agent: Agent, tool: str, arguments: dict[str, Any], named: str
) -> None:
    assert named in agent.refused(tool, **arguments)


def test_a_hidden_field_is_neither_told_nor_asked_nor_described() -> None:
    role = Role.objects.get(key="member")
    change_field_levels(role, "person", {"birthday": "hidden"})
    key = create("person", last_name="Lund", birthday="1990-02-03")
    agent = Agent(make_user("Mo Member", "member"))
    record = agent.do("get", object="person", id=str(key))["record"]
    assert "birthday" not in record
    described = agent.do("describe", object="person")
    assert "birthday" not in [one["name"] for one in described["fields"]]
    for arguments in (
        {"where": "birthday:1990-02-03"},
        {"where": {"all": [{"field": "birthday", "op": "is", "value": "1990-02-03"}]}},
        {"sort": "birthday"},
        {"columns": ["birthday"]},
    ):
        asked = agent.refused("list", object="person", **arguments)
        unknown = agent.refused(
            "list", object="person", **{name: _renamed(one) for name, one in arguments.items()}
        )
        assert asked.replace("birthday", "qqqqqqqq") == unknown
    assert agent.refused("aggregate", object="person", by=["birthday"])
    history = agent.do("history", object="person", id=str(key))
    assert "1990-02-03" not in str(history)


def _renamed(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("birthday", "qqqqqqqq")
    if isinstance(value, dict):
        return {key: _renamed(one) for key, one in value.items()}
    return [_renamed(one) for one in value] if isinstance(value, list) else value


def test_a_narrowed_token_sees_its_kinds_only() -> None:
    agent = Agent(make_user(), scopes={"company": ["view"]})
    assert agent.tools()["list"]["inputSchema"]["properties"]["object"]["enum"] == ["company"]
    assert "object" in agent.refused("list", object="person")
    person = create("person", last_name="Lund")
    assert "object" in agent.refused("get", object="person", id=str(person))
    assert agent.do("search", q="Lund")["data"] == []


def test_a_token_for_nothing_has_no_tools() -> None:
    assert Agent(make_user(), scopes={"nowhere": ["view"]}).tools() == {}


def test_what_sensitive_fields_it_was_shown_is_noted() -> None:
    key = create("person", last_name="Lund", birthday="1990-02-03")
    agent = Agent(make_user())
    agent.do("get", object="person", id=str(key), columns=["birthday"])
    noted = Reading.objects.filter(records__contains=[key])
    told = [(one.through, one.principal) for one in noted]
    assert set(told) <= {("agent", "agent")}


def test_a_merged_record_leads_to_the_other() -> None:
    from rapport.accounts.principals import principal_of
    from rapport.records.duplicates.merging import merge

    user = make_user()
    kept, gone = create("person", last_name="Lund"), create("person", last_name="Lundh")
    merge(principal_of(user), "person", kept, [gone], via="web")
    assert Agent(user).do("get", object="person", id=str(gone)) == {"merged_into": str(kept)}
