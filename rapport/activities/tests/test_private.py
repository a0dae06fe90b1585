"""Private calls, meetings, notes and tasks: what others see of them, and what they don't."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Sum
from django.utils import timezone

from rapport.accounts import actions
from rapport.accounts.models import Role, SecurityEvent, User
from rapport.accounts.principals import Principal, principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.activities.models import Call
from rapport.contacts.tests.sharing import narrow
from rapport.records import access, registry
from rapport.records.changes.undo import undo
from rapport.records.models import ContactWeek, Notification
from rapport.records.search.finding import find
from rapport.records.sharing import Holder, share
from rapport.records.store import Rejected, change
from rapport.records.testing import create, update

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
OPEN = ""
LEVELS = ("subject", "metadata", "nothing")


@pytest.fixture
def ana() -> User:
    return make_user("Ana Ruiz", "member")


@pytest.fixture
def ben() -> User:
    return make_user("Ben Ode", "member")


@pytest.fixture
def ada() -> UUID:
    return create("person", first_name="Ada", last_name="Berg")


def call(owner: User, ada: UUID, level: str, **values: Any) -> UUID:
    words = {"subject": f"Merger {level}", "notes": f"Secret{level}", "direction": "in"}
    about = [f"person:{ada}"]
    return create("call", by=principal_of(owner), private=level, about=about, **words | values)


def seen(user: User | Principal, action: str = "view") -> set[UUID]:
    principal = user if isinstance(user, Principal) else principal_of(user)
    return set(access.rows(principal, "call", action).values_list("pk", flat=True))


def timeline(user: User, ada: UUID) -> str:
    answer = signed_in(user).get(f"/people/{ada}/timeline/", headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def test_only_the_owner_and_those_it_is_shared_with_reach_it(
    ana: User, ben: User, ada: UUID
) -> None:
    calls = {level: call(ana, ada, level) for level in (OPEN, *LEVELS)}
    assert seen(ana) == set(calls.values())
    assert seen(ben) == {calls[OPEN]}
    with change(principal_of(ana), via="test") as made:
        share(made, "call", calls["nothing"], Holder("user", ben.pk, ben.name), "view")
    assert seen(ben) == {calls[OPEN], calls["nothing"]}
    assert seen(make_user("Olga Owner", "owner")) == {calls[OPEN]}


def test_a_timeline_tells_others_what_the_level_says(ana: User, ben: User, ada: UUID) -> None:
    calls = {level: call(ana, ada, level) for level in LEVELS}
    his, hers = timeline(ben, ada), timeline(ana, ada)
    assert "Merger subject" in his
    assert his.count("Ana Ruiz") == 2
    for hidden in ("Secret", "Merger metadata", "Merger nothing", str(calls["metadata"])):
        assert hidden not in his
    for level in LEVELS:
        assert f"Merger {level}" in hers
        assert f"Secret{level}" in hers


def test_a_search_finds_it_for_its_owner_alone(ana: User, ben: User, ada: UUID) -> None:
    for level in LEVELS:
        call(ana, ada, level)
    assert len(find(principal_of(ana), "merger")) == 3
    assert find(principal_of(ben), "merger") == []


def test_whom_it_is_shared_with_to_edit_neither_opens_it_nor_takes_it(
    ana: User, ben: User, ada: UUID
) -> None:
    key = call(ana, ada, "metadata")
    with change(principal_of(ana), via="test") as made:
        share(made, "call", key, Holder("user", ben.pk, ben.name), "edit")
    update("call", key, by=principal_of(ben), notes="Mine too")
    update("call", key, by=principal_of(ben), private="metadata", owner=str(ana.pk))
    for values in ({"private": ""}, {"owner": str(ben.pk)}):
        with pytest.raises(Rejected, match="Only its owner"):
            update("call", key, by=principal_of(ben), **values)
        with change(principal_of(ben), via="test") as made:
            assert made.update_many("call", [key], {"private": ""}) == 0
    with change(principal_of(ana), via="test") as made:
        made.update("call", key, {"private": "nothing"})
    with pytest.raises(access.Denied):
        undo(principal_of(ben), made.id, via="test")
    assert Call.objects.get(pk=key).private == "nothing"


def test_nobody_hides_from_somebody_what_is_his(ana: User, ada: UUID) -> None:
    key, mara = call(ana, ada, OPEN), principal_of(make_user("Mara", "manager"))
    for values in ({"private": "nothing"}, {"private": "nothing", "owner": str(mara.user_id)}):
        with pytest.raises(Rejected, match="Only its owner"):
            update("call", key, by=mara, **values)
    with change(mara, via="test") as made:
        assert made.update_many("call", [key], {"private": "nothing"}) == 0
    update("call", key, by=mara, owner=str(mara.user_id))
    update("call", key, by=mara, private="nothing")
    assert seen(ana) == set()


def test_only_those_it_is_not_private_from_are_told_by_measures(ana: User, ada: UUID) -> None:
    before = week(ada)
    call(ana, ada, "nothing")
    assert week(ada) == before
    call(ana, ada, "metadata")
    assert week(ada) == before + 1


def test_a_private_task_is_a_next_step_without_its_words(ana: User, ben: User, ada: UUID) -> None:
    due = (timezone.now() + timedelta(days=1)).isoformat()
    about = [f"person:{ada}"]
    create("task", by=principal_of(ana), subject="Buy them", due=due, about=about,
           private="metadata")  # fmt: skip
    assert "Buy them" in signed_in(ana).get("/people/").content.decode()
    his = signed_in(ben).get("/people/").content.decode()
    assert "Buy them" not in his
    assert "Private task" in his


def test_why_it_is_the_last_touch_or_the_next_step_leads_nowhere_for_others(
    ana: User, ben: User, ada: UUID
) -> None:
    made = call(ana, ada, "metadata")
    words: dict[str, Any] = {"subject": "X", "about": [f"person:{ada}"], "private": "metadata"}
    task = create("task", by=principal_of(ana), **words)
    for name, plural, key in (("last_touch", "calls", made), ("next_step", "tasks", task)):
        for user, is_open in ((ana, True), (ben, False)):
            page = signed_in(user).get(f"/people/{ada}/why/{name}/").content.decode()
            assert "What went into it" in page
            assert (f"/{plural}/{key}/" in page) is is_open


def test_a_calendar_shows_others_that_something_is_there(ana: User, ben: User) -> None:
    start = timezone.now().replace(day=15, hour=12)
    for level in (OPEN, *LEVELS):
        words = {"subject": f"Merger {level}", "start": start.isoformat()}
        create("meeting", by=principal_of(ana), private=level, **words)

    def calendar(user: User, query: str = "") -> str:
        answer = signed_in(user).get(f"/meetings/calendar/?{query}")
        assert answer.status_code == 200
        return answer.content.decode()

    his, hers = calendar(ben), calendar(ana)
    assert "Private to" not in hers
    assert all(f"Merger {level}" in hers for level in LEVELS)
    assert his.count('title="Private to Ana Ruiz"') == 2
    assert ("Merger subject" in his, "Merger metadata" in his) == (True, False)
    assert "Merger nothing" not in his
    assert "Private to" not in calendar(ben, "subject.contains=Merger"), "a filter would tell"
    assert "Private to" not in calendar(ben, "q=Merger")
    assert "Private to" not in calendar(ben, "_month=2001-01")
    other = narrow("Nia Narrow")
    assert "Private to" not in calendar(other), "whose records are out of reach anyhow"
    share_with(ana, "meeting", "Merger metadata", ben)
    assert calendar(ben).count('title="Private to Ana Ruiz"') == 1


def share_with(owner: User, name: str, subject: str, other: User) -> None:
    named: dict[str, Any] = {"subject": subject}
    key = registry.get(name).model._default_manager.get(**named).pk
    with change(principal_of(owner), via="test") as made:
        share(made, name, key, Holder("user", other.pk, other.name), "view")


def test_what_it_holds_is_no_part_of_a_rule_that_others_see_by(
    ana: User, ben: User, ada: UUID
) -> None:
    call(ana, ada, "nothing")
    role = actions.create_role("Of calls", "en", Role.objects.get(key="read_only"))
    rule = {"related": "calls", "where": {"field": "subject", "op": "filled"}}
    actions.change_grants(role, {"person": {"view": "rule"}}, rules={"person": {"view": rule}})
    actions.change_role(ben, role.key)
    assert set(access.rows(principal_of(User.objects.get(pk=ben.pk)), "person")) == set()


def test_who_looks_as_a_colleague_sees_nothing_private(ana: User, ada: UUID) -> None:
    call(ana, ada, "subject")
    olga = make_user("Olga Owner", "owner")
    assert seen(replace(principal_of(ana), viewed_by=olga.pk)) == set()


def test_an_owner_takes_over_what_somebody_leaves_behind(ana: User, ada: UUID) -> None:
    key, olga = call(ana, ada, "nothing"), make_user("Olga Owner", "owner")
    browser = signed_in(olga)
    page = f"/setup/users/{ana.pk}/"
    browser.post(f"{page}private/")
    assert seen(olga) == set()
    actions.deactivate(ana)
    assert "1 private record belongs" in browser.get(page).content.decode()
    assert signed_in(make_user("Mara", "manager")).post(f"{page}private/").status_code == 403
    browser.post(f"{page}private/")
    assert seen(olga) == {key}
    event = SecurityEvent.objects.get(kind="private_taken")
    assert (event.actor, event.user, event.detail) == (olga, ana, {"count": 1})


def test_it_needs_an_owner(ana: User, ada: UUID) -> None:
    with pytest.raises(Rejected, match="needs an owner"):
        create("call", by=principal_of(ana), private="nothing", owner=None)


def test_a_mention_in_it_tells_nobody_who_does_not_reach_it(
    ana: User, ben: User, ada: UUID
) -> None:
    call(ana, ada, "subject", notes="Ask @Ben Ode")
    assert not Notification.objects.filter(user=ben).exists()
    call(ana, ada, OPEN, notes="Ask @Ben Ode")
    assert Notification.objects.filter(user=ben).exists()


def test_the_api_takes_it_and_keeps_it_from_others(ana: User, ben: User) -> None:
    sent = {"subject": "Merger", "direction": "out", "private": "metadata"}
    hers, his = signed_in(ana), signed_in(ben)
    made = hers.post("/api/v1/calls", sent, content_type="application/json").json()
    assert made["private"] == "metadata"
    assert hers.get(f"/api/v1/calls/{made['id']}").json()["private"] == "metadata"
    assert his.get(f"/api/v1/calls/{made['id']}").status_code == 404
    listed = his.get("/api/v1/calls").json()
    assert (listed["data"], listed["total"]["value"]) == ([], 0)


def week(person: UUID) -> int:
    found = ContactWeek.objects.filter(record_id=person).aggregate(n=Sum("inbound"))
    return found["n"] or 0
