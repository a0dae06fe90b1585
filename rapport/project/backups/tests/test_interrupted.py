"""An upgrade that was interrupted is told from one that failed, and is told of."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from rapport.project.backups.upgrading import (
    UpgradeDisturbed,
    UpgradeFailed,
    _witnessed,
    tell_of_interrupted,
)
from rapport.project.databases import DatabaseUrls
from rapport.project.instance import Instance
from rapport.project.observing.incidents import incidents
from rapport.project.observing.telling import said_of

END = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE usename = current_user AND pid <> pg_backend_pid() AND datname IN ('postgres', 'template1')
"""


@pytest.fixture
def urls(transactional_db: None) -> DatabaseUrls:
    app = settings.INSTANCE.database_url
    return DatabaseUrls(app, settings.INSTANCE.owner_database_url, app)


def test_a_fault_of_the_new_version_is_one(urls: DatabaseUrls) -> None:
    with pytest.raises(UpgradeFailed, match="does not work") as told, _witnessed(urls):
        raise UpgradeFailed("It does not work.")
    assert not isinstance(told.value, UpgradeDisturbed)


def fail_with_the_server(urls: DatabaseUrls) -> None:
    """As if it was killed: all connections are gone."""
    with psycopg.connect(urls.owner) as owner:
        owner.execute(END)
    raise UpgradeFailed("It does not work.")


def test_a_server_that_went_away_is_none(urls: DatabaseUrls) -> None:
    with pytest.raises(UpgradeDisturbed, match="takes it up again"), _witnessed(urls):
        fail_with_the_server(urls)


def test_an_upgrade_that_ended_in_the_middle_is_told_once(tmp_path: Path) -> None:
    instance = Instance(tmp_path)
    instance.prepare_folder()
    (tmp_path / "log").mkdir(exist_ok=True)
    said: list[str] = []
    facts = {"at": "2026-11-23T10:00:00+00:00", "backup": "/data/backups/before.tar"}
    instance.upgrade_mark.write_text(json.dumps(facts))
    tell_of_interrupted(instance, said.append)
    tell_of_interrupted(instance, said.append)
    assert len(said) == 1
    assert "/data/backups/before.tar" in said[0]
    noted = incidents(instance, datetime.min.replace(tzinfo=UTC))
    assert "upgrade ×1" in said_of(noted)
    assert "before.tar" in said_of(noted)
