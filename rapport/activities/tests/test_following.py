"""Activities that follow the records they are about: seen and changed by who sees and changes
those."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from rapport.accounts import actions
from rapport.accounts.actions.widths import is_within
from rapport.accounts.models import Role, User
from rapport.accounts.principals import Principal, Scope, principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.records import access
from rapport.records.search.finding import find
from rapport.records.sharing import Holder, share
from rapport.records.store import change
from rapport.records.testing import HOUSE, create
from rapport.records.tests.api import Program
from rapport.records.timeline import entries

pytestmark = pytest.mark.django_db

OWN = dict.fromkeys(("view", "edit", "delete", "export", "bulk", "merge"), "own")


def holding(user: User, note: dict[str, str], **others: str) -> Principal:
    """The user in a role that reaches own records, and notes as far as is said."""
    role = actions.create_role(f"Role {Role.objects.count()}", "en", Role.objects.get(key="member"))
    actions.change_grants(role, {"*": OWN | others, "note": OWN | note})
    actions.change_role(user, role.key)
    return principal_of(User.objects.get(pk=user.pk))


def reached(principal: Principal, action: str = "view") -> set[UUID]:
    return set(access.rows(principal, "note", action).values_list("pk", flat=True))


def note_about(*about: tuple[str, UUID], owner: User | None = None) -> UUID:
    values: dict[str, Any] = {"body": "Talk", "about": [f"{name}:{key}" for name, key in about]}
    if owner is not None:
        values["owner"] = str(owner.pk)
    return create("note", **values)


@pytest.fixture
def mia() -> User:
    return make_user("Mia Member", "member")


def test_notes_follow_what_they_are_about_for_each_action_alone(mia: User) -> None:
    mine, other = create("company", name="Sol", owner=str(mia.pk)), create("company", name="Mar")
    followed, far = note_about(("company", mine)), note_about(("company", other))
    both = note_about(("company", other), ("company", mine))
    own = note_about(("company", other), owner=mia)
    held = holding(mia, {"view": "follow"})
    assert held.grant("note").view == Scope.FOLLOW
    assert reached(held) == {followed, both, own}
    assert reached(held, "edit") == {own}
    held = holding(mia, {"view": "follow", "edit": "follow"})
    assert reached(held, "edit") == {followed, both, own}
    assert reached(held, "delete") == {own}
    assert far not in reached(holding(mia, {"view": "follow"}, view="none"))


def test_what_is_shared_is_followed(mia: User) -> None:
    held = holding(mia, {"view": "follow"})
    company = create("company", name="Mar")
    note = note_about(("company", company))
    assert reached(held) == set()
    with change(HOUSE, via="test") as made:
        share(made, "company", company, Holder("user", mia.pk, mia.name), "view")
    assert reached(held) == {note}


def test_where_all_are_seen_all_notes_about_them_are(mia: User) -> None:
    company, deal = create("company", name="Mar"), create("person", name="Ada Berg")
    notes = {note_about(("company", company)), note_about(("person", deal))}
    assert reached(holding(mia, {"view": "follow"}, view="all")) == notes
    assert reached(holding(mia, {"view": "own"}, view="all")) == set()


def test_following_adds_to_what_another_role_reaches(mia: User) -> None:
    mine = create("company", name="Sol", owner=str(mia.pk))
    note, held = note_about(("company", mine)), holding(mia, {"view": "own"})
    assert reached(held) == set()
    second = actions.create_role("Follow", "en", Role.objects.get(key="read_only"))
    actions.change_grants(second, {"*": {"view": "none"}, "note": {"view": "follow"}})
    actions.set_further_roles(User.objects.get(pk=mia.pk), [second.key])
    held = principal_of(User.objects.get(pk=mia.pk))
    assert (held.grant("note").view, reached(held)) == (Scope.OWN, {note})


def test_each_surface_follows(mia: User) -> None:
    mine, other = create("company", name="Sol", owner=str(mia.pk)), create("company", name="Mar")
    near = create("note", body="Zebra", about=[f"company:{mine}"])
    far = create("note", body="Zebra", about=[f"company:{other}"])
    held = holding(mia, {"view": "follow", "edit": "follow"})
    browser, program = signed_in(mia), Program(mia, may_write=True)
    assert [one["id"] for one in program.get("/notes").json()["data"]] == [str(near)]
    answers = [program.patch(f"/notes/{one}", {"body": "Lion"}).status_code for one in (near, far)]
    assert answers == [200, 404]
    page = browser.get(f"/notes/{near}/")
    assert f"/notes/{near}/edit/" in page.content.decode()
    assert browser.get(f"/notes/{far}/").status_code == 404
    assert [hit.id for hit in find(held, "Lion")] == [near]
    assert entries(held).filter(record_id=mine, source_id=near).exists()
    assert not entries(held).filter(source_id=far).exists()


def test_only_what_is_about_others_can_follow() -> None:
    role = Role.objects.get(key="member")
    for name, action in (("*", "view"), ("note", "create"), ("note", "merge")):
        with pytest.raises(ValueError, match="follow"):
            actions.change_grants(role, {name: {action: "follow"}})
    owner = signed_in(make_user("Ana Admin", "owner"))
    page = owner.get(f"/setup/roles/{role.key}/").content.decode()
    cells = {name: page.partition(f'name="{name}.view"')[2][:900] for name in ("note", "company")}
    shown = {
        name: 'value="follow"' in cell.partition("</select>")[0] for name, cell in cells.items()
    }
    assert shown == {"note": True, "company": False}


def test_who_hands_out_roles_hands_out_no_following_he_lacks(mia: User) -> None:
    role = Role.objects.get(key=holding(mia, {"view": "follow"}).role)
    narrow = User.objects.get(pk=make_user("Nia Narrow", "member").pk)
    holding(narrow, {})
    assert not is_within(User.objects.get(pk=narrow.pk), [role])
    assert is_within(make_user("Ana Admin", "owner"), [role])


def test_indexes_serve_what_is_followed(mia: User) -> None:
    create("company", name="Sol", owner=str(mia.pk))
    held = holding(mia, {"view": "follow"})
    text, values = access.rows(held, "note").values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {text}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan on records_link" not in plan, plan
    assert "SubPlan" not in plan, plan
