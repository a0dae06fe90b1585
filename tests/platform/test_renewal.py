"""What a test committed is gone for the next one, without a new copy where rows were all it was."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests import renewal
from tests.database import Copy
from tests.renewal import read_template, take_back


@pytest.fixture
def copy(django_db_setup: Copy) -> Iterator[psycopg.Connection]:
    """A copy beside the one that tests are run in."""
    copy = Copy(django_db_setup.server, f"{django_db_setup.name}_beside")
    copy.renew()
    with copy.server.admin(copy.name) as connection:
        yield connection
    copy.drop()


def test_rows_and_numbers_are_as_before(copy: psycopg.Connection) -> None:
    template = read_template(copy)
    copy.execute("UPDATE accounts_workspace SET name = 'Nordwind'")
    copy.execute("DELETE FROM accounts_grant")
    copy.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('a', 'b', '{}')"
    )
    assert copy.execute("SELECT count(*) FROM procrastinate_events").fetchone() == (1,)
    assert take_back(copy, template)
    assert read_template(copy) == template


def test_what_is_more_than_rows_calls_for_a_new_copy(
    copy: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for change in (
        "CREATE INDEX ON contacts_person (created_at)",
        "ALTER TABLE contacts_person DISABLE TRIGGER USER",
    ):
        template = read_template(copy)
        copy.execute(change)
        assert not take_back(copy, template), change
    monkeypatch.setattr(renewal, "MOST_GROWN", -1)
    assert not take_back(copy, read_template(copy)), "full of rows that are gone"


def test_who_is_still_connected_is_sent_away(
    copy: psycopg.Connection, django_db_setup: Copy
) -> None:
    template = read_template(copy)
    with django_db_setup.server.admin(copy.info.dbname) as other:
        other.execute("BEGIN")
        other.execute("UPDATE accounts_workspace SET name = 'Late'")
        assert take_back(copy, template)
        with pytest.raises(psycopg.OperationalError):
            other.execute("COMMIT")
    assert read_template(copy) == template
