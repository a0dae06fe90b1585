import pytest
from django.test import Client

from rapport.accounts import actions
from rapport.accounts.actions.roles import change_field_levels
from rapport.accounts.models import FieldLevel, Role, User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.records import access, registry
from rapport.records.duplicates.look_ups import find_similar
from rapport.records.metadata.actions import change_field
from rapport.records.search.finding import find
from rapport.records.testing import create, read, reader
from rapport.records.tests.api import Program
from rapport.records.tests.fields import make_field

pytestmark = pytest.mark.django_db

PLACE = "/setup/roles/member/deal/"


@pytest.fixture
def owner() -> Client:
    return signed_in(make_user())


@pytest.fixture
def mia() -> User:
    return make_user("Mia Member", "member")


def readable(user: User) -> frozenset[str]:
    signed_in(user).get("/account/")
    return access.fields(principal_of(User.objects.get(pk=user.pk)), "deal").readable


def test_a_hidden_field_is_nowhere_and_one_to_read_is_not_changed(owner: Client, mia: User) -> None:
    deal = create("deal", name="Solar roof", amount="1,200.00 EUR", owner=str(mia.pk))
    owner.post(PLACE, {"amount": "hidden", "close_date": "read"})
    program = Program(mia, may_write=True)
    seen = program.get(f"/deals/{deal}").json()
    assert {"amount", "amount_base"}.isdisjoint(seen)
    assert "close_date" in seen
    for name in ("amount", "close_date"):
        assert program.patch(f"/deals/{deal}", {name: None}).status_code == 422
    for query in ("sort=amount", "amount.is=1", "group=amount", "sort=amount_base"):
        assert program.get(f"/deals?{query}").status_code == 422
    assert program.patch(f"/deals/{deal}", {"name": "Sun roof"}).status_code == 200
    assert "1,200" not in signed_in(mia).get("/deals/board/").content.decode()
    assert read("deal", deal, "amount") is not None


def test_of_several_roles_the_more_open_counts(owner: Client, mia: User) -> None:
    owner.post(PLACE, {"amount": "hidden"})
    assert "amount" not in readable(mia)
    open_role = actions.create_role("Books", "en", Role.objects.get(key="read_only"))
    blind = actions.create_role("Nothing", "en", open_role)
    actions.change_grants(blind, {"*": {"view": "none"}})
    actions.set_further_roles(mia, [blind.key])
    assert "amount" not in readable(mia), "a role that sees no deal opens no field of one"
    actions.set_further_roles(mia, [open_role.key])
    assert "amount" in readable(mia)


def test_a_role_made_like_another_hides_the_same(owner: Client, mia: User) -> None:
    owner.post(PLACE, {"amount": "hidden"})
    actions.create_role("Like members", "en", Role.objects.get(key="member"))
    other = make_user("Otto Other", "like_members")
    assert "amount" not in readable(other)
    owner.post(PLACE, {})
    assert "amount" in readable(mia)
    assert "amount" not in readable(other)


def test_nobody_finds_by_the_search_box_what_a_role_hides(owner: Client, mia: User) -> None:
    create("person", name="Ada Berg", city="Uppsala", emails="x17@mail.example")
    owner.post("/setup/roles/member/person/", {"city": "hidden", "emails": "hidden"})
    readable(mia)
    for typed in ("Uppsala", "x17@mail.example", "x17@"):
        assert find(principal_of(mia), typed) == []
    assert len(find(principal_of(mia), "Ada")) == 1


def test_whether_a_hidden_value_is_here_already_is_not_told(owner: Client, mia: User) -> None:
    create("person", name="Ada Berg", emails="x17@mail.example")
    person = registry.get("person")
    typed = {"emails": person.fields["emails"].parse("x17@mail.example", reader())}
    assert len(find_similar(principal_of(mia), person, typed)) == 1
    owner.post("/setup/roles/member/person/", {"emails": "hidden"})
    readable(mia)
    assert find_similar(principal_of(mia), person, typed) == []


