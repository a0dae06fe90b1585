"""How often an agent may ask: counted, refused with a clear sentence, shown on the token's page."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from rapport.accounts.models import ApiToken
from rapport.accounts.testing import make_user, signed_in
from rapport.records.models import AgentTerms, AgentUse, ChangeSet, Reading
from rapport.records.surfaces.agents.budget import Spent, forget_agent_use, spent
from rapport.records.testing import create
from rapport.records.tests.agents import Agent, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> Agent:
    return Agent(make_user())


def limited(**limits: int) -> None:
    AgentTerms.objects.create(token=ApiToken.objects.get(), **limits)


def earlier(**ago: int) -> None:
    AgentUse.objects.update(hour=F("hour") - timedelta(**ago))


def test_calls_and_changes_are_counted_whatever_comes_of_them(agent: Agent) -> None:
    agent.do("describe")
    agent.refused("list", object="nothing")
    agent.do("create_person", values={"last_name": "Berg"})
    agent.send("tools/list")
    assert spent(ApiToken.objects.get().pk) == Spent(3, 3, 1, 1)


@pytest.mark.parametrize("limit", ["calls_per_hour", "calls_per_day"])
def test_one_call_too_many_is_refused_and_not_counted(agent: Agent, limit: str) -> None:
    limited(**{limit: 2})
    agent.do("describe")
    agent.do("describe")
    for _again in range(2):
        assert "2 calls" in agent.refused("describe")
    assert spent(ApiToken.objects.get().pk).calls_per_day == 2


@pytest.mark.parametrize("limit", ["writes_per_hour", "writes_per_day"])
def test_who_has_used_up_his_changes_may_still_read(agent: Agent, limit: str) -> None:
    limited(**{limit: 1})
    agent.do("create_person", values={"last_name": "Berg"})
    assert "1 changes" in agent.refused("create_person", values={"last_name": "Lund"})
    agent.do("describe")
    assert people().count() == 1


def test_the_next_hour_and_the_next_day_begin_anew(agent: Agent) -> None:
    limited(calls_per_hour=1, calls_per_day=2)
    agent.do("describe")
    earlier(hours=1)
    agent.do("describe")
    earlier(hours=1)
    assert "24 hours" in agent.refused("describe")
    earlier(hours=23)
    agent.do("describe")


def test_nothing_at_all_is_a_limit_too(agent: Agent) -> None:
    limited(writes_per_day=0)
    assert agent.refused("create_person", values={"last_name": "Berg"})


def test_old_counts_are_let_go(agent: Agent) -> None:
    agent.do("describe")
    forget_agent_use(0)
    assert AgentUse.objects.exists()
    earlier(days=91)
    forget_agent_use(0)
    assert not AgentUse.objects.exists()


@pytest.mark.long
def test_the_worker_knows_what_lets_go_of_old_rows() -> None:
    wanted = {"records.forget_agent_use", "records.forget_answered"}
    told = "import django; django.setup(); from procrastinate.contrib.django import app"
    print_them = "print(*app.tasks)"
    done = subprocess.run(
        [sys.executable, "-c", f"{told}; {print_them}"], capture_output=True, text=True, check=True
    )
    assert wanted <= set(done.stdout.split())


def test_the_page_of_a_token_shows_what_was_used_and_sets_limits(agent: Agent) -> None:
    agent.do("create_person", values={"last_name": "Berg"})
    token = ApiToken.objects.get()
    browser, address = signed_in(token.user), f"/setup/tokens/{token.pk}/"
    assert "Changes in 24 hours" in browser.get(address).content.decode()
    assert browser.post(address, {"writes_per_day": "1"}).status_code == 302
    assert AgentTerms.objects.get().writes_per_day == 1
    assert agent.refused("create_person", values={"last_name": "Lund"})
    bad = browser.post(address, {"calls_per_day": "-1"})
    assert (bad.status_code, AgentTerms.objects.get().calls_per_day) == (422, None)


def test_limits_leave_it_as_it_was_whether_it_only_proposes() -> None:
    agent = Agent(make_user(), may_write=False)
    token = ApiToken.objects.get()
    AgentTerms.objects.create(token=token, proposes=True)
    signed_in(token.user).post(f"/setup/tokens/{token.pk}/", {"writes_per_day": "5"})
    assert AgentTerms.objects.get().proposes
    assert "start_plan" in agent.tools()


def test_nobody_sets_limits_for_a_token_that_is_not_his_to_see(agent: Agent) -> None:
    other = signed_in(make_user("Mo Member", "member"))
    address = f"/setup/tokens/{ApiToken.objects.get().pk}/"
    assert other.get(address).status_code == 404
    assert other.post(address, {"calls_per_day": "0"}).status_code == 404
    assert not AgentTerms.objects.exists()


def test_history_and_reads_are_listed_by_agent(agent: Agent) -> None:
    user, other = ApiToken.objects.get().user, Agent(ApiToken.objects.get().user)
    agent.do("create_person", values={"last_name": "Berg"})
    other.do("create_person", values={"last_name": "Lund"})
    token = ChangeSet.objects.filter(via="agent").earliest("at").token
    page = signed_in(user).get(f"/history/?token={token}").content.decode()
    assert "Berg" in page
    assert "Lund" not in page


def test_what_was_shown_names_the_agent(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    from rapport.records.reads import noting

    def all_of_them(_declaration: Any) -> frozenset[str]:
        return frozenset({"birthday"})

    monkeypatch.setattr(noting, "sensitive_fields", all_of_them)
    key = str(create("person", last_name="Berg", birthday="1990-02-03"))
    agent.do("get", object="person", id=key)
    noted = Reading.objects.get()
    assert (noted.through, noted.principal) == ("agent", "agent")
    assert noted.token == ApiToken.objects.get().pk
    page = signed_in(ApiToken.objects.get().user).get(f"/history/reads/?token={noted.token}")
    assert "Berg" in page.content.decode()
