"""A first page of people weighs little on the way."""

from __future__ import annotations

import gzip

import pytest

from rapport.accounts.testing import make_user, signed_in
from rapport.records.store import change
from rapport.records.testing import HOUSE

pytestmark = pytest.mark.django_db
MOST_BYTES = 60_000


def test_the_first_list_page_is_under_sixty_kilobytes_packed() -> None:
    rows = [
        {"first_name": f"Given{number}", "last_name": f"Family{number}", "city": f"Town {number}"}
        for number in range(60)
    ]
    with change(HOUSE, via="test") as made:
        made.create_many("person", rows)
    page = signed_in(make_user()).get("/people/")
    assert page.content.count(b"Given") >= 50
    assert len(gzip.compress(page.content)) < MOST_BYTES
