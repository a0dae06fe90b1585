"""A firm's directory, as tests play it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from rapport.accounts.models import Provisioning, Role, User
from rapport.accounts.scim.actions import change_provisioning, create_directory_token
from rapport.accounts.testing import Answer

ROOT = "/scim/v2/"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@dataclass
class Directory:
    """It comes with its token; bodies are sent as the big directories send them."""

    secret: str
    client: Client = field(default_factory=Client)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """The answer to one call."""
        sent = {} if body is None else {"data": body, "content_type": "application/scim+json"}
        given = {"Authorization": f"Bearer {self.secret}", **headers}
        answer: Answer = getattr(self.client, method.lower())(ROOT + path, headers=given, **sent)
        return answer

    def find(self, sort: str, text: str, **more: str) -> list[dict[str, Any]]:
        """What a filter finds."""
        answer = self.client.get(
            ROOT + sort,
            {"filter": text, **more},
            headers={"Authorization": f"Bearer {self.secret}"},
        )
        assert answer.status_code == 200, answer.content
        found: list[dict[str, Any]] = answer.json()["Resources"]
        return found

    def make(self, sort: str, **body: Any) -> dict[str, Any]:
        """The resource that came of a body."""
        answer = self.ask("POST", sort, body)
        assert answer.status_code == 201, answer.content
        made: dict[str, Any] = answer.json()
        return made

    def patch(self, path: str, *operations: dict[str, Any]) -> Answer:
        """The answer to some operations."""
        return self.ask("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)})


def open_door(**values: Any) -> Directory:
    """The directory of a firm that has set provisioning up."""
    role = Role.objects.get(key="member")
    found = change_provisioning({"default_role": role, "domains": ["firm.example"]} | values)
    return Directory(create_directory_token(found))


def a_user(login: str = "bo", /, **more: Any) -> dict[str, Any]:
    """A body for somebody new."""
    address = f"{login}@firm.example"
    return {"userName": address, "emails": [{"value": address, "primary": True}], **more}


def user_of(resource: dict[str, Any]) -> User:
    """The user a resource is."""
    return User.objects.select_related("role").get(pk=resource["id"])


def settings() -> Provisioning:
    """What the owner has said."""
    return Provisioning.objects.get()
