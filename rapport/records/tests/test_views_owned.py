"""A view for oneself stays somebody's."""

from __future__ import annotations

import pytest

from rapport.records.tests.api import program

pytestmark = pytest.mark.django_db
VIEW = {"name": {"en": "Soon"}, "object": "task", "layout": "calendar"}


def test_a_view_for_oneself_is_not_made_to_be_nobodys() -> None:
    member = program("member")
    refused = member.post("/views", {**VIEW, "owner": None})
    assert refused.status_code == 422
    assert refused.json()["errors"] == [
        {"field": "owner", "message": "What is private needs an owner."}
    ]
    made = member.post("/views", VIEW).json()
    again = member.patch(f"/views/{made['id']}", {"version": made["version"], "owner": None})
    assert again.status_code == 422
