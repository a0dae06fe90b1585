"""Who may take changes back, what is gone for good, and undo from the pages."""

from __future__ import annotations

import re
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from rapport.accounts.models import Role, User
from rapport.accounts.principals import Grant, Principal, Scope, principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.records import access
from rapport.records.changes import undo_job
from rapport.records.changes.undo import CannotUndo, preview, undo
from rapport.records.models import ChangeSet, SavedView
from rapport.records.sample.rooms.models import Room
from rapport.records.store import change
from rapport.records.tests.api import Program
from rapport.records.tests.fields import make_field
from rapport.records.tests.rooms import HOUSE, edit, make, trash

pytestmark = pytest.mark.django_db


def member(view: Scope, edit_: Scope, delete: Scope) -> Principal:
    grant = Grant(view=view, create=Scope.ALL, edit=edit_, delete=delete)
    return Principal(kind="staff", user_id=make_user("Mia").pk, grants={"*": grant})


ALL, OWN, NONE = Scope.ALL, Scope.OWN, Scope.NONE


@pytest.mark.parametrize("what", ["values", "links", "side", "creation", "trash", "restore"])
def test_undo_wants_the_right_to_everything_it_touches(what: str) -> None:
    other, _made = make()
    room, made = make(seats=1)
    match what:
        case "values":
            made = edit(room, seats=2)
        case "links":
            made = edit(room, neighbours=[("room", other.pk)])
        case "side":
            made = edit(room, demand=2)
        case "trash":
            made = trash(room)
        case "restore":
            trash(room)
            with change(HOUSE, via="test") as restoring:
                restoring.restore("room", [room.pk])
            made = restoring.id
    before = _fingerprint()
    for stranger in (member(ALL, OWN, OWN),):
        with pytest.raises(access.Denied):
            undo(stranger, made, via="test")
        with pytest.raises(access.Denied):
            preview(stranger, made)
    assert _fingerprint() == before


def mine_and_others() -> tuple[Principal, Room, Room, UUID]:
    """A member, a room of his and one that is not, and a change of both."""
    mia = member(ALL, OWN, OWN)
    (mine, _made), (other, _too) = make(seats=1), make(seats=1)
    edit(mine, owner=mia.user_id)
    with change(HOUSE, via="test") as made:
        made.update_many("room", [mine.pk, other.pk], {"seats": 2, "area": Decimal(9)})
        made.trash("room", [mine.pk, other.pk])
    return mia, mine, other, made.id


def test_what_one_may_not_change_stays_and_the_rest_goes_back() -> None:
    mia, mine, other, made = mine_and_others()
    told = preview(mia, made)
    assert (told.restored, told.values, told.reasons["rights"]) == (1, 2, 1)
    forced = {(other.pk, "seats")}
    part, result = undo(mia, made, via="test", forced=forced, overwrite=True)
    assert (result.restored, result.reasons) == (1, {"rights": 1})
    # It is known as an undo, but not as the undo: the rest is still to be had.
    kept = ChangeSet.objects.get(pk=part)
    assert (kept.undo_of_id, kept.part_undo_of_id) == (None, made)
    ida = signed_in(make_user("Ida"))
    assert f"/history/{part}/" in ida.get(f"/history/{made}/").content.decode()
    assert f"/history/{made}/" in ida.get(f"/history/{part}/").content.decode()
    for one in (mine, other):
        one.refresh_from_db()
    assert (mine.seats, mine.area, mine.deleted_at) == (1, None, None)
    assert (other.seats, other.area, other.deleted_at is None) == (2, Decimal(9), False)
    _id, rest = undo(HOUSE, made, via="test")
    other.refresh_from_db()
    assert (rest.restored, rest.staying, other.seats, other.deleted_at) == (1, 0, 1, None)
    with pytest.raises(CannotUndo):
        undo(HOUSE, made, via="test")


def test_what_was_made_for_others_stays() -> None:
    mia = member(ALL, OWN, OWN)
    with change(HOUSE, via="test") as made:
        keys = [made.create("room", {"name": name, "owner": owner, "demand": 3})
                for name, owner in (("Hers", mia.user_id), ("Other", None))]  # fmt: skip
    _id, result = undo(mia, made.id, via="test")
    assert (result.removed, result.reasons["rights"]) == (1, 1)
    assert list(Room.objects.filter(deleted_at=None).values_list("pk", flat=True)) == keys[1:]


