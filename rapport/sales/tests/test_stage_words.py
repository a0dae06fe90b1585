"""Stages that an import makes stand where they belong and have the chance they should."""

from __future__ import annotations

import pytest

from rapport.records import registry
from rapport.records.store import change
from rapport.records.testing import HOUSE
from rapport.sales.models import Pipeline, Stage
from rapport.sales.seeds import seed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "chance", "before"),
    [
        ("Value Proposition", 50, "Propose"),
        ("appointmentscheduled", 20, "Qualify"),
        ("Prospecting", 10, "Qualify"),
        ("Signature", 95, "Commit"),
        ("Closed Won", 100, "Lost"),
        ("Closed Lost", 0, "Lost"),
    ],
)
def test_a_stage_stands_behind_those_of_no_greater_chance(
    name: str, chance: int, before: str
) -> None:
    seed()
    pipeline = Pipeline.objects.get(position=0)
    values = registry.get("stage").named(Stage.objects.all(), name, pipeline.pk)
    assert values is not None
    with change(HOUSE, via="test") as making:
        made = making.create("stage", values)
    assert Stage.objects.get(pk=made).probability == chance
    in_order = Stage.objects.filter(pipeline=pipeline).order_by("position", "pk")
    names = [one.label["en"] for one in in_order]
    assert names[names.index(name) - 1] == before


def test_the_first_stage_of_a_pipeline_is_halfway() -> None:
    seed()
    with change(HOUSE, via="test") as making:
        empty = making.create("pipeline", {"label": {"en": "New"}, "position": 9})
    values = registry.get("stage").named(Stage.objects.all(), "Somewhere", empty)
    assert values is not None
    assert (values["probability"], values["position"]) == (50, 0)
