"""Saved views: who sees and changes them, and what they may hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from rapport.accounts.actions import create_role, create_team
from rapport.accounts.models import Role, User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user
from rapport.records import access
from rapport.records.changes.undo import undo
from rapport.records.models import SavedView, ViewUse
from rapport.records.store import Missing, Rejected, change
from rapport.records.store.purging import purge
from rapport.records.testing import Statements, make_sample
from rapport.records.tests.api import program
from rapport.records.views.choosing import choose
from rapport.records.views.reading import all_views, first_view, views_of

pytestmark = pytest.mark.django_db
TREE = {"any": [{"field": "seats", "op": "gt", "value": 4}, {"field": "shape", "value": "round"}]}


def save(by: User, name: str = "Large rooms", **values: Any) -> SavedView:
    with change(principal_of(by), via="test", title="Save") as made:
        key = made.create("saved_view", {"name": {"en": name}, "object": "room", **values})
    return SavedView.objects.get(pk=key)


def seen_by(user: User) -> set[str]:
    return {view.label("en") for view in all_views(principal_of(user))}


def number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM records_viewsversion")
        return int(cursor.fetchone()[0])


def test_a_view_is_seen_by_those_it_is_shown_to() -> None:
    owner, member, mate, other = (
        make_user(name, role)
        for name, role in (("Ida B", "owner"), ("Mo M", "member"), ("Mia M", "member"),
                           ("Otto O", "member"))
    )  # fmt: skip
    create_team("Red", [member.pk, mate.pk])
    save(member, "Mine")
    save(member, "Ours", audience="team")
    save(owner, "Everybody's", audience="everyone")
    save(owner, "Secret")
    assert seen_by(member) == {"Mine", "Ours", "Everybody's"}
    assert seen_by(mate) == {"Ours", "Everybody's"}
    assert seen_by(other) == {"Everybody's"}
    # Who may change every view keeps those that are shared, and no private one.
    assert seen_by(owner) == {"Ours", "Everybody's", "Secret"}


def test_a_private_view_is_nowhere_for_others() -> None:
    mine = save(make_user("Mo M", "member"), "Very private")
    boss = program()
    path = f"/views/{mine.pk}"
    assert boss.get(path).status_code == 404
    assert boss.patch(path, {"description": "x"}).status_code == 404
    assert boss.delete(path).status_code == 404
    assert boss.get(f"{path}/history").status_code == 404
    assert boss.get("/views").json()["data"] == []
    page = boss.client.get("/history/", headers={"Authorization": ""})
    assert b"Very private" not in page.content


def test_a_view_of_records_one_may_not_see_is_not_seen() -> None:
    save(make_user(), "Rooms", audience="everyone")
    role = create_role("Blind", "en", Role.objects.get(key="member"))
    role.grants.create(object_name="room")
    blind = make_user("Bo Blind", role.key)
    assert seen_by(blind) == set()
    with pytest.raises(Rejected):
        save(blind)


@pytest.mark.parametrize("audience", ["team", "everyone"])
def test_sharing_is_a_right(audience: str) -> None:
    reach = {"team": "member", "everyone": "manager"}[audience]
    save(make_user("May Share", reach), audience=audience)
    own = create_role("Own only", "en", Role.objects.get(key="member"))
    own.grants.create(
        object_name="saved_view", **{f"{one}_scope": "own" for one in ("view", "create", "edit")}
    )
    who = make_user("May Not", own.key if audience == "team" else "member")
    with pytest.raises(Rejected) as refused:
        save(who, audience=audience)
    assert set(refused.value.fields) == {"audience"}
    with pytest.raises(Rejected):
        save(who, default_roles=["member"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("condition", {"field": "nothing", "op": "is", "value": 1}),
        ("condition", {"field": "seats", "op": "contains", "value": 1}),
        ("condition", {"field": "seats", "op": "gt", "value": "many"}),
        ("condition", {"whatever": 1}),
        ("sort_by", "-nothing"),
        ("sort_by", "plan"),
        ("column_names", ["name", "nothing"]),
        ("column_names", "name"),
        ("column_widths", {"name": "wide"}),
        ("total_names", ["shape"]),
        ("group_by", "plan"),
        ("group_by", "shape:month"),
        ("placed_by", "notes"),
        ("colour_rules", [{"when": {"field": "nothing"}, "tone": "bad"}]),
        ("colour_rules", [{"when": {"field": "seats", "op": "empty"}, "tone": "#ff0000"}]),
        ("default_roles", ["nobody"]),
        ("object", "nothing"),
        ("layout", "spiral"),
    ],
)
def test_what_its_object_does_not_have_is_refused_with_a_sentence(field: str, value: Any) -> None:
    sent = {"name": "Odd", "object": "room", field: value}
    answer = program().post("/views", sent)
    assert answer.status_code == 422, answer.content
    assert field in str(answer.json()["errors"])
    assert not SavedView.objects.exists()


def test_a_program_saves_reads_and_changes_a_view() -> None:
    boss = program()
    sent = {
        "name": {"en": "Large", "es": "Grandes"}, "object": "room", "condition": TREE,
        "column_names": ["seats", "shape"], "column_widths": {"seats": 9_999}, "sort_by": "-seats",
        "group_by": "built", "total_names": ["seats"], "audience": "everyone",
        "colour_rules": [{"when": {"field": "seats", "op": "gt", "value": 8}, "tone": "warn"}],
    }  # fmt: skip
    made = boss.post("/views", sent)
    assert made.status_code == 201, made.content
    found = boss.get(f"/views/{made.json()['id']}", {"columns": "all"}).json()
    assert found["condition"] == TREE
    assert found["column_widths"] == {"seats": 960}
    assert found["name"] == sent["name"]
    changed = boss.patch(f"/views/{found['id']}", {"object": "rental"})
    assert changed.status_code == 422
    assert boss.patch(f"/views/{found['id']}", {"sort_by": ""}).status_code == 200


def test_a_member_changes_his_own_views_and_a_manager_the_shared_ones() -> None:
    boss, member, mate = program(), program("member"), program("manager")
    shared = save(boss.user, "Shared", audience="everyone")
    own = save(member.user, "Own")
    assert member.patch(f"/views/{shared.pk}", {"sort_by": "-seats"}).status_code == 404
    assert mate.patch(f"/views/{shared.pk}", {"sort_by": "-seats"}).status_code == 200
    assert member.patch(f"/views/{own.pk}", {"sort_by": "-seats"}).status_code == 200
    assert member.patch(f"/views/{own.pk}", {"audience": "everyone"}).status_code == 422


def test_a_change_of_a_view_is_logged_and_taken_back() -> None:
    boss = program()
    view = save(boss.user, "Large", sort_by="seats")
    with change(principal_of(boss.user), via="test", title="Order") as made:
        made.update("saved_view", view.pk, {"sort_by": "-seats", "condition": TREE})
    history = boss.get(f"/views/{view.pk}/history").json()
    assert "sort_by" in str(history)
    undo(principal_of(boss.user), made.id, via="test")
    view.refresh_from_db()
    assert (view.sort_by, view.condition) == ("seats", {})


def test_what_is_kept_of_views_is_read_anew_after_any_change() -> None:
    user = make_user()
    me = principal_of(user)
    before = number()
    view = save(user)
    assert number() > before
    assert [one.label("en") for one in views_of(me, "room", number())] == ["Large rooms"]
    with Statements() as sent:
        views_of(me, "room", number())
    assert [one for one in sent.statements if "savedview" in one] == []
    choose(me, view.pk, "favourite", is_on=True)
    assert [one.is_favourite for one in views_of(me, "room", number())] == [True]
    with change(me, via="test") as made:
        made.trash("saved_view", [view.pk])
    assert views_of(me, "room", number()) == []
    with change(me, via="test") as made:
        made.restore("saved_view", [view.pk])
    assert len(views_of(me, "room", number())) == 1


def test_a_list_opens_with_ones_own_view_else_with_that_of_the_role() -> None:
    boss, member = make_user(), make_user("Mo M", "member")
    for_role = save(boss, "For members", audience="everyone", default_roles=["member"])
    own = save(member, "Own")
    me = principal_of(member)
    assert getattr(first_view(all_views(me), me), "id", None) == for_role.pk
    assert first_view(all_views(principal_of(boss)), principal_of(boss)) is None
    choose(me, own.pk, "default", is_on=True)
    assert getattr(first_view(all_views(me), me), "id", None) == own.pk
    choose(me, for_role.pk, "default", is_on=True)
    choose(me, for_role.pk, "default", is_on=False)
    assert getattr(first_view(all_views(me), me), "id", None) == for_role.pk


def test_nobody_chooses_a_view_he_does_not_see() -> None:
    private = save(make_user())
    with pytest.raises(Missing):
        choose(principal_of(make_user("Mo M", "member")), private.pk, "tab", is_on=True)


def test_views_are_never_imported() -> None:
    assert not access.may(principal_of(make_user()), "import", "saved_view")


def test_a_program_reads_the_records_of_a_view(monkeypatch: pytest.MonkeyPatch) -> None:
    boss = program()
    for name, seats in (("Ash", 4), ("Beech", 9), ("Cedar", 2)):
        make_sample("room", values={"name": name, "seats": seats, "shape": "square"})
    condition = {"field": "seats", "op": "gt", "value": 3}
    view = save(boss.user, condition=condition, sort_by="-seats", column_names=["name", "seats"])
    rows = boss.get("/rooms", {"view": str(view.pk)}).json()["data"]
    assert [(row["name"], row["seats"]) for row in rows] == [("Beech", 9), ("Ash", 4)]
    assert "shape" not in rows[0]
    rows = boss.get("/rooms", {"view": str(view.pk), "sort": "seats", "limit": "1"}).json()["data"]
    assert [row["name"] for row in rows] == ["Ash"]
    assert program("member").get("/rooms", {"view": str(view.pk)}).status_code == 404
    whole = access.fields

    def less(principal: Any, name: str) -> access.Fields:
        found = whole(principal, name)
        return access.Fields(found.readable - {"seats"}, found.editable)

    monkeypatch.setattr(access, "fields", less)
    refused = boss.get("/rooms", {"view": str(view.pk)})
    assert refused.status_code == 422
    assert "A rule of this view is not yours to ask." in refused.json()["detail"]


def test_a_program_says_what_a_view_is_to_its_user() -> None:
    boss = program()
    view = save(boss.user)
    path = f"/views/{view.pk}/use"
    assert boss.get(path).json() == {"tab": True, "favourite": False, "default": False}
    changed = boss.patch(path, {"favourite": True, "tab": False})
    assert changed.json() == {"tab": False, "favourite": True, "default": False}
    assert boss.patch(path, {"favourite": "yes"}).status_code == 422
    assert boss.patch(path, {"owner": True}).status_code == 422
    assert program("member").get(path).status_code == 404


def test_a_view_that_is_gone_for_good_takes_along_what_it_was_to_people() -> None:
    user = make_user()
    view = save(user)
    choose(principal_of(user), view.pk, "favourite", is_on=True)
    with change(principal_of(user), via="test") as made:
        made.trash("saved_view", [view.pk])
    assert purge(timezone.now() + timedelta(days=1)) == {"saved_view": 1}
    assert not ViewUse.objects.exists()