def test_a_field_of_others_stays_and_is_not_shown() -> None:
    make_field("text", name="salary", readers=["owner"])
    room, _made = make(seats=1)
    edited = edit(room, salary="4711 a month", seats=2)
    manager = make_user("Mia", "manager")
    web = signed_in(manager)
    page = web.get(f"/history/{edited}/").content.decode()
    assert "not yours to change" in page
    assert "4711 a month" not in page
    web.post(f"/undo/{edited}/", {"overwrite": "yes", "force": [f"{room.pk}:custom.salary"]})
    assert "not yours to change" in web.get("/rooms/").content.decode()
    room.refresh_from_db()
    assert (room.seats, list(room.custom.values())) == (1, ["4711 a month"])
    told = Program(make_user()).get(f"/history/{edited}").json()
    assert told["undo"]["objects"]["room"]["values"] == 1


def _fingerprint() -> list[object]:
    found: list[object] = []
    with connection.cursor() as cursor:
        for table in (
            "sample_room",
            "sample_room_demand",
            "records_link",
            "records_change",
            "records_changeset",
        ):
            cursor.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t")
            found.append(cursor.fetchone())
    return found


def test_a_record_purged_since_makes_undo_say_so_and_not_fail() -> None:
    room, _made = make(seats=1)
    edited = edit(room, seats=2)
    trash(room)
    with change(HOUSE, via="maintenance"):
        Room.objects.filter(pk=room.pk).delete()
    _id, result = undo(HOUSE, edited, via="test")
    assert [one.reason for one in result.kept] == ["gone"]


def test_what_was_removed_for_good_does_not_come_back() -> None:
    room, _made = make(seats=1)
    with change(HOUSE, via="maintenance") as purging:
        Room.objects.filter(pk=room.pk).delete()
    with pytest.raises(CannotUndo):
        undo(HOUSE, purging.id, via="test")
    assert not Room.objects.filter(pk=room.pk).exists()


