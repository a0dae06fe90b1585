"""The official client of the Model Context Protocol, over HTTP and over the command."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from rapport.accounts.actions import create_token
from rapport.accounts.testing import make_user
from rapport.records.surfaces.agents.protocol import LEGACY, MODERN
from rapport.records.testing import create
from tests.platform.instances import RAPPORT, Keeper, clean_environment, rapport

OWNER = "owner@demo.example"
READING = {"search", "describe", "list", "get", "aggregate", "history"}

type Work = Callable[[Client], Awaitable[None]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("mode", "spoken"),
    [("auto", MODERN), pytest.param("legacy", LEGACY[0], marks=pytest.mark.long)],
)
def test_the_official_client_works_over_http(live_server: Any, mode: str, spoken: str) -> None:
    secret = create_token(make_user(), "Assistant")
    key = str(create("person", first_name="Vera", last_name="Lund", city="Oslo"))
    anyio.run(_over_http, f"{live_server.url}/mcp", secret, mode, _work(key, spoken))


async def _over_http(address: str, secret: str, mode: str, work: Work) -> None:
    headers = {"Authorization": f"Bearer {secret}"}
    async with httpx2.AsyncClient(headers=headers) as http:
        transport = streamable_http_client(address, http_client=http)
        async with Client(transport, mode=mode, read_timeout_seconds=60) as client:
            await work(client)


def _work(key: str, spoken: str) -> Work:
    """What every client must be able to do; it checks each result by the tool's own schema."""

    async def work(client: Client) -> None:
        assert client.protocol_version == spoken
        assert client.instructions
        names = {tool.name for tool in (await client.list_tools()).tools}
        assert names >= READING
        found = await client.call_tool("list", {"object": "person", "where": "city:Oslo"})
        assert found.structured_content["data"][0]["id"] == key
        record = await client.call_tool("get", {"object": "person", "id": key})
        assert record.structured_content["record"]["last_name"] == "Lund"
        refused = await client.call_tool("list", {"object": "person", "sort": "nothing"})
        assert refused.is_error
        assert "sort" in str(refused.content)

    return work


@pytest.fixture(scope="module")
def keeper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keeper]:
    made = Keeper(tmp_path_factory.mktemp("agents") / "data", "--demo", "--no-extras")
    yield made
    made.end()


@pytest.mark.long
@pytest.mark.parametrize(("mode", "spoken"), [("auto", MODERN), ("legacy", LEGACY[0])])
def test_the_official_client_works_over_the_command(keeper: Keeper, mode: str, spoken: str) -> None:
    data = keeper.running().data
    anyio.run(_over_the_command, data, _new_token(data), mode, _look(spoken))


@pytest.mark.long
def test_the_official_client_works_with_a_running_server(keeper: Keeper) -> None:
    address = f"{keeper.running().address.rstrip('/')}/mcp"
    anyio.run(_over_http, address, _new_token(keeper.data), "auto", _look(MODERN))


@pytest.mark.long
def test_the_command_wants_a_token(keeper: Keeper) -> None:
    said = rapport(keeper.stopped(), "mcp", expect=1)
    assert "RAPPORT_TOKEN" in said.stderr
    assert said.stdout == ""


def _new_token(data: Path) -> str:
    return rapport(data, "token", "create", "--user", OWNER).stdout.strip()


def _look(spoken: str) -> Work:
    async def look(client: Client) -> None:
        assert client.protocol_version == spoken
        assert {tool.name for tool in (await client.list_tools()).tools} >= READING
        found = await client.call_tool("list", {"object": "person", "limit": 3})
        assert len(found.structured_content["data"]) == 3

    return look


async def _over_the_command(data: Path, secret: str, mode: str, work: Work) -> None:
    server = StdioServerParameters(
        command=str(RAPPORT),
        args=["--data", str(data), "mcp"],
        env={**clean_environment(), "RAPPORT_TOKEN": secret},
    )
    async with Client(server, mode=mode, read_timeout_seconds=120) as client:
        await work(client)
