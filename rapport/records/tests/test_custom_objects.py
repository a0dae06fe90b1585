"""Objects that administrators make have every surface, without a restart."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from rapport.accounts.actions import NOBODY
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.records import registry
from rapport.records.changes.history import history_of
from rapport.records.changes.undo import undo
from rapport.records.metadata.actions import remove_field
from rapport.records.metadata.indexes import prepare
from rapport.records.metadata.noticing import forget
from rapport.records.metadata.object_actions import (
    add_object,
    bring_object_back,
    change_object,
    remove_object,
)
from rapport.records.metadata.purging import purge
from rapport.records.models import CustomObject
from rapport.records.store import change
from rapport.records.store.errors import Rejected
from rapport.records.testing import create, found, read, update
from rapport.records.tests.api import Program
from rapport.records.tests.fields import make_field

DEVICE: dict[str, Any] = {"label": {"en": "Device"}, "label_plural": {"en": "Devices"}}


def make_object(**facts: Any) -> CustomObject:
    return add_object({**DEVICE, **facts}, NOBODY)


@pytest.mark.django_db(transaction=True)
def test_an_object_is_made_used_everywhere_removed_and_brought_back() -> None:
    owner = make_user()
    web, program, me = signed_in(owner), Program(owner), principal_of(owner)
    row = make_object()
    assert not registry.is_declared("device")
    assert web.get("/devices/").status_code == 404
    prepare()
    assert CustomObject.objects.get().state == "ready"

    make_field("text", "serial", on="device", unique=True, search=True)
    make_field("relation", "room_own", on="device", to="room")
    pointing = make_field("relation", "main_device", on="room", to="device")
    prepare()
    room = create("room", name="Lab")
    assert 'href="/devices/"' in web.get("/").content.decode()
    made = program.post("/devices", {"name": "Probe", "serial": "S1", "room_own": str(room)})
    assert made.status_code == 201, made.content
    device = made.json()["id"]
    update("room", room, main_device=device)
    for address in (
        "/devices/", f"/devices/{device}/", "/devices/new/", "/devices/quick/", "/devices/trash/",
        "/devices/?q=S1", "/devices/?where=room_own:(name:Lab)", "/devices/conditions/",
        f"/devices/{device}/history/", "/rooms/?where=main_device.serial:S1", "/devices/export/",
        f"/rooms/{room}/",
    ):  # fmt: skip
        assert web.get(address).status_code == 200, address
    assert "Probe" in web.get("/devices/?q=S1").content.decode()
    assert "Probe" in web.get(f"/rooms/{room}/").content.decode()
    assert f"/devices/{device}/" in web.get("/search/?q=probe").content.decode()
    assert found("room", "main_device.serial", "is", "S1") == {room}
    assert "/devices" in json.dumps(program.get("/openapi.json").json())

    with change(me, via="web") as renamed:
        renamed.update("device", made.json()["id"], {"name": "Sensor"})
    assert history_of(me, "device", device)[0].fields[0].new == "Sensor"
    undo(me, renamed.id, via="web")
    assert read("device", device, "name") == "Probe"

    member = make_user("Max", role="read_only", email="max@example.com")
    assert signed_in(member).get("/devices/").status_code == 200
    assert signed_in(member).get("/devices/new/").status_code == 403
    remove_object(row, NOBODY)
    assert web.get("/devices/").status_code == 404
    assert web.get(f"/rooms/{room}/").status_code == 200
    bring_object_back(row, NOBODY)
    assert read("device", device, "serial") == "S1"

    # As a process that starts now: what is there is read with the first page.
    forget()
    assert not any(re.fullmatch("custom[0-9a-f]{32}", name) for name in apps.all_models["records"])
    assert web.get(f"/devices/{device}/").status_code == 200
    remove_field(pointing, NOBODY)
    remove_object(row, NOBODY)
    assert purge(timezone.now()) > 0
    assert not CustomObject.objects.exists()
    assert registry.get("room").model._default_manager.get(pk=room).custom == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "at"),
    [
        ({"name": "person"}, "name"),
        ({"name": "x'y"}, "name"),
        ({"plural": "people"}, "plural"),
        ({"plural": "setup"}, "plural"),
        ({"plural": "login"}, "plural"),
        ({"plural": "history"}, "plural"),
        ({"label": {"en": ""}}, "label"),
        ({"label_plural": {"en": "x" * 81}}, "label_plural"),
        ({"icon": "nothing"}, "icon"),
        ({"access": "public"}, "access"),
    ],
)
def test_an_object_that_can_not_be_is_refused_where_it_is_wrong(
    facts: dict[str, Any], at: str
) -> None:
    with pytest.raises(Rejected) as refused:
        make_object(**facts)
    assert at in refused.value.fields


@pytest.mark.django_db
def test_an_object_keeps_its_names_when_its_words_change() -> None:
    row = make_object()
    change_object(row, {"label": {"en": "Gauge"}, "name": "other", "plural": "other"}, NOBODY)

    row.refresh_from_db()
    assert (row.label, row.name, row.plural) == ({"en": "Gauge"}, "device", "devices")