def test_what_names_or_places_records_can_not_be_hidden(owner: Client) -> None:
    page = owner.get(PLACE).content.decode()
    for name in ("name", "owner", "stage", "company", "amount_base"):
        box = page.split('id="fields-h"')[1].partition(f'name="{name}"')[2].partition("</select>")
        assert 'value="hidden"' not in box[0]
        assert owner.post(PLACE, {name: "hidden"}).status_code == 400
    for name in ("name", "stage", "company", "amount_base"):
        assert owner.post(PLACE, {name: "read"}).status_code == 400
    assert owner.post(PLACE, {"amount": "whatever"}).status_code == 400
    assert owner.get("/setup/roles/member/nonsense/").status_code == 404
    assert not FieldLevel.objects.exists()


def test_who_owns_a_record_and_what_it_belongs_to_can_be_for_reading_only(
    owner: Client, mia: User
) -> None:
    firm = str(create("company", name="Sol"))
    person = create("person", first_name="Ada", company=firm, owner=str(mia.pk))
    place = "/setup/roles/member/person/"
    assert owner.post(place, {"owner": "read", "company": "read"}).status_code == 302
    program = Program(mia, may_write=True)
    seen = program.get(f"/people/{person}").json()
    assert (seen["owner"], seen["company"]) == (str(mia.pk), firm)
    for change in ({"owner": None}, {"company": None}):
        assert program.patch(f"/people/{person}", change).status_code == 422
    asked = {"do": "assign", "value": None, "ids": [str(person)]}
    assert program.post("/people/bulk", asked).status_code == 422
    made = program.post("/people", {"first_name": "Bea"})
    assert made.status_code == 201, made.content
    assert made.json()["owner"] == str(mia.pk), "what one makes is one's own all the same"
    page = signed_in(mia).get(f"/people/{person}/edit/").content.decode()
    assert 'name="company"' not in page


def test_what_a_role_only_reads_is_still_found_by_the_search_box(owner: Client, mia: User) -> None:
    create("person", name="Ada Berg", city="Uppsala")
    owner.post("/setup/roles/member/person/", {"city": "read"})
    readable(mia)
    assert len(find(principal_of(mia), "Uppsala")) == 1


def test_what_a_record_needs_can_be_hidden_from_who_makes_none_and_where_it_begins_by_itself(
    owner: Client, mia: User
) -> None:
    needed = make_field("text", "permit", on="deal", required=True)
    assert owner.post(PLACE, {"permit": "hidden"}).status_code == 400
    assert owner.post(PLACE, {"permit": "read"}).status_code == 400
    readers = "/setup/roles/read_only/deal/"
    assert owner.post(readers, {"permit": "hidden", "name": "read"}).status_code == 302
    assert "permit" not in readable(make_user("Rae Only", "read_only"))
    actions.change_grants(Role.objects.get(key="read_only"), {"deal": {"create": "all"}})
    kept = {"permit": "hidden", "name": "read", "amount": "hidden"}
    assert owner.post(readers, kept).status_code == 302, "what stands may stay beside other changes"
    change_field(needed, {"default": "none yet"}, actions.NOBODY)
    assert owner.post(PLACE, {"permit": "hidden"}).status_code == 302
    assert "permit" not in readable(mia)
    made = Program(mia, may_write=True).post("/deals", {"name": "Sun roof"})
    assert made.status_code == 201, made.content
    assert read("deal", made.json()["id"], "permit") == "none yet"


def test_an_owner_reads_everything(owner: Client) -> None:
    owner.post("/setup/roles/owner/deal/", {"amount": "hidden"})
    assert not FieldLevel.objects.exists()
    with pytest.raises(actions.Refused):
        change_field_levels(Role.objects.get(key="owner"), "deal", {"amount": "hidden"})
