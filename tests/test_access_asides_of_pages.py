"""What the matrix has no request for: pages and programs of who may one thing and not another.

Each goes by a door of access that is named in `access/elsewhere.txt`; with that door off it fails.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from django.utils import timezone

from rapport.accounts.actions.roles import change_field_levels
from rapport.accounts.models import Role, User
from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.queries import companies_with_domain
from rapport.contacts.tests.sharing import asking, narrow
from rapport.records import registry
from rapport.records.imports.drafting import draft, keep_upload
from rapport.records.imports.running import run_import
from rapport.records.jobs import enqueue, run_job
from rapport.records.metadata.noticing import refresh
from rapport.records.reading import context_for
from rapport.records.sharing import Wish, holder_of, share_many
from rapport.records.store import change
from rapport.records.testing import create
from rapport.records.tests.api import Program
from rapport.sales.actions import convert_lead
from tests.access.things import upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def nia() -> User:
    """Somebody who reaches records of her own only."""
    return narrow("Nia Narrow")


@pytest.fixture
def theirs() -> UUID:
    """A company of somebody else."""
    return create("company", name="Nordwind", external_id="n-1", website="nordwind.example")


def hide(user: User, name: str, **levels: str) -> None:
    change_field_levels(Role.objects.get(pk=user.role_id), name, levels)
    refresh()


def page(user: User, address: str) -> str:
    answer = signed_in(user).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_who_edits_and_makes_none_puts_none() -> None:
    program = Program(narrow("Ed Edit", view="all", edit="all", create="none"), may_write=True)
    answer = program.send("PUT", "/companies/by/external_id/n-9", {"name": "Sol"})
    assert answer.status_code == 403
    assert "Your role does not allow this" in answer.json()["detail"]


def test_who_makes_and_edits_none_changes_none_by_a_key(theirs: UUID) -> None:
    program = Program(narrow("Mo Make", view="all", edit="none", create="all"), may_write=True)
    item = {"do": "upsert", "key": "n-1", "values": {"name": "Sol"}}
    answer = program.post("/companies/batch", {"items": [item]})
    assert "Your role does not allow this" in answer.content.decode()


def test_several_are_changed_together_by_who_may_change_many(theirs: UUID) -> None:
    other = create("company", name="Sol")
    items = [
        {"do": "update", "id": str(key), "values": {"city": "Oslo"}} for key in (theirs, other)
    ]
    none = Program(narrow("Bo", view="all", edit="all", bulk="none"), may_write=True)
    assert none.post("/companies/batch", {"items": items}).status_code == 403
    own = Program(narrow("Bea", view="own", edit="all", bulk="own"), may_write=True)
    answer = own.post("/companies/batch", {"items": items}).json()
    assert {one["status"] for one in answer["results"]} == {404}


def test_files_of_programs_are_taken_for_objects_one_may_import() -> None:
    someone = narrow("Ivy Import", view="all", create="all", **{"import": "none"})
    role = Role.objects.get(pk=someone.role_id)
    role.grants.create(object_name="person", view_scope="all", import_scope="all")
    program = Program(someone, may_write=True)
    sent: dict[str, Any] = {"raw": b"Name\r\nSol\r\n", "content_type": "text/csv"}
    query = {"object": "companies", "filename": "f.csv"}
    answer = program.send("POST", "/imports", query=query, **sent)
    assert answer.status_code == 403
    assert "Your role does not allow this" in answer.json()["detail"]
    role.grants.create(object_name="company", view_scope="none", import_scope="all")
    assert program.send("POST", "/imports", query=query, **sent).status_code == 422


def test_the_past_names_nothing_that_is_out_of_sight(nia: User, theirs: UUID) -> None:
    ada = create("person", first_name="Ada", company=str(theirs), owner=str(nia.pk))
    now = quote(timezone.now().isoformat())
    assert "Nordwind" not in page(nia, f"/people/{ada}/?at={now}")


def test_cards_of_a_page_leave_out_hidden_fields_and_unseen_records(
    nia: User, theirs: UUID
) -> None:
    mine = str(create("company", name="Sol", city="Uppsala", owner=str(nia.pk)))
    other = str(create("person", first_name="Zoe", last_name="Quist"))
    ada = create("person", first_name="Ada", company=mine, owner=str(nia.pk))
    deal = create("deal", name="Roof", people=[{"person": other, "role": ""}], owner=str(nia.pk))
    hide(nia, "company", city="hidden")
    assert "Uppsala" not in page(nia, f"/people/{ada}/")
    assert "Quist" not in page(nia, f"/deals/{deal}/")


def test_a_company_shows_the_deals_one_sees(nia: User) -> None:
    mine = str(create("company", name="Own", owner=str(nia.pk)))
    create("deal", name="Solar roof", company=mine)
    assert "Solar roof" not in page(nia, f"/companies/{mine}/")
    create("deal", name="Heat pump", company=mine, amount="8,200.00 EUR", owner=str(nia.pk))
    hide(nia, "deal", amount="hidden")
    shown = page(nia, f"/companies/{mine}/")
    assert "Heat pump" in shown
    assert "8,2" not in shown
    Role.objects.get(pk=nia.role_id).grants.create(object_name="deal", view_scope="none")
    assert "Heat pump" not in page(nia, f"/companies/{mine}/")


def test_a_deal_of_a_lead_is_not_called_after_an_unseen_company(nia: User, theirs: UUID) -> None:
    ada = str(create("person", first_name="Ada", last_name="Berg", owner=str(nia.pk)))
    lead = create("lead", person=ada, owner=str(nia.pk))
    model: Any = registry.get("lead").model
    convert_lead(asking(nia), [lead], {"deal_name": ""})
    deals: Any = registry.get("deal").model._default_manager
    deal = deals.get(lead=lead)
    assert deal.name == "Ada Berg"
    assert model._default_manager.get(pk=lead).company_id is None


def test_companies_are_found_by_a_domain_where_they_are_seen(nia: User, theirs: UUID) -> None:
    assert not companies_with_domain(asking(nia), "nordwind.example").exists()


def test_names_typed_into_forms_find_what_one_sees(nia: User, theirs: UUID) -> None:
    typed = {"first_name": "Ada", "company": "Nordwind", "company.id": ""}
    signed_in(nia).post("/people/new/", typed)
    people: Any = registry.get("person").model._default_manager
    assert not people.filter(company=theirs).exists()


def test_rows_of_a_record_name_only_what_one_sees(nia: User) -> None:
    other = str(create("person", first_name="Zoe"))
    deal = create("deal", name="Roof", owner=str(nia.pk))
    wanted = {"people": [{"person": other, "role": ""}]}
    assert Program(nia, may_write=True).patch(f"/deals/{deal}", wanted).status_code == 422


def test_a_file_points_at_nothing_that_is_out_of_sight(nia: User, theirs: UUID) -> None:
    Role.objects.get(pk=nia.role_id).grants.update(import_scope="own", create_scope="own")
    principal = asking(nia)
    lines = f"First name,Company,External ID\r\nAda,Nordwind,p-1\r\nBo,{theirs},p-2\r\n"
    run = draft(principal, "person", "f.csv", keep_upload(upload("f.csv", lines.encode())))
    run_import(run, principal, context_for(principal))
    people: Any = registry.get("person").model._default_manager
    assert not people.filter(company=theirs).exists()


def test_measures_over_unseen_deals_find_nothing(nia: User, theirs: UUID) -> None:
    mine = str(create("company", name="Own", owner=str(nia.pk)))
    create("deal", name="Theirs", company=mine)
    program = Program(nia, may_write=False)
    assert program.get("/companies", {"where": "open_deals:filled"}).json()["data"] == []


def test_who_may_not_delete_or_make_is_not_offered_to(theirs: UUID) -> None:
    someone = narrow("Vic View", view="all", create="none", delete="none")
    assert "Restore" not in page(someone, f"/companies/{theirs}/")


def test_views_are_kept_of_records_one_sees() -> None:
    someone = narrow("Sav View", view="none")
    role = Role.objects.get(pk=someone.role_id)
    role.grants.create(object_name="saved_view", view_scope="own", create_scope="all")
    answer = Program(someone, may_write=True).post("/views", {"name": "Mine", "object": "company"})
    assert answer.status_code == 422
    assert "Your role does not show these records" in answer.content.decode()


def test_who_may_not_edit_is_not_said_to_be_editing(theirs: UUID) -> None:
    viewer, other = narrow("Vic View", view="all", edit="none"), make_user()
    address = f"/companies/{theirs}/here/"
    signed_in(viewer).post(address, {"editing": "1"})
    assert "Vic View" not in signed_in(other).post(address).content.decode()


def test_a_manager_who_sees_less_keeps_no_tests_of_the_rest_and_is_told_nothing_of_it() -> None:
    manager = Role.objects.get(key="manager")
    manager.grants.create(object_name="company", view_scope="none")
    change_field_levels(manager, "person", {"birthday": "hidden"})
    refresh()
    boss, mia = make_user("Bo Boss", "manager"), make_user("Mia Member", "member")
    program = Program(boss, may_write=True)
    wish = {"who": "user", "who_id": str(mia.pk), "is_must": True, "action": "view", "which": "all"}
    for about, field in (
        ({"object": "company"}, "object"),
        ({"object": "person", "field": "birthday"}, "field"),
    ):
        answer = program.post("/permission-tests", wish | about)
        assert answer.json()["errors"][0]["field"] == field
    browser = signed_in(boss)
    assert browser.get("/setup/permission-tests/new/company/").status_code == 404
    told = browser.get(f"/setup/users/{mia.pk}/access/").content.decode()
    assert "/setup/" in told
    assert "Companies" not in told.split("<main")[1].split("</main>")[0]


def test_sharing_many_leaves_out_what_one_may_not_share(nia: User, theirs: UUID) -> None:
    holder = holder_of("user", make_user("Mia Member", "member").pk)
    assert holder is not None
    with change(asking(nia), via="test") as made:
        assert not share_many(made, "company", [theirs], Wish(holder, "view"))


def test_an_export_is_fetched_by_who_still_may(theirs: UUID) -> None:
    someone = narrow("Eva Export", view="all", export="all")
    job = enqueue(asking(someone), "export", "Companies", object="company", query="")
    run_job(job.pk)
    program = Program(someone, may_write=False)
    assert program.get(f"/jobs/{job.pk}").status_code == 200
    address = f"/companies/export/{job.pk}/file/"
    assert signed_in(someone).get(address).status_code in (200, 302, 303)
    Role.objects.get(pk=someone.role_id).grants.update(export_scope="none")
    assert signed_in(User.objects.get(pk=someone.pk)).get(address).status_code == 403
