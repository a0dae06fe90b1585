"""Sharing one record: whom it reaches, how far, until when, and who may do it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from rapport.accounts import actions
from rapport.accounts.models import User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.tests.sharing import asking, give, narrow, narrow_role, reached
from rapport.records import access, registry
from rapport.records.changes.undo import undo
from rapport.records.duplicates.merging import merge
from rapport.records.live.changed import Touched, changed_within
from rapport.records.live.listener import events_of
from rapport.records.models import Notification, Share
from rapport.records.reaching import LEVELS
from rapport.records.search.finding import find
from rapport.records.sharing import Holder, granting, share, withdraw
from rapport.records.sharing.tidying import tidy_shares
from rapport.records.sharing.verbs import today
from rapport.records.store import Missing, Rejected, change
from rapport.records.testing import HOUSE, create
from rapport.records.tests.api import Program
from rapport.records.timeline import entries

pytestmark = pytest.mark.django_db


def test_a_share_lets_a_person_do_what_its_level_says_and_no_more(
    mia: User, nordwind: UUID
) -> None:
    assert reached(mia) == set()
    give(nordwind, "user", mia.pk, "view")
    found = {action: reached(mia, action) for action in (*LEVELS, "delete", "merge")}
    none: set[UUID] = set()
    assert found == {
        "view": {nordwind}, "export": {nordwind}, "edit": none, "bulk": none,
        "delete": none, "merge": none,
    }  # fmt: skip
    give(nordwind, "user", mia.pk, "edit")
    assert Share.objects.count() == 1
    found = {action: reached(mia, action) for action in (*LEVELS, "delete", "merge")}
    may = {action: {nordwind} for action in LEVELS}
    assert found == may | {"delete": none, "merge": none}


def test_a_share_with_a_team_reaches_those_within_it_and_one_with_a_role_its_holders() -> None:
    role = narrow_role()
    lead, rep, else_ = make_user("Lea One", role.key), narrow("Rex Two"), narrow("Eli Six")
    sales = actions.create_team("Sales", [lead.pk])
    north = actions.create_team("North", [rep.pk], parent=sales)
    ours, norths, roles = (create("company", name=name) for name in ("A", "B", "C"))
    give(ours, "team", sales.pk)
    give(norths, "team", north.pk)
    give(roles, "role", role.pk)
    assert (reached(lead), reached(rep), reached(else_)) == ({ours, roles}, {ours, norths}, set())
    actions.set_further_roles(User.objects.get(pk=else_.pk), [role.key])
    assert reached(else_) == {roles}


def test_a_share_ends_after_its_last_day(mia: User, nordwind: UUID) -> None:
    given = give(nordwind, "user", mia.pk, until=today())
    assert reached(mia) == {nordwind}
    with change(HOUSE, via="test"):
        Share.objects.filter(pk=given.pk).update(until=today() - timedelta(days=1))
    assert reached(mia) == set()
    with pytest.raises(Rejected):
        give(nordwind, "user", mia.pk, until=today() - timedelta(days=1))


def test_what_a_role_rules_out_no_share_gives(nordwind: UUID) -> None:
    blind, reader = narrow("Bea Blind", view="none"), narrow("Rob Reader", edit="none", bulk="none")
    for user in (blind, reader):
        give(nordwind, "user", user.pk, "edit")
    assert reached(blind) == set()
    assert (reached(reader), reached(reader, "edit"), reached(reader, "bulk")) == (
        {nordwind}, set(), set(),
    )  # fmt: skip
    token = Program(reader, scopes={"person": ["view"]})
    assert token.get(f"/companies/{nordwind}").status_code == 403


def test_a_shared_record_stands_on_each_surface_and_leaves_them_with_the_share(
    mia: User, nordwind: UUID
) -> None:
    person = create("person", name="Ada Berg", company=str(nordwind))
    note = create("note", body="Hello", about=[f"company:{nordwind}"])
    browser, program = signed_in(mia), Program(mia)
    given = give(nordwind, "user", mia.pk)
    give(person, "user", mia.pk, name="person")
    give(note, "user", mia.pk, name="note")
    assert "Nordwind" in browser.get("/companies/").content.decode()
    assert "Nordwind" in browser.get(f"/people/{person}/").content.decode()
    assert browser.get(f"/companies/{nordwind}/edit/").status_code == 403
    counted = program.get("/companies/aggregate", {"measure": "count"}).json()["data"]
    assert [one["count"] for one in counted] == [1]
    assert program.get(f"/companies/{nordwind}/history").status_code == 200
    assert [hit.id for hit in find(asking(mia), "Nordwind")] == [nordwind]
    assert entries(asking(mia)).filter(record_id=nordwind).exists()
    touched = {"company": Touched(ids={nordwind})}
    assert any(events_of(touched, asking(mia), {}))
    with change(HOUSE, via="test") as made:
        withdraw(made, given)
    assert "Nordwind" not in browser.get("/companies/").content.decode()
    assert "Nordwind" not in browser.get(f"/people/{person}/").content.decode()
    assert browser.get(f"/companies/{nordwind}/").status_code == 404
    assert find(asking(mia), "Nordwind") == []
    assert not any(events_of(touched, asking(mia), {}))


def test_an_edit_share_edits_and_neither_deletes_nor_shares(mia: User, nordwind: UUID) -> None:
    give(nordwind, "user", mia.pk, "edit")
    browser = signed_in(mia)
    page = browser.get(f"/companies/{nordwind}/").content.decode()
    assert f"/companies/{nordwind}/edit/" in page
    assert f"/companies/{nordwind}/trash/" not in page
    with change(asking(mia), via="test") as made:
        made.update("company", nordwind, {"city": "Madrid"})
        assert made.trash("company", [nordwind]) == 0
    friend = narrow("Fay Friend")
    with pytest.raises(Missing):
        give(nordwind, "user", friend.pk, by=asking(mia))
    with pytest.raises(Missing):
        give(nordwind, "user", mia.pk, "edit", by=asking(mia))


def test_the_owner_shares_and_withdraws_and_others_do_not_undo_that(nordwind: UUID) -> None:
    owner, mia = narrow("Olga Owner"), narrow("Mia Member")
    mine = create("company", name="Mine", owner=str(owner.pk))
    with change(asking(owner), via="test") as made:
        share(made, "company", mine, Holder("user", mia.pk, mia.name), "edit")
    with pytest.raises(access.Denied):
        undo(asking(mia), made.id, via="test")
    assert reached(mia, "edit") == {mine}
    undo(asking(owner), made.id, via="test")
    assert reached(mia) == set()


def test_undoing_a_withdrawal_shares_again(mia: User, nordwind: UUID) -> None:
    given = give(nordwind, "user", mia.pk)
    with change(HOUSE, via="test") as made:
        withdraw(made, given)
    undo(HOUSE, made.id, via="test")
    assert reached(mia) == {nordwind}


def test_a_merge_shows_nobody_the_record_that_stays(mia: User, nordwind: UUID) -> None:
    twin = create("company", name="Nordwind")
    give(twin, "user", mia.pk)
    merge(HOUSE, "company", nordwind, [twin], {}, via="test")
    assert reached(mia) == set()


def test_who_is_told(mia: User, nordwind: UUID) -> None:
    blind = narrow("Bea Blind", view="none")
    team = actions.create_team("Sales", [mia.pk, blind.pk])
    by = principal_of(make_user("Ana Admin", "owner"))
    give(nordwind, "team", team.pk, by=by)
    told = Notification.objects.filter(kind="shared")
    assert [(one.user_id, one.text) for one in told] == [
        (mia.pk, "Ana Admin shared Nordwind with you")
    ]


def test_history_tells_with_whom(mia: User, nordwind: UUID) -> None:
    give(nordwind, "user", mia.pk, "edit", until=today())
    page = signed_in(make_user("Ana Admin", "owner")).get(f"/companies/{nordwind}/history/")
    assert f"Mia Member, edits it, until {today()}" in page.content.decode()


def test_a_share_says_what_it_grants(mia: User, nordwind: UUID) -> None:
    given = give(nordwind, "user", mia.pk)
    company = registry.get("company")
    assert granting(asking(mia), company, nordwind) == [given]
    assert granting(asking(mia), company, nordwind, "edit") == []
    assert granting(HOUSE, company, nordwind) == []


def test_a_team_that_is_gone_and_shares_long_over_are_tidied_away(
    mia: User, nordwind: UUID
) -> None:
    team = actions.create_team("Sales", [mia.pk])
    give(nordwind, "team", team.pk)
    over = give(nordwind, "user", mia.pk)
    actions.delete_team(team)
    assert reached(mia) == {nordwind}
    with change(HOUSE, via="test"):
        Share.objects.filter(pk=over.pk).update(until=today() - timedelta(days=60))
    assert reached(mia) == set()
    tidy_shares(0)
    assert not Share.objects.exists()


def test_one_share_more_is_no_statement_more(mia: User, django_assert_max_num_queries: Any) -> None:
    browser = signed_in(mia)

    def statements(path: str) -> int:
        browser.get(path)
        with django_assert_max_num_queries(40) as counted:
            browser.get(path)
        return len(counted)

    own = create("company", name="Own", owner=str(mia.pk))
    few = statements("/companies/"), statements(f"/companies/{own}/")
    shared = [create("company", name=f"Sol {number}") for number in range(8)]
    for one in shared:
        give(one, "user", mia.pk, "edit")
    assert (statements("/companies/"), statements(f"/companies/{shared[0]}/")) == few


PEOPLE = """
INSERT INTO contacts_person (id, first_name, last_name, owner_id)
SELECT uuidv7(), 'P' || mod(n, 100), 'Q' || md5(n::text),
       CASE WHEN mod(n, 500) = 0 THEN %(mine)s::uuid ELSE %(other)s::uuid END
