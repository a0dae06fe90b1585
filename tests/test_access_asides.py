"""What the matrix has no request for: verbs, imports, jobs and notices of those who may little.

Each goes by a door of access that is named in `access/elsewhere.txt`; with that door off it fails.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from rapport.accounts.actions.roles import change_field_levels
from rapport.accounts.models import Role, User
from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.tests.sharing import NARROW, asking, give, narrow
from rapport.records import registry
from rapport.records.access import Denied
from rapport.records.bulk import Choice, Deed, do_later
from rapport.records.changes.past import record_at
from rapport.records.conditions import Rule
from rapport.records.conditions.matching import matches
from rapport.records.imports.drafting import draft, keep_upload
from rapport.records.imports.running import run_import
from rapport.records.jobs import enqueue, run_job
from rapport.records.layouts.saving import stored_layout
from rapport.records.metadata.noticing import refresh
from rapport.records.models import Link, Notification
from rapport.records.notifications.reading import latest
from rapport.records.reading import context_for
from rapport.records.sharing import holder_of, tell_of_shares
from rapport.records.store import Missing, Rejected, change
from rapport.records.testing import HOUSE, create
from rapport.records.tests.api import Program
from rapport.sales.actions import convert_lead, move_deal
from tests.access.things import upload

pytestmark = pytest.mark.django_db
NOTHING = dict.fromkeys((*NARROW, "create", "import"), "none")


@pytest.fixture
def nia() -> User:
    """Somebody who reaches records of her own only."""
    return narrow("Nia Narrow")


@pytest.fixture
def noa() -> User:
    """Somebody whose role gives nothing at all."""
    return narrow("Noa Nobody", **NOTHING)


@pytest.fixture
def theirs() -> UUID:
    """A company of somebody else."""
    return create("company", name="Nordwind", external_id="n-1")


def hide(user: User, name: str, **levels: str) -> None:
    change_field_levels(Role.objects.get(pk=user.role_id), name, levels)
    refresh()


def test_verbs_of_the_store_are_denied_to_who_may_nothing(noa: User, theirs: UUID) -> None:
    with change(asking(noa), via="test") as made:
        verbs: list[Callable[[], Any]] = [
            lambda: made.create("company", {}),
            lambda: made.create_many("company", [{}]),
            lambda: made.update_many("company", [theirs], {}),
            lambda: made.link_many("company", [theirs], "tags", []),
            lambda: made.unlink_many("company", [theirs], "tags", []),
            lambda: made.restore("company", [theirs]),
        ]
        for verb in verbs:
            with pytest.raises(Denied):
                verb()


def test_many_are_not_made_with_a_hidden_field(nia: User) -> None:
    hide(nia, "person", city="hidden")
    with change(asking(nia), via="test") as made, pytest.raises(Rejected):
        made.create_many("person", [{"first_name": "Ada", "city": "Oslo"}])


def test_links_of_records_out_of_reach_stay(nia: User, theirs: UUID) -> None:
    tag = create("tag", name="Key account")
    with change(HOUSE, via="test") as made:
        made.link_many("company", [theirs], "tags", [("tag", tag)])
    with change(asking(nia), via="test") as made:
        assert made.unlink_many("company", [theirs], "tags", [("tag", tag)]) == 0
    assert Link.objects.filter(from_id=theirs, to_id=tag).exists()


def test_work_for_later_is_denied_before_it_is_a_job(noa: User, theirs: UUID) -> None:
    context = context_for(asking(noa))
    deed = Deed(registry.get("company"), "trash")
    with pytest.raises(Denied):
        do_later(context, deed, Choice([theirs]), 1)


def test_a_condition_is_met_by_records_in_reach_only(nia: User, theirs: UUID) -> None:
    mine = create("company", name="Own", owner=str(nia.pk))
    named = Rule("name", "filled", None)
    found = matches(named, registry.get("company"), [mine, theirs], context_for(asking(nia)))
    assert found == {mine}


def test_the_past_of_a_record_is_shown_to_who_sees_it_now(nia: User, theirs: UUID) -> None:
    mine = create("company", name="Own", city="Oslo", owner=str(nia.pk))
    company, now = registry.get("company"), timezone.now()
    with pytest.raises(Missing):
        record_at(asking(nia), company, theirs, now)
    hide(nia, "company", city="hidden")
    past = record_at(asking(nia), registry.get("company"), mine, now)
    assert past is not None
    assert "city" not in past.values


def test_layouts_are_shown_to_who_may_see_them(noa: User) -> None:
    with pytest.raises(Denied):
        stored_layout(asking(noa), registry.get("company"), None)


def test_who_sees_none_hears_of_no_shares_and_of_no_record_that_he_lost(
    noa: User, nia: User, theirs: UUID
) -> None:
    holder = holder_of("user", noa.pk)
    assert holder is not None
    tell_of_shares(HOUSE, "company", holder, 2)
    assert not Notification.objects.filter(user=noa).exists()
    told = {"kind": "shared", "text": "Nordwind", "about_object": "company", "about_id": theirs}
    Notification.objects.create(user=nia, **told)
    (one,) = latest(asking(nia), 5)
    assert "Nordwind" not in one.text


def test_programs_of_who_may_nothing_are_refused_at_every_door(noa: User, theirs: UUID) -> None:
    program = Program(noa, may_write=True)
    companies = "/companies"
    refused = [
        program.get("/search", {"q": "Nordwind", "object": "company"}),
        program.send("PUT", f"{companies}/by/external_id/n-1", {"name": "X"}),
        program.send("PUT", f"{companies}/by/external_id/n-2", {"name": "X"}),
        program.post(f"{companies}/batch", {"create": [{"name": "X"}]}),
        program.post(f"{companies}/bulk", {"do": "trash", "ids": [str(theirs)]}),
        program.post("/imports?object=companies", None),
    ]
    assert {answer.status_code for answer in refused} <= {403, 404, 422}
    assert "Nordwind" not in "".join(answer.content.decode() for answer in refused)


def test_who_may_change_many_but_delete_or_edit_none_is_refused(theirs: UUID) -> None:
    someone = narrow("Bo Bulk", bulk="all", edit="none", delete="none", view="all")
    ids: dict[str, Any] = {"ids": [str(theirs)]}
    program = Program(someone, may_write=True)
    for asked in ({"do": "trash"}, {"do": "edit", "field": "city", "value": "Oslo"}):
        answer = program.post("/companies/bulk", asked | ids)
        assert answer.status_code == 403
        assert "Your role does not allow this" in answer.json()["detail"]


def test_an_export_is_neither_made_nor_fetched_once_the_right_is_gone(theirs: UUID) -> None:
    someone = narrow("Eva Export", view="all", export="all")
    job = enqueue(asking(someone), "export", "Companies", object="company", query="")
    Role.objects.get(pk=someone.role_id).grants.update(export_scope="none")
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "Your role does not allow this" in job.error


def test_a_file_neither_finds_nor_changes_records_out_of_reach(nia: User, theirs: UUID) -> None:
    Role.objects.get(pk=nia.role_id).grants.update(import_scope="own", create_scope="own")
    principal = asking(nia)
    place = keep_upload(upload("f.csv", b"Name,External ID,City\r\nNordwind,n-1,Bergen\r\n"))
    run = draft(principal, "company", "f.csv", place)
    run_import(run, principal, context_for(principal))
    row = registry.get("company").model._default_manager.get(pk=theirs)
    assert row.__dict__["city"] != "Bergen"
    run.refresh_from_db()
    assert run.updated == 0


def test_a_file_is_not_taken_in_for_who_may_not_import(noa: User) -> None:
    place = keep_upload(upload("f.csv", b"Name\r\nSol\r\n"))
    run = draft(HOUSE, "company", "f.csv", place)
    with pytest.raises(Denied):
        run_import(run, asking(noa), context_for(asking(noa)))


def test_a_lead_becomes_business_within_reach_only(nia: User, noa: User, theirs: UUID) -> None:
    person = str(create("person", first_name="Ada", last_name="Berg", owner=str(nia.pk)))
    lead = create("lead", person=person, owner=str(nia.pk))
    with pytest.raises(Denied):
        convert_lead(asking(noa), [lead], {})
    convert_lead(asking(nia), [lead], {"company_name": "Nordwind", "with_deal": False})
    companies = registry.get("company").model._default_manager
    assert companies.count() == 2, "the one that is there is not hers to find"


def test_a_deal_moves_to_a_stage_in_sight(nia: User, theirs: UUID) -> None:
    deal = create("deal", name="Solar roof", owner=str(nia.pk))
    stages: Any = registry.get("stage").model._default_manager
    Role.objects.get(pk=nia.role_id).grants.create(object_name="stage")
    with pytest.raises(Rejected, match="Choose the stage"):
        move_deal(asking(nia), [deal], {"stage": stages.last().pk})


def test_pickers_offer_what_one_sees_and_may_make(nia: User, theirs: UUID) -> None:
    browser = signed_in(nia)
    found = browser.get("/lookup/company/?q=Nord").content.decode()
    assert "Nordwind" not in found
    assert "data-make" in found
    Role.objects.get(pk=nia.role_id).grants.update(create_scope="none")
    assert "data-make" not in browser.get("/lookup/company/?q=Nord").content.decode()


def test_one_shared_with_somebody_is_in_his_reach_by_the_share_alone(
    nia: User, theirs: UUID
) -> None:
    give(theirs, "user", nia.pk, "view")
    other = make_user("Ola Other", nia.role.key)
    assert Program(nia, may_write=False).get(f"/companies/{theirs}").status_code == 200
    assert Program(other, may_write=False).get(f"/companies/{theirs}").status_code == 404
