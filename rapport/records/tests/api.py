"""A program that talks to the API, for tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.test import Client

from rapport.accounts.actions import create_token
from rapport.accounts.models import User
from rapport.accounts.testing import Answer, make_user, used_token


class Program:
    """Sends requests with the bearer token of one user."""

    def __init__(self, user: User, **token: Any) -> None:
        self.user = user
        self.client = Client(enforce_csrf_checks=True)
        self.secret = create_token(user, "Test", **token) if token else used_token(user)
        if token:
            self.get("", {})  # notes the first use, so that later requests cost the same

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Answer:
        return self.send("GET", path, query=query, headers=headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.send("POST", path, body, headers=headers)

    def patch(self, path: str, body: Any, **headers: str) -> Answer:
        return self.send("PATCH", path, body, headers=headers)

    def delete(self, path: str, **headers: str) -> Answer:
        return self.send("DELETE", path, headers=headers)

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: dict[str, Any] | None = None,
        raw: bytes | None = None,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        data = raw if raw is not None else (b"" if body is None else json.dumps(body).encode())
        named = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        return self.client.generic(
            method,
            f"/api/v1{path}",
            data,
            content_type=content_type,
            query_params=query,
            headers={"Authorization": f"Bearer {self.secret}"} | named,
        )


def program(role: str = "owner", **token: Any) -> Program:
    """A program of a new user with that role."""
    names = {"owner": "Ida Brandt", "member": "Luis Vega", "read_only": "Rea Donly"}
    return Program(make_user(names.get(role, "Max Muster"), role), **token)
