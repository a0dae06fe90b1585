"""A record that somebody else holds for longer than one waits."""

from __future__ import annotations

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from rapport.records.testing import create
from rapport.records.tests.api import program

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_waits_for_a_held_record_in_vain_is_asked_to_come_again() -> None:
    asks, key = program(), create("person", last_name="Berg")
    place = f"/people/{key}"
    with psycopg.connect(settings.INSTANCE.database_url) as holder, connection.cursor() as cursor:
        holder.execute("SELECT 1 FROM contacts_person WHERE id = %s FOR UPDATE", [key])
        cursor.execute("SET lock_timeout = '50ms'")
        try:
            refused = asks.patch(place, {"job_title": "Buyer"})
        finally:
            cursor.execute("RESET lock_timeout")
    assert (refused.status_code, refused["Retry-After"]) == (409, "5")
    assert asks.patch(place, {"job_title": "Buyer"}).status_code == 200
