"""A restored instance tells nobody anything: the one that was backed up may have, or still does."""

from __future__ import annotations

import psycopg

QUIET = "UPDATE accounts_workspace SET quiet_since = now()"
HOLD = """
UPDATE automation_webhook SET off_at = now(), off_reason = 'restored' WHERE off_at IS NULL
"""
# Test messages pass by the switch of their webhook.
NO_TESTS = """
UPDATE automation_delivery SET state = 'withheld', done_at = now()
WHERE state = 'waiting' AND object = ''
"""


def make_quiet(url: str) -> None:
    """Hold mail and webhooks of the database at `url` until an owner lets it speak."""
    with psycopg.connect(url) as connection:
        for statement in (QUIET, HOLD, NO_TESTS):
            connection.execute(statement)
