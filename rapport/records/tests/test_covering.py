"""The objects that stand for the others in the gate."""

from __future__ import annotations

from rapport.records import registry
from rapport.records.tests.covering import abilities, abilities_and_types, covering, fewest


def test_every_shape_of_every_object_is_asked() -> None:
    every = [one for one in registry.all_objects() if one.trait == "mutable"]
    for shape in (abilities, abilities_and_types):
        asked = [shape(one) for one in every if one.name in covering(shape)]
        assert set().union(*asked) == set().union(*map(shape, every))


def test_what_one_object_has_alone_brings_it_in() -> None:
    usual = {"board", "panel"}
    assert fewest({"deal": usual, "tag": {"panel"}}) == {"deal"}
    assert fewest({"deal": usual, "tag": {"panel", "hue"}}) == {"deal", "tag"}


def test_types_of_fields_and_hooks_are_shapes() -> None:
    assert {"board", "gates", "owned", "action form"} <= abilities(registry.get("deal"))
    assert "field emails" in abilities_and_types(registry.get("person"))
    assert "named" in abilities(registry.get("stage"))
