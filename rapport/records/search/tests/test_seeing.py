"""Nobody learns by searching what he may not see: no hit, no number, no spelling."""

from __future__ import annotations

import pytest

from rapport.accounts.models import Role, User
from rapport.accounts.principals import Grant, Principal, Scope
from rapport.accounts.testing import make_user, signed_in
from rapport.records import registry
from rapport.records.models import Visit
from rapport.records.search.finding import find, last_visited
from rapport.records.search.testing import ids, own_only, take_in
from rapport.records.search.visits import forget_visits, note_visit
from rapport.records.testing import HOUSE, create
from rapport.records.tests.api import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def mia() -> User:
    """A colleague who sees what is hers."""
    own = Role.objects.create(key="own", name={"en": "Own"})
    own.grants.create(object_name="*", view_scope="own", edit_scope="own")
    return make_user("Mia Mine", "own")


@pytest.mark.parametrize("is_settled", [False, True])
def test_one_finds_what_one_may_see_whoever_asked_before(is_settled: bool) -> None:
    mine, other = make_user("Mia Mine"), make_user("Otto Other")
    record = create("person", name="Ada Voglhuber", owner=str(mine.pk))
    if is_settled:
        take_in()
    for _turn in range(2):
        assert ids("vogl") == [record]
        assert ids("vogl", own_only(mine.pk)) == [record]
        assert ids("vogl", own_only(other.pk)) == []
    assert ids("vogl", Principal("anonymous")) == []
    nothing = Principal("staff", mine.pk, grants={"*": Grant(view=Scope.NONE)})
    assert ids("vogl", nothing) == []


@pytest.mark.parametrize("is_settled", [False, True])
def test_what_others_have_leaves_no_trace(mia: User, is_settled: bool) -> None:
    hers = create("person", name="Zora Zwetschge", owner=str(mia.pk))
    for number in range(60):
        create("person", name=f"Zora Zwetschke {number}")
    create("note", body="Zwetschke")
    if is_settled:
        take_in()
    web = signed_in(mia)
    for typed in ("zwetschke", "zwetschk", "zwetschek", "wetschk"):
        page = web.get("/search/", {"q": typed}).content.decode()
        spelled = "Zora Zwetschge"
        assert page.count("Zwetschke") == 0
        assert (spelled in page) is (is_settled and typed != "wetschk")
        assert 'href="/search/?q=' not in page  # no chip, no number
    assert ids("zora", own_only(mia.pk)) == [hers]
    found = Program(mia).get("/search", {"q": "zora"}).json()["data"]
    assert [one["id"] for one in found] == [str(hers)]


def test_more_of_others_does_not_hide_ones_own(mia: User) -> None:
    hers = create("person", name="Berta Berg", owner=str(mia.pk))
    for number in range(8):
        create("person", name=f"Berta Berg {number}")
    take_in()
    assert [hit.id for hit in find(own_only(mia.pk), "berg", most=2)] == [hers]


def test_page_palette_and_program_answer_alike() -> None:
    owner = make_user()
    for name in ("Linden Ada", "Ada Linden", "Lindström Eva"):
        create("person", name=name)
    create("note", body="Under the linden tree")
    web, program = signed_in(owner), Program(owner)
    for typed in ("linden", "lindn", "ada l", "li"):
        told = [one["id"] for one in program.get("/search", {"q": typed}).json()["data"]]
        assert told == [str(key) for key in ids(typed)]
        for address in ("/search/", "/palette/"):
            page = web.get(address, {"q": typed}).content.decode()
            assert all(f"/{key}/" in page for key in told), (address, typed)


def test_the_last_visited_come_first_while_they_may_be_seen(mia: User) -> None:
    people = [create("person", name=f"Ada Vogl {n}", owner=str(mia.pk)) for n in range(3)]
    lost = create("person", name="Ada Vogl lost")
    take_in()
    me, person = own_only(mia.pk), registry.get("person")
    web = signed_in(mia)
    for one in (people[1], people[0], people[1]):
        assert web.get(f"/people/{one}/").status_code == 200
    assert web.get(f"/people/{lost}/").status_code == 404
    note_visit(me, person, lost)  # seen before it was given to somebody else
    assert [hit.id for hit in last_visited(me)] == [people[1], people[0]]
    assert set(ids("vogl", me)[:2]) == {people[0], people[1]}
    assert ids("vogl", me)[2] == people[2]
    page = web.get("/palette/").content.decode()
    assert page.index(str(people[1])) < page.index(str(people[0]))
    assert "Visited last" in page
    assert str(lost) not in page
    assert last_visited(own_only(make_user("Otto Other").pk)) == []
    note_visit(HOUSE, person, lost)
    assert Visit.objects.count() == 3


def test_long_ago_visits_are_forgotten() -> None:
    mia, person = make_user("Mia Mine"), registry.get("person")
    for number in range(55):
        note_visit(own_only(mia.pk), person, create("person", name=f"Ada {number}"))
    forget_visits(0)
    assert Visit.objects.count() == 50
