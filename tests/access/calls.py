"""Somebody to be called on the member's call list, at any hour."""

from __future__ import annotations

from uuid import UUID

from rapport.activities.actions import call_people, keep_call_rules
from rapport.activities.models import CallEntry
from rapport.kit.ids import uuid7
from rapport.records.declare import Object
from rapport.records.testing import HOUSE, make_sample


def called(declaration: type[Object], record: UUID) -> UUID:
    """The entry of somebody on the list, where the record is one; else none that is there."""
    if declaration.name != "call_list":
        return uuid7()
    keep_call_rules({day: [(0, 24 * 60)] for day in range(1, 8)}, keeps_holidays=False)
    call_people(HOUSE, [make_sample("person", 5)], {"call_list": record})
    return CallEntry.objects.get(call_list=record).pk
