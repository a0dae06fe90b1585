"""Whoever follows the log counts as the log does, on whichever server it was restored."""

import re
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings

from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user
from rapport.project.backups.contents import settle
from rapport.project.fingerprint import PACKAGE
from rapport.records.changes.sealing import broken_seals
from rapport.records.live.changed import changed_since, now
from rapport.records.store import change
from rapport.records.tests.test_sealing import seal_all

BARE = re.compile(r"(?<!rapport_log_number\()pg_snapshot_xm(?:in|ax)\(|SELECT busy FROM")
FAR = 10**12


def test_nobody_compares_the_log_with_the_bare_numbers_of_a_server() -> None:
    sources = [path for path in PACKAGE.rglob("*.*") if path.suffix in {".py", ".sql"}]
    ours = [path for path in sources if "tests" not in path.parts]
    assert [path.name for path in ours if BARE.search(path.read_text())] == []


@pytest.mark.django_db(transaction=True)
def test_a_log_from_another_server_goes_on_being_sealed_and_followed() -> None:
    owner = principal_of(make_user())
    with change(owner, via="web") as made:
        made.create("person", {"name": "Came Before"})
    with psycopg.connect(settings.INSTANCE.owner_database_url) as restoring:
        # What a server further on would have left behind.
        restoring.execute(
            "UPDATE records_change SET xid = (xid::text::bigint + %s)::text::xid8", [FAR]
        )
        restoring.execute(
            "INSERT INTO records_cursor (name, xid, change_id, updated_at) "
            "VALUES (%s, %s, 0, now())", [str(uuid4()), 2 * FAR],
        )  # fmt: skip
        settle(restoring)
    seal_all()
    before = now()
    assert changed_since(before)[0] == {}
    with change(owner, via="web") as made:
        key = made.create("person", {"name": "Came After"})
    found, _after = changed_since(before)
    assert found["person"].ids == {key}
    seal_all()
    assert list(broken_seals()) == []
