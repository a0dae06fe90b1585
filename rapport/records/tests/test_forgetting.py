"""What the law makes the log forget: only values go, each blanked row is accounted for, and nobody
can hide a change that way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from rapport.accounts.principals import Principal, principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.kit.ids import uuid7
from rapport.records import access
from rapport.records.changes import anchoring
from rapport.records.changes.anchoring import drop_anchor, lost_anchors
from rapport.records.changes.forgetting import bad_tombstones, forget, forgettable
from rapport.records.changes.history import history_of
from rapport.records.changes.past import record_at
from rapport.records.changes.sealing import broken_seals
from rapport.records.changes.undo import undo
from rapport.records.kinds.base import PERSONAL, Privacy
from rapport.records.models import Change, ChangeSet, Seal, Tombstone
from rapport.records.sample.rooms.records import Rooms
from rapport.records.store import Missing, Rejected
from rapport.records.tests.api import Program
from rapport.records.tests.rooms import HOUSE, edit, make
from rapport.records.tests.test_sealing import seal_all, tamper

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "Ana García Ordóñez"


@pytest.fixture(autouse=True)
def personal_names() -> Iterator[None]:
    """Let the name of a room be personal, as that of a person is."""
    kind = Rooms.fields["name"]
    before, kind.privacy = kind.privacy, Privacy(PERSONAL)
    yield
    kind.privacy = before


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(anchoring, "anchors_file", lambda: tmp_path / "anchors.txt")
    return tmp_path / "anchors.txt"


@pytest.fixture
def owner() -> Principal:
    return principal_of(make_user())


def about_ana() -> tuple[UUID, UUID]:
    """A room named like her, and the change set that renamed it."""
    room, _made = make(name=SECRET, seats=4)
    return room.pk, edit(room, name=f"{SECRET} again", seats=5)


def whole_log() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(c::text, '') FROM records_change AS c")
        return str(cursor.fetchone()[0])


def faults() -> list[str]:
    broken = [one.reason for one in broken_seals()]
    return [*broken, *(one.reason for one in bad_tombstones())]


def test_only_the_personal_values_go_and_every_seal_holds(owner: Principal) -> None:
    key, edited = about_ana()
    other, _made = make(name="Another")
    seal_all()
    assert forgettable("room", key) == 2
    made = forget(owner, "room", key, "Request 17")
    assert (made.rows, forgettable("room", key), faults()) == (2, 0, [])
    assert SECRET not in whole_log()
    assert "Another" in whole_log()
    rows = list(Change.objects.filter(record_id=key).order_by("id"))
    assert [row.new and row.new["seats"] for row in rows] == [4, 5]
    assert not ChangeSet.objects.filter(pk=edited).exclude(title="").exists()
    told = {one.field: one for one in history_of(owner, "room", key)[0].fields}
    assert (told["name"].is_forgotten, told["name"].new, told["seats"].new) == (True, None, 5)
    past = record_at(owner, Rooms, key, rows[0].at)
    assert past is not None
    assert (past.forgotten, past.values["name"]) == ({"name"}, None)
    assert other.pk


def test_what_is_forgotten_is_not_put_back_and_the_rest_is(owner: Principal) -> None:
    key, edited = about_ana()
    forget(owner, "room", key, "Request 17")
    undo(HOUSE, edited, via="test")
    row = access.rows(HOUSE, "room").get(pk=key)
    assert (row.name, row.seats) == (f"{SECRET} again", 4)


def test_only_an_owner_makes_the_log_forget_and_says_why(owner: Principal) -> None:
    key, _edited = about_ana()
    for role in ("manager", "member", "read_only"):
        with pytest.raises(access.Denied):
            forget(principal_of(make_user(role.title(), role)), "room", key, "I say so")
    with pytest.raises(Rejected):
        forget(owner, "room", key, "  ")
    with pytest.raises(Missing):
        forget(owner, "room", uuid7(), "Request 17")
    assert SECRET in whole_log()
    assert not Tombstone.objects.exists()


BLANKED = "UPDATE records_change SET new = NULL, tombstone ="


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE records_change SET old = NULL, new = NULL, salt = NULL", "values"),
        ("UPDATE records_change SET new = new - 'seats' WHERE tombstone = 1", "blanked"),
        (f"{BLANKED} 1 WHERE record_id <> '{{key}}'", "under no"),
        (f"{BLANKED} 7 WHERE tombstone IS NULL", "under no"),
        ("UPDATE records_change SET blanked = '{}' WHERE tombstone = 1", "blanked"),
        ("UPDATE records_tombstone SET reason = 'Another reason'", "altered"),
        ("UPDATE records_tombstone SET user_id = NULL", "altered"),
        ("DELETE FROM records_tombstone", "under no"),
    ],
)  # fmt: skip
def test_nobody_hides_a_change_under_a_tombstone(
    owner: Principal, owner_database_url: str, statement: str, fault: str
) -> None:
    key, _edited = about_ana()
    make(name="Another")
    forget(owner, "room", key, "Request 17")
    seal_all()
    assert faults() == []
    tamper(owner_database_url, statement.replace("{key}", str(key)))
    assert any(fault in one for one in faults())


def test_a_tombstone_made_without_the_key_does_not_hold(owner: Principal) -> None:
    key, _edited = about_ana()
    with override_settings(SECRET_KEY="a key of somebody else's"):
        forget(owner, "room", key, "Request 17")
    assert "not signed" in faults()[0]


def test_the_application_role_can_neither_blank_nor_bury() -> None:
    about_ana()
    for statement in (
        "UPDATE records_change SET new = NULL",
        "UPDATE records_changeset SET title = ''",
        "DELETE FROM records_tombstone",
        "INSERT INTO records_tombstone SELECT * FROM records_tombstone",
        "DELETE FROM records_reading",
        "UPDATE records_reading SET rows = 0",
    ):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


def test_who_cuts_off_the_end_of_the_log_is_noticed(
    owner: Principal, owner_database_url: str, own_folder: Path
) -> None:
    key, _edited = about_ana()
    forget(owner, "room", key, "Request 17")
    seal_all()
    assert [one.sort for one in drop_anchor()] == ["seal", "tombstone"]
    assert (drop_anchor(), list(lost_anchors())) == ([], [])
    own_folder.write_text(own_folder.read_text() + "2026-01-01 seal 999 ff forged\n\x80nonsense\n")
    assert list(lost_anchors()) == []
    last = Seal.objects.order_by("-number").first()
    assert last is not None
    with psycopg.connect(owner_database_url) as tampering:
        tampering.execute("DELETE FROM records_seal WHERE number = %s", [last.number])
        tampering.execute("DELETE FROM records_change WHERE xid > %s::text::xid8", [last.after])
    assert list(broken_seals()) == []
    assert [(one.sort, one.number) for one in lost_anchors()] == [("seal", last.number)]


def test_a_page_asks_an_owner_for_the_reason_and_leaves_no_name_behind() -> None:
    key, edited = about_ana()
    web = signed_in(make_user())
    assert "2" in web.get(f"/rooms/{key}/forget/").content.decode()
    assert web.post(f"/rooms/{key}/forget/", {"reason": ""}).status_code == 422
    assert web.post(f"/rooms/{key}/forget/", {"reason": "Request 17"}).status_code == 302
    assert SECRET not in whole_log()
    assert "forgotten on request" in web.get(f"/history/{edited}/").content.decode()
    assert "Request 17" in web.get(f"/rooms/{key}/history/").content.decode()
    other = signed_in(make_user("Mia Manager", "manager"))
    assert other.get(f"/rooms/{key}/forget/").status_code == 403
    assert other.post(f"/rooms/{key}/forget/", {"reason": "Request 18"}).status_code == 403


def test_a_program_of_an_owner_makes_the_log_forget() -> None:
    key, _edited = about_ana()
    for role, status in (("manager", 403), ("owner", 201)):
        asks = Program(make_user(role.title(), role))
        answer = asks.post(f"/rooms/{key}/forget", {"reason": "Request 17"})
        assert answer.status_code == status, role
    assert asks.post(f"/rooms/{key}/forget", {"reason": "Request 17"}).status_code == 404
    assert asks.post(f"/rooms/{key}/forget", {}).status_code == 422
    assert SECRET not in whole_log()
