"""Yes and no in fields of one's own, for records that are here already."""

from __future__ import annotations

import pytest

from rapport.records.testing import create, read, update
from rapport.records.tests.fields import make_field
from rapport.sales.models import Quota
from rapport.sales.tests.test_import_deals import take, tally

pytestmark = pytest.mark.django_db
HEAD = "External ID,Quota Date,Sales Quota,Firm\n"


@pytest.mark.parametrize("policy", ["update", "fill"])
def test_no_where_nobody_said_is_no_change(policy: str) -> None:
    make_field("boolean", "firm", on="quota", label={"en": "Firm", "es": "Firme"})
    row = create("quota", external_id="a", begins="2024-01-01", amount="1000", span="quarter")
    Quota.objects.update(custom={})
    assert tally(take(f"{HEAD}a,2024-01-01,1000,false\n", "quota", policy)) == (0, 0, 1, 0, 0)
    assert Quota.objects.get().custom == {}
    assert tally(take(f"{HEAD}a,2024-01-01,1000,true\n", "quota", policy)) == (0, 1, 0, 0, 0)
    assert read("quota", row, "firm") is True


def test_no_takes_a_yes_back() -> None:
    make_field("boolean", "firm", on="quota", label={"en": "Firm", "es": "Firme"})
    row = create("quota", external_id="a", begins="2024-01-01", amount="1000", span="quarter")
    update("quota", row, firm=True)
    assert tally(take(f"{HEAD}a,2024-01-01,1000,false\n", "quota")) == (0, 1, 0, 0, 0)
    assert read("quota", row, "firm") is False
