"""Operations of the API asked from within: a tool does what an address does, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.urls import ResolverMatch

from rapport.accounts.models import User, Workspace
from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.records.models import AgentTerms

#: How the log of reads knows that an agent was shown something.
THROUGH = "agent"

type View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Asker:
    """For whom tools are run: the user, and the principal by his token."""

    user: User
    principal: Principal
    workspace: Workspace
    terms: AgentTerms | None = None


class Operation(Request):
    """A request to one address of the API that never came over the network."""

    def __init__(
        self,
        asker: Asker,
        view: View,
        method: str = "GET",
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self.method = method
        self.user, self.principal, self.workspace = asker.user, asker.principal, asker.workspace
        self.GET = QueryDict(urlencode(query or {}))
        self.content_type, self.content_params = "application/json", {}
        self._body = b"" if body is None else json.dumps(body).encode()
        self.resolver_match = ResolverMatch(view, (), {}, url_name=THROUGH)


def answer_of(
    asker: Asker,
    view: View,
    *address: Any,
    method: str = "GET",
    query: Mapping[str, str] | None = None,
    body: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """What the view answers; it raises whatever the view raises."""
    return view(Operation(asker, view, method, query, body), *address)


def json_of(answer: HttpResponse) -> dict[str, Any]:
    """The object in an answer; empty for one without a body."""
    found: dict[str, Any] = json.loads(answer.content) if answer.content else {}
    return found
