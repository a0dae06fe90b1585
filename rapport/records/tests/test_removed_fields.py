"""A field that others name may go: its page says who they are, and they all do without it."""

from __future__ import annotations

from typing import Any

import pytest

from rapport.accounts.actions import NOBODY
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.records import registry
from rapport.records.layouts.saving import save_layout
from rapport.records.metadata.actions import bring_back, remove_field
from rapport.records.metadata.mentions import mentions_of
from rapport.records.models import CustomField
from rapport.records.store import change
from rapport.records.testing import HOUSE, create, update
from rapport.records.tests.fields import make_field

pytestmark = pytest.mark.django_db
BIG = {"field": "size_own", "op": "is", "value": "large"}


def view(name: str, on: str = "room", **values: Any) -> Any:
    with change(HOUSE, via="test") as made:
        facts = {"name": {"en": name}, "object": on, "audience": "everyone"}
        return made.create("saved_view", {**facts, **values})


def named_everywhere() -> CustomField:
    """A choice field that rules, views and a layout name."""
    row = make_field("choice", "size_own")
    make_field("text", "shown_then", label={"en": "Shown then"}, visible_when=BIG)
    make_field("text", "needed_then", label={"en": "Needed then"}, required_when=BIG)
    options = [{"key": "a", "label": {"en": "A"}, "for": ["small"]}]
    make_field("choice", "offered_then", label={"en": "Offered then"}, options=options,
               controlled_by="size_own")  # fmt: skip
    make_field("relation", "room_own", on="rental", to="room")
    view("By size", sort_by="-size_own", column_names=["name", "size_own"], group_by="size_own")
    view("Large", condition=BIG, colour_rules=[{"when": BIG, "tone": "good"}])
    view(
        "Rented large",
        "rental",
        condition={"field": "room_own.size_own", "op": "is", "value": "large"},
    )
    view("Other", condition={"field": "seats", "op": "is", "value": "4"})
    # A rental's own field of the same name is another one.
    make_field("choice", "size_own", on="rental")
    view("Own", "rental", condition=BIG)
    view("Back", condition={"related": "rentals", "has": "any", "where": BIG})
    tree = {
        "sections": [{"label": {"en": "A"}, "fields": [{"name": "name"}, {"name": "size_own"}]}]
    }
    save_layout(HOUSE, registry.get("room"), None, tree)
    return row


def test_the_page_that_removes_a_field_says_who_names_it() -> None:
    row = named_everywhere()
    other = make_user("Max", role="member", email="max@example.com")
    view("His own", audience="me", owner=other.pk, sort_by="size_own")
    owner = make_user()

    found = mentions_of(principal_of(owner), row)
    assert [(one.sort, one.label) for one in found.told] == [
        ("rule", "Shown then"),
        ("rule", "Needed then"),
        ("rule", "Offered then"),
        ("layout", "Rooms"),
        ("view", "By size"),
        ("view", "Large"),
        ("view", "Rented large"),
    ]
    assert found.private == 1
    page = signed_in(owner).get(f"/setup/fields/{row.pk}/remove/").content.decode()
    assert "1 view of a colleague that only he sees" in page
    assert "His own" not in page
    assert all(one.url in page and one.label in page for one in found.told)


def test_what_named_a_removed_field_does_without_it_and_has_it_again() -> None:
    row = named_everywhere()
    web = signed_in(make_user())
    views = {one.name["en"]: one.pk for one in _views()}
    room = create("room", name="Aula", size_own="large", shown_then="S", needed_then="N")
    remove_field(row, NOBODY)

    for key in views.values():
        assert web.get(f"/rooms/?view={key}").status_code == 200
    assert web.get(f"/rentals/?view={views['Rented large']}").status_code == 200
    with change(HOUSE, via="test") as made:
        made.update("saved_view", views["By size"], {"name": {"en": "Renamed"}})
    free = create("room", name="Free", shown_then="Said", offered_then="A")
    update("room", room, needed_then="")
    page = web.get(f"/rooms/{free}/").content.decode()
    assert "Said" in page
    assert web.post("/rooms/asked/", {"_shown": "shown_then,needed_then,offered_then"}).json() == {
        "hidden": [], "required": [], "choices": {},
    }  # fmt: skip
    other = CustomField.objects.get(name="shown_then")
    assert web.get(f"/setup/fields/{other.pk}/").status_code == 200
    bring_back(row, NOBODY)
    assert web.post("/rooms/asked/", {"_shown": "shown_then,size_own"}).json()["hidden"] == [
        "shown_then"
    ]


def _views() -> Any:
    from rapport.records.models import SavedView

    return SavedView.objects.all()
