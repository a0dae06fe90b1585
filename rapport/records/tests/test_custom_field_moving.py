"""Fields and objects of one's own go from one instance to another as files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rapport.accounts.actions import NOBODY, create_team
from rapport.accounts.models import Team
from rapport.records import registry
from rapport.records.layouts.saving import save_layout
from rapport.records.metadata.actions import change_field
from rapport.records.metadata.files import Unusable, apply, differences, present, read, write
from rapport.records.metadata.indexes import prepare
from rapport.records.metadata.noticing import is_changed
from rapport.records.models import CustomField, CustomObject, PageLayout
from rapport.records.store import change
from rapport.records.testing import HOUSE
from rapport.records.tests.fields import make_every_kind, make_field
from rapport.records.tests.formulas import formula
from rapport.records.tests.test_custom_objects import make_object

ARRANGED = {
    "sections": [
        {"label": {"en": "Room"}, "fields": [{"name": "name"}, {"name": "own_text", "on": "page"}]}
    ],
    "hidden": ["seats"],
}


def another_instance() -> None:
    """As if nothing had been made here, but a layout of its own and the same teams."""
    with change(HOUSE, via="test"):
        PageLayout.objects.all().delete()
    CustomField.objects.all().delete()
    CustomObject.objects.all().delete()
    is_changed()


@pytest.mark.django_db
def test_what_was_exported_is_the_same_elsewhere(tmp_path: Path) -> None:
    make_every_kind()
    # Read before the field that it asks for.
    make_field("text", "a_rule", visible_when={"field": "own_integer", "op": "gt", "value": 1})
    north = create_team("North", [], NOBODY)
    for team in (None, north):
        save_layout(HOUSE, registry.get("room"), team, ARRANGED)
    went = present()
    assert write(went, tmp_path) == sum(len(part) for part in went.values())
    assert (len(went["layouts"]), len(went["teams"])) == (2, 1)
    another_instance()
    save_layout(HOUSE, registry.get("room"), None, {"sections": []})

    there = read(tmp_path)
    assert {one.what for one in differences(present(), there)} == {"add"}
    Team.objects.update(name="Elsewhere")
    with pytest.raises(Unusable, match="no team called North"):
        apply({part: found for part, found in there.items() if part != "teams"})
    Team.objects.update(name="North")
    apply(there)

    assert present() == went
    assert differences(present(), there) == []
    assert apply(there) == []
    assert str(registry.get("room").fields["own_choice"].label) == "Own choice"


@pytest.mark.django_db
def test_formulas_come_after_what_they_use_and_go_before_it(tmp_path: Path) -> None:
    make_field("decimal", "zone_cost")
    formula("middle", "zone_cost * 2")
    formula("a_first", "middle + sum(rooms.middle where parent.name:x)")
    went = present()
    write(went, tmp_path)
    another_instance()

    apply(read(tmp_path))

    assert present() == went
    assert "a_first" in registry.get("room").fields
    (tmp_path / "empty").mkdir()
    write({part: {} for part in went}, tmp_path / "empty")
    apply(read(tmp_path / "empty"), is_whole=True)
    assert present()["fields"] == {}


@pytest.mark.django_db
def test_a_change_is_told_and_taken_in_and_what_is_only_here_stays(tmp_path: Path) -> None:
    row = make_field("text", "code")
    write(present(), tmp_path)
    change_field(row, {"label": {"en": "Other words"}}, NOBODY)
    make_field("text", "mine")

    there = read(tmp_path)
    (found,) = differences(present(), there)
    assert (found.what, found.name) == ("change", "code")
    assert found.changes["label"][0] == {"en": "Other words"}
    apply(there)
    assert {one.name for one in CustomField.objects.filter(removed_at=None)} == {"code", "mine"}
    assert [one.what for one in apply(there, is_whole=True)] == ["remove"]
    assert "mine" not in registry.get("room").fields


@pytest.mark.django_db
def test_what_can_not_be_is_refused_as_a_whole(tmp_path: Path) -> None:
    with pytest.raises(Unusable):
        read(tmp_path)
    make_field("text", "code")
    make_field("text", "second")
    write(present(), tmp_path)
    path = tmp_path / "fields" / "room.second.json"
    facts = json.loads(path.read_text())
    path.write_text(json.dumps({**facts, "name": "seats"}))
    another_instance()
    with pytest.raises(Unusable, match="seats"):
        apply(read(tmp_path))
    assert not CustomField.objects.exists()
    path.write_text(json.dumps({**facts, "unheard_of": 1}))
    with pytest.raises(Unusable, match="unheard_of"):
        read(tmp_path)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_objects_come_with_their_tables_and_fields(tmp_path: Path) -> None:
    make_object()
    prepare()
    make_field("text", "serial", on="device")
    make_field("relation", "main_device", on="room", to="device")
    went = present()
    write(went, tmp_path)
    another_instance()
    assert not registry.is_declared("device")

    apply(read(tmp_path))

    assert present() == went
    assert "serial" in registry.get("device").fields
    assert "main_device" in registry.get("room").fields
