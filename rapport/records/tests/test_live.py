"""What browsers hear of changes: each once, no record they can't see, nothing after signing out."""

from __future__ import annotations

import json
from math import inf
from threading import Event, Thread
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from rapport.accounts import actions
from rapport.accounts.models import Role, Session, User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.records.live import changed, hub, tell_of_notification, tell_of_presence
from rapport.records.live.hub import Hub
from rapport.records.live.listener import Listener
from rapport.records.live.stream import EventStream
from rapport.records.models import Presence
from rapport.records.store import change
from rapport.records.testing import HOUSE

pytestmark = pytest.mark.django_db(transaction=True)


class Ear:
    """A browser that listens, and what it heard."""

    def __init__(self, hub: Hub, user: User) -> None:
        self.heard: list[str | None] = []
        key = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
        self.listener = Listener(key, principal_of(user), self.heard.append)
        hub.admit(self.listener)

    def take(self) -> dict[str, set[str] | None]:
        """The records heard of since it was asked last, by object; None for many."""
        said = "".join(one for one in self.heard if one)
        self.heard = [one for one in self.heard if one is None]
        self.listener.deliver = self.heard.append
        events = [json.loads(line[6:]) for line in said.splitlines() if line.startswith('data: {"')]
        return {one["object"]: set(one["ids"]) if "ids" in one else None for one in events}

    @property
    def is_over(self) -> bool:
        """Whether the stream was ended."""
        return None in self.heard


class Told:
    """A hub without its thread, told of the log by hand."""

    def __init__(self) -> None:
        self.hub = Hub()
        self.place = changed.now()

    def ear(self, user: User) -> Ear:
        return Ear(self.hub, user)

    def tell(self, *words: str) -> None:
        self.place = self.hub.tell(self.place, words or ("",))


def members_see(scope: str) -> None:
    actions.change_grants(Role.objects.get(key="member"), {"*": {"view": scope}})


def person(name: str, owner: User | None = None) -> UUID:
    values = {"name": name} | ({"owner": owner.pk} if owner else {})
    with change(HOUSE, via="test") as made:
        return made.create("person", values)


def test_a_change_is_heard_once_by_all_who_see_it() -> None:
    told, ida = Told(), make_user()
    first, second = told.ear(ida), told.ear(make_user("Ben Roth", "member"))
    key = person("Ada Nord")
    told.tell()
    assert first.take()["person"] == second.take()["person"] == {str(key)}
    told.tell()
    assert not first.take()


def test_whoever_sees_his_own_records_only_hears_of_no_other() -> None:
    told, ben = Told(), make_user("Ben Roth", "member")
    members_see("own")
    ear = told.ear(User.objects.get(pk=ben.pk))
    person("Ada Nord")
    mine = person("Bea Sol", ben)
    told.tell()
    assert ear.take()["person"] == {str(mine)}
    with change(HOUSE, via="test") as made:
        made.update("person", mine, {"owner": make_user("Eva Lund").pk})
    told.tell()
    assert ear.take()["person"] == {str(mine)}, "what he saw until now leaves his list"
    with change(HOUSE, via="test") as made:
        made.update("person", mine, {"job_title": "Chief"})
    told.tell()
    assert "person" not in ear.take()


def test_presence_and_notices_reach_only_those_they_are_for() -> None:
    told, ida, ben = Told(), make_user(), make_user("Ben Roth", "member")
    members_see("own")
    first, second = told.ear(ida), told.ear(User.objects.get(pk=ben.pk))
    key = person("Ada Nord")
    told.tell(f"presence person {key}", f"notification {ben.pk}")
    assert first.take() == {"presence": {str(key)}}
    assert second.take() == {"notification": None}


def test_of_many_it_is_only_said_that_there_were_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changed, "MOST_ROWS", 3)
    told = Told()
    ear = told.ear(make_user())
    for name in ("Ada", "Bea", "Eva"):
        person(name)
    told.tell()
    assert ear.take()["person"] is None


