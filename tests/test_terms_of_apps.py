"""Apps of others as agents: what they only propose, and how often they may ask."""

from __future__ import annotations

import pytest
from django.test import Client

from rapport.accounts.oauth.registering import change_app
from rapport.accounts.testing import make_user, signed_in
from rapport.records.tests.agents import Agent
from tests.apps import AUTHORIZE, VALUES, register

pytestmark = pytest.mark.django_db


def test_an_app_that_only_proposes_reads_at_every_door_and_keeps_to_its_limits() -> None:
    app, ida = register(proposes=True, calls_per_hour=2), make_user()
    page = signed_in(ida).get(AUTHORIZE, app.request()).content.decode()
    assert "It changes nothing by itself" in page
    assert "and change nothing" in page
    assert "delete, import" not in page
    secret = app.tokens(ida)["access_token"]
    head = {"Authorization": f"Bearer {secret}"}
    body = {"last_name": "Lund"}
    answer = Client().post("/api/v1/people", body, content_type="application/json", headers=head)
    assert answer.status_code == 403
    agent = Agent(ida)
    agent.secret = secret
    asked = agent.do("create_person", values=body)
    assert asked["pending"]
    agent.do("get_plan", plan=asked["plan"])
    assert "used up" in agent.refused("get_plan", plan=asked["plan"])
    change_app(app.row, {**VALUES, "proposes": False})
    assert Client().get("/api/v1/people", headers=head).status_code == 401


def test_an_administrator_sets_the_terms_where_he_registers_the_app() -> None:
    owner, app = signed_in(make_user()), register()
    given = {
        "name": "Planner", "redirect_uris": "https://app.example/callback", "reach": "write",
        "days": "90", "proposes": "on", "writes_per_day": "10",
    }  # fmt: skip
    address = f"/setup/apps/{app.id}/"
    assert owner.post(address, given).status_code == 302
    app.row.refresh_from_db()
    assert (app.row.proposes, app.row.writes_per_day, app.row.calls_per_hour) == (True, 10, None)
    page = owner.get(address).content.decode()
    assert 'name="writes_per_day" value="10"' in page