FROM generate_series(1, 50000) AS n"""
SHARES = """
INSERT INTO records_share (id, object, record_id, holder_kind, holder_id, holder_name, level)
SELECT uuidv7(), 'person', id, 'user', %(mine)s, 'Mia', 'view' FROM contacts_person
WHERE owner_id = %(other)s LIMIT 1000"""


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_indexes_serve_the_list_of_who_has_little_and_was_shared_much(
    owner_database_url: str,
) -> None:
    mia, other = narrow("Mia Member"), narrow("Olga Owner")
    with change(HOUSE, via="test"), connection.cursor() as cursor:
        for statement in (PEOPLE, SHARES):
            cursor.execute(statement, {"mine": mia.pk, "other": other.pk})
    with psycopg.connect(owner_database_url, autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE contacts_person, records_share")
    text, values = access.rows(asking(mia), "person").values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {text}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "BitmapOr" in plan, plan
    assert "contacts_person_pkey" in plan, plan
    assert "Seq Scan on contacts_person" not in plan, plan


def test_who_it_was_shared_with_hears_that_it_is_not_any_more(mia: User, nordwind: UUID) -> None:
    given, other = give(nordwind, "user", mia.pk), narrow("Fay Friend")
    with change(HOUSE, via="test") as made:
        withdraw(made, given)
    changed = changed_within(60)
    assert changed is not None
    heard = {user.pk: "".join(events_of(changed, asking(user), {})) for user in (mia, other)}
    assert (str(nordwind) in heard[mia.pk], str(nordwind) in heard[other.pk]) == (True, False)
