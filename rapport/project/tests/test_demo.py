"""The sample company: alive, once, and gone again by undo."""

from __future__ import annotations

import pytest

from rapport.accounts.principals import service
from rapport.project.demo import DemoExists, build
from rapport.records import access, registry
from rapport.records.changes.undo import undo
from rapport.records.completeness.kind import FAIR, GOOD
from rapport.records.models import ContactWeek, TimelineEntry
from rapport.records.testing import read
from rapport.sales.models import DealPerson
from rapport.sales.seeds import seed

pytestmark = pytest.mark.django_db
HOUSE = service("tests")
OBJECTS = ("person", "company", "deal", "task", "call", "meeting", "lead")


def test_the_sample_company_looks_alive_and_undo_clears_it() -> None:
    seed()
    made = build(HOUSE)
    assert all(access.rows(HOUSE, name).exists() for name in OBJECTS)
    assert TimelineEntry.objects.exists()
    assert ContactWeek.objects.exists()
    assert DealPerson.objects.filter(role="decision_maker").exists()
    _assert_some_are_known_better_than_others()
    with pytest.raises(DemoExists):
        build(HOUSE)
    undo(HOUSE, made, via="test")
    assert not any(access.rows(HOUSE, name).exists() for name in OBJECTS)


def _assert_some_are_known_better_than_others() -> None:
    """By the rules that score people and companies."""
    for name in ("person", "company"):
        declaration = registry.get(name)
        rules = [rule for rule in declaration.expects if rule.sort == "missing"]
        assert rules
        bands = set()
        for record in access.rows(HOUSE, name).values_list("pk", flat=True):
            lacking = sum(
                rule.points for rule in rules
                if declaration.fields[rule.field].blank(read(name, record, rule.field))
            )  # fmt: skip
            bands.add(sum(100 - lacking >= low for low in (FAIR, GOOD)))
        assert bands == {0, 1, 2}, name
