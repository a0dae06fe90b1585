"""Records that were merged are parted again, of all that went over only what is wanted."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from rapport.accounts.models import User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.models import Company, Employment, Person
from rapport.records.changes.undo import preview, undo
from rapport.records.duplicates.merging import merge
from rapport.records.models import ChangeSet
from rapport.records.testing import create, read, update
from rapport.records.tests.api import Program
from rapport.sales.models import Deal

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return make_user()


def merged(owner: User) -> tuple[UUID, UUID, UUID, UUID, UUID]:
    """Two firms made one: the one that stays, the other, its deal, its colleague, the change."""
    stays = create("company", name="Acme", emails="a@acme.example", city="Madrid")
    goes = create("company", name="Acme Ltd", emails="b@acme.example", industry="Steel")
    deal = create("deal", name="Steel", company=str(goes))
    ana = create("person", name="Ana", company=str(goes))
    made = merge(principal_of(owner), "company", stays, [goes], via="test")
    return stays, goes, deal, ana, made


def test_what_is_not_ticked_stays_with_the_record_that_stayed(owner: User) -> None:
    stays, goes, deal, ana, made = merged(owner)
    web = signed_in(owner)
    page = web.get(f"/history/{made}/").content.decode()
    offered = re.findall(r'name="offered" value="([^"]+)"', page)
    assert {"field:industry", "rows:deal", "rows:person", "rows:email"} <= set(offered)

    kept = {"rows:deal", "field:industry"}
    sent = {"offered": offered, "part": [one for one in offered if one not in kept], "seen": "yes"}
    web.post(f"/undo/{made}/", sent)
    assert Company.objects.get(pk=goes).deleted_at is None
    assert Deal.objects.get(pk=deal).company_id == stays
    assert Company.objects.get(pk=stays).industry == "Steel"
    assert Person.objects.get(pk=ana).company_id == goes
    assert "rows:employment" not in offered
    assert [one["value"] for one in read("company", goes, "emails")] == ["b@acme.example"]
    undone = ChangeSet.objects.get(undo_of=made)
    assert undone.title.startswith("Undo in part")

    # The parting is undone as a whole, and that again offers parts.
    _id, _result = undo(principal_of(owner), undone.pk, via="test")
    assert Company.objects.get(pk=goes).deleted_at is not None
    assert Person.objects.get(pk=ana).company_id == stays
    assert preview(principal_of(owner), _id).parts


def test_what_lies_beside_the_carried_stays_with_it(owner: User) -> None:
    stays, goes, _deal, ana, made = merged(owner)
    undo(principal_of(owner), made, via="test", leaving=["rows:person"])
    assert Person.objects.get(pk=ana).company_id == stays
    now = [one for one in Employment.objects.filter(person_id=ana) if one.is_current]
    assert [one.company_id for one in now] == [stays]
    assert Company.objects.get(pk=goes).deleted_at is None


def test_what_was_added_since_is_told_and_stays(owner: User) -> None:
    stays, goes, deal, _ana, made = merged(owner)
    program = Program(owner)
    assert "added" not in program.post(f"/history/{made}/preview").json()
    web = signed_in(owner)
    assert "Added since the merge" not in web.get(f"/history/{made}/").content.decode()
    new = create("deal", name="Copper", company=str(stays))
    create("note", body="Met them", about=f"company:{stays}")
    added = {
        one["name"]: one["rows"] for one in program.post(f"/history/{made}/preview").json()["added"]
    }
    assert added == {"deal": 1, "note": 1}
    assert "Added since the merge" in web.get(f"/history/{made}/").content.decode()
    undo(principal_of(owner), made, via="test")
    assert Deal.objects.get(pk=new).company_id == stays
    assert Deal.objects.get(pk=deal).company_id == goes


def test_what_was_changed_since_is_told_and_parts_that_are_none_are_refused(
    owner: User,
) -> None:
    stays, goes, _deal, _ana, made = merged(owner)
    update("company", stays, industry="Iron")
    program = Program(owner)
    told = program.post(f"/history/{made}/preview").json()
    assert told["stays"] == {"changed": 1}
    assert {"name": "rows:person", "label": "People", "rows": 1} in told["parts"]
    wrong = program.post(f"/companies/{goes}/unmerge", {"leave": ["rows:nothing"]})
    assert (wrong.status_code, "rows:nothing" in wrong.content.decode()) == (409, True)
    assert program.post(f"/companies/{goes}/unmerge", {"leave": "rows:deal"}).status_code == 422
    parted = program.post(f"/companies/{goes}/unmerge", {"leave": ["rows:deal"]})
    assert (parted.status_code, parted.json()["kept"]) == (200, 1)
    assert Deal.objects.get().company_id == stays
    assert Company.objects.get(pk=stays).industry == "Iron"


def test_what_goes_back_is_called_as_people_know_it(owner: User) -> None:
    _stays, _goes, _deal, _ana, made = merged(owner)
    User.objects.filter(pk=owner.pk).update(language="es")
    page = signed_in(owner).get(f"/history/{made}/").content.decode()
    assert "Trayectoria laboral: " in page
    assert "Employments" not in page
