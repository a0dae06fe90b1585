"""How far a role reaches: teams below one's own, and merging as a right of its own."""

from __future__ import annotations

import pytest
from django.db import connection

from rapport.accounts import actions
from rapport.accounts.models import Role, User
from rapport.accounts.principals import Principal, principal_of
from rapport.accounts.testing import make_user
from rapport.records import access
from rapport.records.duplicates.merging import merge
from rapport.records.store import Missing
from rapport.records.testing import HOUSE, create
from rapport.records.tests.api import Program

pytestmark = pytest.mark.django_db


def holding(user: User, **scopes: str) -> Principal:
    """The user in a role of these scopes on everything."""
    role = actions.create_role(f"Role {Role.objects.count()}", "en", Role.objects.get(key="member"))
    actions.change_grants(role, {"*": scopes})
    actions.change_role(user, role.key)
    return principal_of(User.objects.get(pk=user.pk))


def test_team_and_below_reaches_the_records_of_teams_within() -> None:
    lead, north, south = (make_user(name, "member") for name in ("Lea One", "Noa Two", "Sam Six"))
    sales = actions.create_team("Sales", [lead.pk])
    actions.create_team("North", [north.pk], parent=sales)
    mine, theirs, others = (
        create("company", name=user.name, owner=str(user.pk)) for user in (lead, north, south)
    )
    reached = {
        scope: set(access.rows(holding(lead, view=scope), "company").values_list("pk", flat=True))
        for scope in ("team", "below", "all")
    }
    assert reached == {
        "team": {mine},
        "below": {mine, theirs},
        "all": {mine, theirs, others},
    }
    narrow = holding(north, view="below")
    assert access.reachable(narrow, "company", [mine, theirs], "view") == {theirs}


def test_an_index_serves_the_list_of_a_lead_who_reaches_many() -> None:
    lead = make_user("Lea One", "member")
    asked = access.rows(holding(lead, view="below"), "company").order_by("-created_at", "-id")
    text, values = asked.values("pk")[:50].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {text}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index" in plan, plan


def test_who_may_edit_and_delete_but_not_merge_does_not_merge() -> None:
    user = make_user("Mia Member", "member")
    kept, gone = (create("company", name="Nordwind", owner=str(user.pk)) for _n in range(2))
    may = dict.fromkeys(("view", "edit", "delete", "bulk"), "all")
    with pytest.raises(access.Denied):
        merge(holding(user, **may, merge="none"), "company", kept, [gone], {}, via="test")
    program = Program(User.objects.get(pk=user.pk), may_write=True)
    sent = {"do": "merge", "ids": [str(kept), str(gone)]}
    assert program.post("/companies/bulk", sent).status_code == 403
    assert program.post(f"/companies/{kept}/merge", {"with": str(gone)}).status_code == 403
    assert access.reachable(HOUSE, "company", [kept, gone], "view") == {kept, gone}


def test_merging_reaches_as_far_as_it_is_granted() -> None:
    user = make_user("Mia Member", "member")
    mine, theirs = create("company", name="A", owner=str(user.pk)), create("company", name="A")
    may = dict.fromkeys(("view", "edit", "delete"), "all")
    with pytest.raises(Missing):
        merge(holding(user, **may, merge="own"), "company", mine, [theirs], {}, via="test")
