"""People as they were: with the name the database made of its parts, and the ways to reach them."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from django.utils import timezone

from rapport.accounts.testing import make_user, signed_in
from rapport.records.store import change
from rapport.records.testing import HOUSE

pytestmark = pytest.mark.django_db(transaction=True)


def way(address: str) -> dict[str, object]:
    return {"value": address, "normalised": address, "label": "", "is_primary": True}


def test_a_person_is_shown_under_the_name_and_address_of_that_day(owner_database_url: str) -> None:
    with change(HOUSE, via="test") as made:
        key = made.create(
            "person",
            {"name": "Ana Soltera", "emails": [way("ana@soltera.example")]},
        )
    with psycopg.connect(owner_database_url, autocommit=True) as owner:
        owner.execute("UPDATE records_change SET at = now() - interval '9 days'")
        owner.execute("UPDATE records_changeset SET at = now() - interval '9 days'")
    with change(HOUSE, via="test") as editing:
        editing.update("person", key, {"name": "Ana Casada", "emails": [way("ana@casada.example")]})
    day = timezone.now() - timedelta(days=5)
    shown = signed_in(make_user()).get(f"/people/{key}/?at={day:%Y-%m-%d}").content.decode()
    assert '<h1 class="big" dir="auto">Ana Soltera</h1>' in shown
    assert "ana@soltera.example" in shown
    assert "ana@casada.example" not in shown