def test_the_web_undoes_and_redoes_and_reports_what_stayed() -> None:
    web: Client = signed_in(make_user())
    room, _made = make(seats=1)
    edited = edit(room, seats=2, area=Decimal(7))
    edit(room, seats=3)
    shown = web.get(f"/history/{edited}/").content.decode()
    assert f'name="force" value="{room.pk}:seats"' in shown
    answer = web.post(f"/undo/{edited}/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true"
    room.refresh_from_db()
    assert (room.seats, room.area) == (3, None)
    page = web.get(f"/rooms/{room.pk}/").content.decode()
    assert "Undone, except for 1 value that was changed since" in page
    assert f'href="/history/{edited}/"' in page
    redo = re.search(r'data-undo-url="(/undo/[^"]+)"', page)
    assert redo
    web.post(redo[1])
    room.refresh_from_db()
    assert room.area == Decimal(7)


def test_the_web_sets_back_what_the_reader_ticks() -> None:
    web = signed_in(make_user())
    room, _made = make(seats=1)
    edited = edit(room, seats=2)
    edit(room, seats=3)
    web.post(f"/undo/{edited}/", {"force": [f"{room.pk}:seats", "nonsense", "x:y"]})
    room.refresh_from_db()
    assert room.seats == 1


def test_a_button_asks_before_it_undoes_what_concerns_several_records(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    web, pressed = signed_in(make_user()), {"HX-Request": "true"}
    rooms = [make(seats=1)[0] for _n in range(2)]
    with change(HOUSE, via="test") as made:
        made.update_many("room", [room.pk for room in rooms], {"seats": 2})
    edit(rooms[0], seats=3)
    asked = web.post(f"/undo/{made.id}/", headers=pressed)
    assert (asked.headers["HX-Retarget"], asked.headers["HX-Reswap"]) == ("#dialog", "innerHTML")
    assert f'name="force" value="{rooms[0].pk}:seats"' in asked.content.decode()
    assert [Room.objects.get(pk=room.pk).seats for room in rooms] == [3, 2]
    monkeypatch.setattr(undo_job, "MOST_AT_ONCE", 1)
    large = web.post(f"/undo/{made.id}/", headers=pressed)
    assert large.headers["HX-Redirect"] == f"/history/{made.id}/"
    monkeypatch.undo()
    web.post(f"/undo/{made.id}/", {"seen": "yes"}, headers=pressed)
    assert [Room.objects.get(pk=room.pk).seats for room in rooms] == [3, 1]
    again = web.post(f"/undo/{made.id}/", headers=pressed)
    assert again.headers["HX-Refresh"] == "true"
    assert "undone already" in web.get("/rooms/").content.decode()


def test_a_get_undoes_nothing() -> None:
    web = signed_in(make_user())
    room, _made = make(seats=1)
    edited = edit(room, seats=2)
    assert web.get(f"/undo/{edited}/").status_code == 405
    room.refresh_from_db()
    assert room.seats == 2


def test_the_preview_says_who_changed_a_value_since_and_what_goes_back() -> None:
    ida = make_user()
    web = signed_in(ida)
    room, _made = make(seats=1, area=Decimal(2))
    edited = edit(room, seats=2, area=Decimal(7))
    with change(principal_of(make_user("Ben Later")), via="web") as later:
        later.update("room", room.pk, {"seats": 3})
    (kept,) = preview(HOUSE, edited).kept
    assert (kept.was, kept.left_as, kept.now, kept.at is not None) == (1, 2, 3, True)
    shown = web.get(f"/history/{edited}/").content.decode()
    assert '<span dir="auto">Ben Later</span>' in shown
    assert "What goes back" in shown
    assert 'name="overwrite"' in shown


def test_all_that_was_changed_since_goes_back_when_that_is_chosen() -> None:
    web = signed_in(make_user())
    rooms = [make(seats=n)[0] for n in range(3)]
    with change(HOUSE, via="test") as made:
        made.update_many("room", [room.pk for room in rooms], {"seats": 9})
        new = made.create("room", {"name": "New"})
    edit(rooms[1], seats=7)
    edit(Room.objects.get(pk=new), seats=8)
    web.post(f"/undo/{made.id}/", {"overwrite": "yes"})
    assert [Room.objects.get(pk=room.pk).seats for room in rooms] == [0, 1, 2]
    assert not access.rows(HOUSE, "room").filter(pk=new).exists()


@pytest.mark.parametrize("act", ["unshare", "trash"])
def test_undoing_an_unshare_asks_for_the_right_to_share_again(act: str) -> None:
    mia = make_user("Mia", "manager")
    with change(principal_of(mia), via="test") as made:
        values = {"object": "room", "name": {"en": "Ours"}, "audience": "everyone"}
        view = made.create("saved_view", values)
    with change(principal_of(mia), via="test") as made:
        if act == "trash":
            made.trash("saved_view", [view])
        else:
            made.update("saved_view", view, {"audience": "me"})
    User.objects.filter(pk=mia.pk).update(role=Role.objects.get(key="member"))
    with pytest.raises(CannotUndo, match="share views this widely"):
        undo(principal_of(User.objects.get(pk=mia.pk)), made.id, via="test")
    kept = SavedView.objects.get(pk=view)
    assert kept.audience == "me" or kept.deleted_at is not None
    User.objects.filter(pk=mia.pk).update(role=Role.objects.get(key="manager"))
    undo(principal_of(User.objects.get(pk=mia.pk)), made.id, via="test")
    shared = SavedView.objects.get(pk=view)
    assert (shared.audience, shared.deleted_at) == ("everyone", None)


def test_nobody_undoes_or_reads_the_past_of_a_field_of_others() -> None:
    make_field("text", name="salary", readers=["owner"])
    room, _made = make(seats=1)
    edited = edit(room, salary="4711 a month")
    edit(room, salary="")
    manager = make_user("Mia", "manager")
    for asked in (preview, lambda who, what: undo(who, what, via="test")):
        with pytest.raises(access.Denied):
            asked(principal_of(manager), edited)
    web = signed_in(manager)
    now = f"{timezone.now():%Y-%m-%dT%H:%M:%S.%fZ}"
    for url in ("history/", f"?at={now}"):
        assert "4711 a month" not in web.get(f"/rooms/{room.pk}/{url}").content.decode()
    assert "4711 a month" not in web.get(f"/history/{edited}/").content.decode()
    told = Program(manager).get(f"/rooms/{room.pk}/history").content.decode()
    assert "4711 a month" not in told
    undo(principal_of(make_user()), edited, via="test", overwrite=True)
