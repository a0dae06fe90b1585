"""Plans of agents: nothing is done until the right person says so, and only what he saw."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from rapport.accounts import actions
from rapport.accounts.models import ApiToken, User
from rapport.accounts.testing import Answer, make_user, signed_in
from rapport.records.models import AgentPlan, AgentTerms, ChangeSet, Notification
from rapport.records.store import change
from rapport.records.surfaces.agents import plans
from rapport.records.surfaces.agents.terms import let_propose
from rapport.records.testing import HOUSE, Statements, create
from rapport.records.tests.agents import Agent, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return make_user()


@pytest.fixture
def agent(user: User) -> Agent:
    return proposing(user)


def proposing(user: User, **narrowed: Any) -> Agent:
    agent = Agent(user, may_write=False, **narrowed)
    let_propose(ApiToken.objects.latest("created_at"))
    return agent


def lund(**values: Any) -> str:
    return str(create("person", last_name="Lund", city="Oslo", **values))


def decide(user: User, plan: str, *steps: int, do: str = "approve", **more: Any) -> Answer:
    kept = AgentPlan.objects.get(pk=plan)
    body = {"do": do, "step": [str(one) for one in steps], "seen": len(kept.steps), **more}
    return signed_in(user).post(f"/plans/{plan}/decide/", body)


def test_a_write_waits_and_is_told_to_be_waiting(user: User, agent: Agent) -> None:
    key = lund()
    asked = agent.do("update_person", id=key, values={"city": "Rome"})
    assert (asked["pending"], asked["id"], asked["step"]) == (True, key, 1)
    assert people().get(pk=key).city == "Oslo"
    assert not ChangeSet.objects.filter(via="agent").exists()
    assert agent.do("get", object="person", id=key)["pending"] == [asked["plan"]]
    notice = Notification.objects.get(user=user)
    assert (notice.kind, notice.url) == ("plan", f"/plans/{asked['plan']}/")


def test_the_page_shows_what_was_and_what_would_be_and_changes_nothing(
    user: User, agent: Agent
) -> None:
    key = lund()
    plan = agent.do("start_plan", title="Move to Rome")["plan"]
    agent.do("update_person", id=key, values={"city": "Rome"}, plan=plan)
    new = agent.do("create_person", values={"last_name": "Berg"}, plan=plan)["id"]
    agent.do(
        "log_activity",
        object="note",
        about=[{"object": "person", "id": new}],
        values={"body": "<p>Wrote</p>"},
        plan=plan,
    )
    page = signed_in(user).get(f"/plans/{plan}/").content.decode()
    for words in ("Move to Rome", "Oslo</del>", "Rome</ins>", "Berg", "Assistant"):
        assert words in page
    assert "Move to Rome" in signed_in(user).get("/plans/").content.decode()
    assert people().count() == 1
    assert people().get().city == "Oslo"


def test_approval_does_it_in_one_change_set_that_names_agent_and_person(
    user: User, agent: Agent
) -> None:
    key = lund()
    plan = agent.do("start_plan", title="Two")["plan"]
    agent.do("update_person", id=key, values={"city": "Rome"}, plan=plan)
    new = agent.do("create_person", values={"last_name": "Berg"}, plan=plan)["id"]
    assert decide(user, plan, 1, 2).status_code == 302
    assert people().get(pk=key).city == "Rome"
    assert people().get(pk=new).last_name == "Berg"
    made = ChangeSet.objects.get(via="agent")
    assert (made.title, made.user, made.principal) == ("Two", user, "staff")
    assert made.token == ApiToken.objects.get().pk
    state = agent.do("get_plan", plan=plan)
    assert (state["state"], state["change_set"]) == ("applied", str(made.pk))
    assert [one["applied"] for one in state["steps"]] == [True, True]


def test_only_what_is_ticked_is_done(user: User, agent: Agent) -> None:
    key = lund()
    plan = agent.do("start_plan", title="Two")["plan"]
    agent.do("update_person", id=key, values={"city": "Rome"}, plan=plan)
    agent.do("create_person", values={"last_name": "Berg"}, plan=plan)
    decide(user, plan, 1)
    assert [(one.last_name, one.city) for one in people()] == [("Lund", "Rome")]
    assert [one["applied"] for one in agent.do("get_plan", plan=plan)["steps"]] == [True, False]


def test_a_rejected_plan_is_over_and_the_agent_reads_why(user: User, agent: Agent) -> None:
    key = lund()
    plan = agent.do("update_person", id=key, values={"city": "Rome"})["plan"]
    assert decide(user, plan, do="reject", comment="He stays in Oslo").status_code == 302
    state = agent.do("get_plan", plan=plan)
    assert (state["state"], state["comment"]) == ("rejected", "He stays in Oslo")
    assert decide(user, plan, 1).status_code == 409
    assert "plan" in agent.refused("update_person", id=key, values={"city": "Rome"}, plan=plan)
    assert people().get().city == "Oslo"


def test_nobody_else_sees_or_decides(user: User, agent: Agent) -> None:
    plan = agent.do("update_person", id=lund(), values={"city": "Rome"})["plan"]
    for other in (make_user("Olga Other", "owner"), make_user("Rea Reader", "read_only")):
        assert signed_in(other).get(f"/plans/{plan}/").status_code == 404
        assert decide(other, plan, 1).status_code == 404
        assert plan not in signed_in(other).get("/plans/").content.decode()
    assert people().get().city == "Oslo"


def test_who_sees_rapport_as_another_neither_sees_nor_decides_on_his_plans() -> None:
    member, owner = make_user("Mo Member", "member"), make_user()
    plan = proposing(member).do("create_person", values={"last_name": "Berg"})["plan"]
    browser = signed_in(owner)
    session = browser.session
    session["viewing"] = {"user": str(member.pk), "until": int(time.time()) + 600}
    session.save()
    for address in ("/plans/", f"/plans/{plan}/"):
        assert browser.get(address).status_code == 403
    body = {"do": "approve", "step": "1", "seen": "1"}
    assert browser.post(f"/plans/{plan}/decide/", body).status_code == 403
    assert not people().exists()


def test_the_agent_can_not_approve_by_any_door(user: User, agent: Agent) -> None:
    plan = agent.do("update_person", id=lund(), values={"city": "Rome"})["plan"]
    head = {"Authorization": f"Bearer {agent.secret}"}
    sent = agent.client.post(f"/plans/{plan}/decide/", {"do": "approve", "step": "1"}, headers=head)
    assert "/login/" in sent.headers["Location"]
    key = str(people().get().pk)
    api = agent.client.patch(
        f"/api/v1/people/{key}", {"city": "Rome"}, content_type="application/json", headers=head
    )
    assert api.status_code == 403
    assert people().get().city == "Oslo"


def test_approving_twice_does_it_once(user: User, agent: Agent) -> None:
    plan = agent.do("create_person", values={"last_name": "Berg"})["plan"]
    assert decide(user, plan, 1).status_code == 302
    assert decide(user, plan, 1).status_code == 409
    assert people().count() == 1


def test_what_was_added_after_he_looked_is_not_approved(user: User, agent: Agent) -> None:
    key = lund()
    plan = agent.do("update_person", id=key, values={"city": "Rome"})["plan"]
    agent.do("delete", object="person", id=key, plan=plan)
    assert decide(user, plan, 1, 2, seen=1).status_code == 409
    assert people().get().city == "Oslo"
    assert people().get().deleted_at is None


def test_what_somebody_changed_meanwhile_is_shown_and_not_overwritten(
    user: User, agent: Agent
) -> None:
    key = lund()
    plan = agent.do("start_plan", title="Two")["plan"]
    agent.do("update_person", id=key, values={"city": "Rome"}, plan=plan)
    agent.do("create_person", values={"last_name": "Berg"}, plan=plan)
    Agent(user).do("update_person", id=key, values={"city": "Bergen"})
    page = decide(user, plan, 1, 2)
    assert page.status_code == 409
    assert "changed this meanwhile" in page.content.decode()
    assert [one.city for one in people()] == ["Bergen"]
    assert decide(user, plan, 2).status_code == 302
    assert set(people().values_list("last_name", "city")) == {
        ("Lund", "Bergen"),
        ("Berg", ""),
    }


def test_it_is_done_with_the_rights_that_the_person_has_by_then(agent: Agent, user: User) -> None:
    key = lund(owner=str(make_user("Olga Other", "owner").pk))
    plan = agent.do("update_person", id=key, values={"city": "Rome"})["plan"]
    actions.change_role(user, "read_only")
    assert decide(User.objects.get(pk=user.pk), plan, 1).status_code == 409
    assert people().get().city == "Oslo"


def test_plans_of_the_deactivated_and_of_revoked_tokens_stay_undone(
    agent: Agent, user: User
) -> None:
    plan = agent.do("create_person", values={"last_name": "Berg"})["plan"]
    actions.revoke_token(ApiToken.objects.get())
    assert decide(user, plan, 1).status_code == 409
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert "/login/" in decide(user, plan, 1).headers["Location"]
    assert not people().exists()


def test_a_plan_that_waited_too_long_is_over(agent: Agent, user: User) -> None:
    plan = agent.do("create_person", values={"last_name": "Berg"})["plan"]
    AgentPlan.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert decide(user, plan, 1).status_code == 409
    assert agent.do("get_plan", plan=plan)["state"] == "expired"
    assert "plan" in agent.refused("create_person", values={"last_name": "B"}, plan=plan)


def test_what_could_not_be_done_is_refused_at_once(agent: Agent) -> None:
    assert "created_by" in agent.refused("create_person", values={"created_by": "x"})
    assert "birthday" in agent.refused("create_person", values={"birthday": "no day"})
    assert not AgentPlan.objects.exists()
    assert not Notification.objects.exists()


def test_a_plan_of_another_agent_is_not_there(user: User, agent: Agent) -> None:
    plan = agent.do("create_person", values={"last_name": "Berg"})["plan"]
    other = proposing(user)
    assert other.refused("get_plan", plan=plan)
    assert other.refused("create_person", values={"last_name": "B"}, plan=plan)


def test_a_plan_is_no_longer_than_somebody_reads(
    agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "MOST_STEPS", 1)
    monkeypatch.setattr(plans, "MOST_WAITING", 1)
    plan = agent.do("create_person", values={"last_name": "Berg"})["plan"]
    assert "plan" in agent.refused("create_person", values={"last_name": "B"}, plan=plan)
    assert "plan" in agent.refused("start_plan", title="More")


def test_an_agent_proposes_no_more_than_its_scopes(user: User) -> None:
    agent = proposing(user, scopes={"person": ["view", "edit"]})
    tools = agent.tools()
    writing = {name for name, one in tools.items() if not one["annotations"]["readOnlyHint"]}
    assert writing == {"update_person", "start_plan", "undo"}


def test_a_token_that_writes_can_not_be_told_to_propose(user: User) -> None:
    Agent(user)
    with pytest.raises(ValueError, match="writes"):
        let_propose(ApiToken.objects.get())
    assert not AgentTerms.objects.exists()


def test_a_page_of_fifty_steps_asks_no_more_for_each_than_it_takes_to_try_it(
    user: User, agent: Agent
) -> None:
    plan = agent.do("start_plan", title="Move all")["plan"]
    step = {"do": "update", "object": "person", "values": {"city": "Rome"}}
    steps = [{**step, "id": lund(), "version": None, "others": []} for _n in range(50)]
    # Proposed one by one each is tried behind all before it, which is not what is counted here.
    AgentPlan.objects.filter(pk=plan).update(steps=steps)
    web = signed_in(user)
    web.get(f"/plans/{plan}/")
    with Statements() as asked:
        page = web.get(f"/plans/{plan}/")
    assert page.content.decode().count("Rome</ins>") == 50
    tries = [one for one in asked.statements if '"contacts_person"' in one and "jsonb" not in one]
    assert len(tries) == 2 * 50
    assert len(asked.statements) - len(tries) <= 12


def test_steps_on_one_record_are_told_apart(user: User, agent: Agent) -> None:
    key, plan = lund(), agent.do("start_plan", title="Twice")["plan"]
    agent.do("update_person", id=key, values={"city": "Rome"}, plan=plan)
    agent.do("update_person", id=key, values={"city": "Turin"}, plan=plan)
    page = signed_in(user).get(f"/plans/{plan}/").content.decode()
    first, second = page.split('id="step-2"')
    assert "Rome</ins>" in first
    assert "Turin" not in first
    assert "Rome</del>" in second


def test_an_agent_proposes_to_take_a_change_back(user: User, agent: Agent) -> None:
    key = UUID(lund())
    with change(HOUSE, via="web", title="Moved by mistake") as made:
        made.update("person", key, {"city": "Rome"})
    asked = agent.do("undo", change_set=str(made.id))
    assert people().get(pk=key).city == "Rome"
    page = signed_in(user).get(f"/plans/{asked['plan']}/").content.decode()
    assert "Undo: Moved by mistake" in page
    assert "Oslo</ins>" in page
    assert "a plan of its own" in agent.refused(
        "update_person", id=str(key), values={"city": "Bari"}, plan=asked["plan"]
    )
    decide(user, asked["plan"], 1)
    assert people().get(pk=key).city == "Oslo"
    undone = ChangeSet.objects.get(undo_of=made.id)
    assert (undone.via, undone.user_id) == ("agent", user.pk)
    assert AgentPlan.objects.get(pk=asked["plan"]).change_set == undone.pk
    assert "undone already" in agent.refused("undo", change_set=str(made.id))


def test_nothing_is_proposed_to_be_taken_back_that_its_person_may_not_change() -> None:
    with change(HOUSE, via="web", title="Not his") as made:
        made.create("tag", {"name": "Fair"})
    reader = proposing(make_user("Rae Only", "read_only"))
    assert "undo" not in reader.tools()
    narrow = proposing(make_user("Mo M", "member"), scopes={"person": ["view", "edit"]})
    assert narrow.refused("undo", change_set=str(made.id))


def test_a_merge_says_whose_values_stay(user: User, agent: Agent) -> None:
    kept, gone = lund(job_title="Clerk"), lund(job_title="Boss")
    wish: dict[str, Any] = {"object": "person", "id": kept, "with": [gone]}
    assert "Name fields" in agent.refused("merge", **wish, take={"nonsense": gone})
    asked = agent.do("merge", **wish, take={"job_title": gone})
    page = signed_in(user).get(f"/plans/{asked['plan']}/").content.decode()
    assert "Boss</ins>" in page
    decide(user, asked["plan"], 1)
    assert people().get(pk=kept).job_title == "Boss"