def test_what_stands_in_a_timeline_is_heard_of_at_its_record() -> None:
    key = person("Ada Nord")
    told = Told()
    ear = told.ear(make_user())
    with change(HOUSE, via="test") as made:
        made.create("note", {"body": "Called", "about": [("person", key)]})
    told.tell()
    assert ear.take()["person"] == {str(key)}


def test_a_transaction_that_stays_open_keeps_nobody_waiting() -> None:
    told = Told()
    ear = told.ear(make_user())
    late: list[UUID] = []
    written, may_end = Event(), Event()

    def stay_open() -> None:
        try:
            with transaction.atomic():
                late.append(person("Late"))
                written.set()
                may_end.wait(30)
        finally:
            connection.close()

    slow = Thread(target=stay_open)
    slow.start()
    assert written.wait(30)
    prompt = person("Prompt")
    told.tell()
    assert ear.take()["person"] == {str(prompt)}
    may_end.set()
    slow.join(30)
    told.tell()
    assert ear.take()["person"] == {str(late[0])}


@pytest.mark.parametrize("how", ["sign out", "deactivate", "password"])
def test_nothing_is_heard_after_the_session_ended(how: str) -> None:
    told, ben = Told(), make_user("Ben Roth", "member")
    ear = told.ear(ben)
    if how == "sign out":
        Session.objects.filter(user=ben).delete()
    elif how == "deactivate":
        actions.deactivate(ben)
    else:
        actions.change_password(ben, "another long enough one")
    person("Ada Nord")
    told.tell()
    assert ear.heard == [None]
    assert not told.hub.listeners


def test_a_changed_role_holds_at_once() -> None:
    told, ben = Told(), make_user("Ben Roth", "member")
    ear = told.ear(ben)
    members_see("none")
    person("Ada Nord")
    told.tell()
    assert not ear.heard


def test_one_user_can_not_hold_any_number_of_streams() -> None:
    told, ida = Told(), make_user()
    ears = [told.ear(ida) for _number in range(hub.MOST_OF_ONE + 2)]
    assert [one.is_over for one in ears] == [True, True] + [False] * hub.MOST_OF_ONE


def test_a_stream_begins_with_what_the_page_has_missed() -> None:
    ida = make_user()
    key = person("Ada Nord")
    stream = EventStream("key", principal_of(ida), 1)
    assert str(key) in stream.first
    assert '"*"' in EventStream("key", principal_of(ida), inf).first


def test_telling_needs_no_record() -> None:
    with transaction.atomic():
        tell_of_presence("person", uuid4())
        tell_of_notification(uuid4())


def test_who_edits_is_said_to_others_who_see_the_record_and_passes() -> None:
    ida, ben = make_user(), make_user("Ben Roth", "member")
    key = person("Ada Nord", ben)
    address = f"/people/{key}/here/"
    told = Told()
    ear = told.ear(ida)
    assert "Ben Roth" not in signed_in(ben).post(address, {"editing": "1"}).content.decode()
    assert "Ben Roth is editing" in signed_in(ida).post(address).content.decode()
    Presence.objects.update(until=timezone.now())
    assert "Ben Roth" not in signed_in(ida).post(address).content.decode()
    signed_in(ben).post(address, {"editing": "1"})
    signed_in(ben).post(address, {"editing": "0"})
    assert not Presence.objects.exists()
    members_see("own")
    eva = signed_in(make_user("Eva Lund", "member"))
    assert eva.post(address, {"editing": "1"}).status_code == 404
    told.tell(f"presence person {key}")
    assert ear.take()["presence"] == {str(key)}


def test_whoever_may_only_read_edits_nothing() -> None:
    key = person("Ada Nord")
    signed_in(make_user("Rea Lund", "read_only")).post(f"/people/{key}/here/", {"editing": "1"})
    assert not Presence.objects.exists()
