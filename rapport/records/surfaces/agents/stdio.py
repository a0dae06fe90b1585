"""The agent door over standard input and output: a line is a message."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import IO, Any

from django.db import close_old_connections

from rapport.accounts.bearer import token_of_header
from rapport.accounts.identity import account_facts
from rapport.accounts.middleware import activate_language_and_zone
from rapport.accounts.narrowing import as_agent, for_token
from rapport.records.metadata.noticing import keep_up
from rapport.records.surfaces.agents.asking import Asker
from rapport.records.surfaces.agents.door import MOST_BYTES, REFUSED
from rapport.records.surfaces.agents.protocol import (
    INVALID_REQUEST,
    PARSE_ERROR,
    Fault,
    Message,
    answer,
    refusal,
)
from rapport.records.surfaces.agents.terms import terms_of

type Identify = Callable[[], Asker | None]


def asker_of(secret: str) -> Asker | None:
    """For whom a token asks at this moment; None where it is no longer valid."""
    token = token_of_header(f"Bearer {secret}")
    if token is None:
        return None
    workspace = account_facts(token.user).workspace
    keep_up(workspace.metadata_version)
    principal = as_agent(for_token(token))
    return Asker(token.user, principal, workspace, terms_of(token.pk))


def serve(incoming: IO[str], outgoing: IO[str], identify: Identify) -> None:
    """Answer messages until the input ends; who asks is looked at anew for each."""
    for line in _lines(incoming):
        close_old_connections()
        made = _answer(line, identify)
        if made is not None:
            outgoing.write(json.dumps(made, ensure_ascii=False) + "\n")
            outgoing.flush()


def _answer(line: str, identify: Identify) -> Message | None:
    if len(line) > MOST_BYTES:
        return refusal(Fault(INVALID_REQUEST, "This message is too long."))
    try:
        message: Any = json.loads(line)
    except (ValueError, RecursionError) as fault:
        return refusal(Fault(PARSE_ERROR, f"This is not valid JSON: {fault}."))
    asker = identify()
    if asker is None:
        key = message.get("id") if isinstance(message, dict) else None
        return refusal(Fault(REFUSED - 401, "The token is not valid any more."), key)
    activate_language_and_zone(asker.principal)
    return answer(message, asker)


def _lines(incoming: IO[str]) -> Iterator[str]:
    """Lines that are not blank; of one that is too long only so much that this can be told."""
    while line := incoming.readline(MOST_BYTES + 1):
        rest = line
        while len(rest) > MOST_BYTES and not rest.endswith("\n"):
            rest = incoming.readline(MOST_BYTES + 1)
        if line.strip():
            yield line
