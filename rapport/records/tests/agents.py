"""An agent for tests: messages as a client of the protocol sends them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.test import Client

from rapport.accounts.actions import create_token
from rapport.accounts.models import User
from rapport.accounts.testing import Answer
from rapport.records import registry
from rapport.records.surfaces.agents.protocol import CAPABILITIES_KEY, MODERN, VERSION_KEY

META = {VERSION_KEY: MODERN, CAPABILITIES_KEY: {}}


def people() -> Any:
    """Every person there is; the engine knows them by their declaration only."""
    return registry.get("person").model._default_manager.all()


class Agent:
    """Speaks the current revision over HTTP with a token of the user."""

    def __init__(self, user: User, **narrowed: Any) -> None:
        self.secret = create_token(user, "Assistant", **narrowed)
        self.client = Client()

    def send(
        self,
        method: str,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer to one request, with the headers that belong to it."""
        params = {"_meta": META, **(params or {})}
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        head = {
            "Authorization": f"Bearer {self.secret}",
            "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": MODERN,
            "Mcp-Method": method,
        }
        if "name" in params:
            head["Mcp-Name"] = params["name"]
        return self.post(body, head | dict(headers or {}))

    def post(self, body: Any, headers: dict[str, str]) -> Answer:
        """The answer to a body, with these headers only."""
        return self.client.post("/mcp", body, content_type="application/json", headers=headers)

    def tools(self) -> dict[str, dict[str, Any]]:
        """What it may call, by name."""
        found = self.send("tools/list").json()["result"]["tools"]
        return {one["name"]: one for one in found}

    def call(self, name: str, **arguments: Any) -> dict[str, Any]:
        """The result of a tool."""
        answer = self.send("tools/call", {"name": name, "arguments": arguments})
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()["result"]
        return found

    def do(self, name: str, **arguments: Any) -> dict[str, Any]:
        """What a tool gave; it did not fail."""
        found = self.call(name, **arguments)
        assert not found["isError"], found["content"]
        given: dict[str, Any] = found["structuredContent"]
        return given

    def refused(self, name: str, **arguments: Any) -> str:
        """The sentences with which a tool refused."""
        found = self.call(name, **arguments)
        assert found["isError"], found
        return str(found["content"][0]["text"])
