"""The sample company: alive, once, and gone again by undo."""

from __future__ import annotations

import pytest

from rapport.accounts.principals import service
from rapport.project.demo import DemoExists, build
from rapport.records import access
from rapport.records.changes.undo import undo
from rapport.records.models import ContactWeek, TimelineEntry
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
    with pytest.raises(DemoExists):
        build(HOUSE)
    undo(HOUSE, made, via="test")
    assert not any(access.rows(HOUSE, name).exists() for name in OBJECTS)
