"""The history as pages: told in the reader's words, and only what is the reader's to see."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from rapport.accounts.models import Role, User
from rapport.accounts.principals import Principal, principal_of, service
from rapport.accounts.testing import make_user, signed_in
from rapport.kit.ids import uuid7
from rapport.records.sample.rooms.models import Room
from rapport.records.store import change
from rapport.records.store.purging import purge

pytestmark = pytest.mark.django_db
HOUSE = service("tests")


def make(by: Principal = HOUSE, **values: object) -> UUID:
    with change(by, via="web", title="New room") as made:
        return made.create("room", {"name": "Blue room", **values})


def edit(key: UUID, by: Principal = HOUSE, via: str = "web", **values: object) -> UUID:
    with change(by, via=via, title="Edit") as made:
        made.update("room", key, values)
    return made.id


def page(web: Client, url: str) -> str:
    answer = web.get(url)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def lines(shown: str) -> dict[str, tuple[str, str]]:
    """Old and new text by label."""
    found = re.findall(
        r'diff-n">([^<]+)</span> (?:<del[^>]*>(.*?)</del>.*?)?<ins[^>]*>(.*?)</ins>', shown
    )
    plain = [tuple(re.sub(r"<[^>]+>|\s+", " ", part).strip() for part in one) for one in found]
    return {label: (old, new) for label, old, new in plain}


def test_fields_are_told_with_their_labels_and_values_as_people_write_them(
    web: Client, owner: User
) -> None:
    tower = make(name="Tower")
    key = make(seats=4, price=(Decimal("9.5"), "EUR"), shape="round", is_open=False)
    edit(
        key, principal_of(owner), seats=1200, price=(Decimal("12000"), "EUR"), shape="square",
        is_open=True, parent=tower, neighbours=[("room", tower)], demand=3,
        caption={"en": "Big", "es": "Grande"},
    )  # fmt: skip
    shown = page(web, f"/rooms/{key}/history/")
    assert "Ida Brandt" in shown
    told = lines(shown.split("created")[0])
    assert told["Seats"] == ("4", "1,200")
    assert told["Price"] == ("€9.50", "€12,000")
    assert told["Shape"] == ("Round", "Square")
    assert told["Open"] == ("No", "Yes")
    assert told["Part of"] == ("empty", "Tower")
    assert told["Neighbours"] == ("empty", "Tower")
    assert told["Demand"][1] == "3"
    assert told["Caption"] == ("empty", "Big")
    assert not {"parent_id", "version", "updated_at"} & set(told)


def test_a_record_page_goes_on_where_it_ended(web: Client) -> None:
    key = make(seats=0)
    for number in range(1, 70):
        edit(key, seats=number)
    shown = page(web, f"/rooms/{key}/history/")
    older = re.search(r'href="(/rooms/[^"]+\?before=\d+)"', shown)
    assert older
    rest = page(web, older[1])
    seen = re.findall(r"<ins>(\d+)</ins>|num\" value=\"(\d+)\"", shown + rest)
    assert len(seen) >= 69
    assert ">created<" in rest or "created" in rest


def test_a_change_of_this_record_alone_is_undone_here_a_larger_one_after_a_look(
    web: Client,
) -> None:
    one, two = make(), make()
    alone = edit(one, seats=1)
    with change(HOUSE, via="web", title="Both") as made:
        made.update_many("room", [one, two], {"seats": 2})
    shown = page(web, f"/rooms/{one}/history/")
    assert f'action="/undo/{alone}/"' in shown
    assert f'action="/undo/{made.id}/"' not in shown
    assert f'href="/history/{made.id}/"' in shown


def test_everybodys_changes_are_filtered_by_who_what_and_way(web: Client, owner: User) -> None:
    key = make(name="Mine")
    edit(key, principal_of(owner), seats=1)
    imported = edit(key, via="import", seats=2)
    with change(HOUSE, via="web", title="Rental") as rented:
        rented.create("rental", {"title": "Week"})

    def sets(query: str) -> set[str]:
        return set(re.findall(r'href="/history/([0-9a-f-]{36})/"', page(web, f"/history/?{query}")))

    assert sets("via=import") == {str(imported)}
    assert len(sets(f"user={owner.pk}")) == 1
    assert sets("object=rental") == {str(rented.id)}
    assert len(sets("user=nonsense&object=nothing&via=%27")) == len(sets(""))


def test_the_history_is_walked_page_by_page(web: Client) -> None:
    key = make()
    ids = {str(edit(key, seats=number)) for number in range(90)}
    found: set[str] = set()
    url = "/history/"
    for _page in range(5):
        shown = page(web, url)
        found |= set(re.findall(r'href="/history/([0-9a-f-]{36})/"', shown))
        further = re.search(r'href="(/history/\?[^"]*after=[^"]+)"', shown)
        if not further:
            break
        url = further[1].replace("&amp;", "&")
    assert ids <= found


def test_one_set_tells_all_and_says_what_undo_would_do(web: Client) -> None:
    keys = [make(name=f"Room {number}") for number in range(3)]
    with change(HOUSE, via="web", title="Seats for all") as made:
        made.update_many("room", keys, {"seats": 7})
    shown = page(web, f"/history/{made.id}/")
    for number in range(3):
        assert f"Room {number}" in shown
    assert re.search(r"values set back</dt><dd><b class=\"num\">3</b>", shown)
    partial = web.get(f"/history/{made.id}/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in partial
    assert web.get(f"/history/{uuid7()}/").status_code == 404


def test_a_chunk_leads_to_the_whole(web: Client) -> None:
    with change(HOUSE, via="import", title="Import of rooms") as whole:
        pass
    with change(HOUSE, via="import", parent=whole.id) as chunk:
        chunk.create("room", {"name": "Imported"})
    assert "Import of rooms" in page(web, f"/history/{chunk.id}/")
    assert str(whole.id) in page(web, "/history/")


@pytest.fixture
def narrow() -> Client:
    """A member who sees only records of his own."""
    Role.objects.get(key="member").grants.update(view_scope="own", edit_scope="own")
    return signed_in(make_user("Mia Member", "member"))


def test_who_sees_only_his_own_reads_of_nothing_else(narrow: Client) -> None:
    mia = principal_of(User.objects.get(name="Mia Member"))
    mine = make(mia, name="My room")
    hidden = make(name="Secret room")
    secret = edit(hidden, seats=99)
    with change(HOUSE, via="web", title="Both") as both:
        both.update("room", mine, {"seats": 5})
        both.update("room", hidden, {"seats": 6})
    shown = page(narrow, "/history/")
    assert "My room" in shown
    assert "Secret room" not in shown
    assert str(secret) not in shown
    assert narrow.get(f"/history/{secret}/").status_code == 404
    assert narrow.get(f"/rooms/{hidden}/history/").status_code == 404
    part = page(narrow, f"/history/{both.id}/")
    assert "My room" in part
    assert "Secret room" not in part
    assert "stay, not yours to change" in part


def test_a_name_of_a_hidden_record_does_not_leak_through_a_pointer(narrow: Client) -> None:
    mia = principal_of(User.objects.get(name="Mia Member"))
    mine, hidden = make(mia, name="My room"), make(name="Secret room")
    edit(mine, parent=hidden, neighbours=[("room", hidden)])
    assert "Secret room" not in page(narrow, f"/rooms/{mine}/history/")


def test_what_is_gone_for_good_is_still_told_of(web: Client) -> None:
    key = make(name="Gone")
    with change(HOUSE, via="web", title="Trash") as made:
        made.trash("room", [key])
    purge(timezone.now() + timedelta(seconds=1))
    assert not Room.objects.exists()
    shown = page(web, "/history/")
    assert "removed for good" in shown
    assert f'href="/rooms/{key}/"' not in shown
