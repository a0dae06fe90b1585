"""A restore that was killed in its last steps is taken to its end, wherever that was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from rapport.project.backups import finishing, scratch
from rapport.project.backups.finishing import DRAFT, finish, put_in_place
from rapport.project.backups.replacing import beside_of
from rapport.project.databases import DatabaseUrls
from rapport.project.instance import Instance


class Killed(BaseException):
    """The power went away."""


@pytest.fixture
def urls(transactional_db: None) -> Iterator[DatabaseUrls]:
    """A database that is in use, and one beside it that was brought in."""
    owner = settings.INSTANCE.owner_database_url
    present = f"{scratch.name_in(owner)}_fin"
    made = f"{present}_made"
    with psycopg.connect(owner, autocommit=True) as connection:
        for name in (present, made):
            scratch.drop(connection, name)
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        with psycopg.connect(scratch.address_of(owner, made)) as brought:
            brought.execute("CREATE TABLE brought ()")
        app = scratch.address_of(settings.INSTANCE.database_url, present)
        yield DatabaseUrls(app, scratch.address_of(owner, present), app)
        for name in (present, made):
            scratch.drop(connection, name)


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    made = Instance(tmp_path)
    made.prepare_folder()
    (made.data / "files" / "was").touch()
    (made.data / DRAFT).mkdir()
    (made.data / DRAFT / "came").touch()
    return made


STEPS = [
    (scratch, "_rename", 1), (scratch, "_rename", 2), (scratch, "_drop_replaced", 1),
    (finishing, "_swap_files", 1), (finishing, "_set_anchors_aside", 1), (finishing, "_forget", 1),
]  # fmt: skip


@pytest.mark.parametrize(("room", "step", "turn"), STEPS)
def test_wherever_it_was_killed(
    urls: DatabaseUrls, instance: Instance, monkeypatch: pytest.MonkeyPatch, room: Any, step: str,
    turn: int,
) -> None:  # fmt: skip
    beside = beside_of(urls, scratch.address_of(urls.owner, scratch.name_in(urls.owner) + "_made"))
    real, calls = getattr(room, step), []

    def until_killed(*given: Any) -> None:
        calls.append(step)
        if len(calls) == turn:
            raise Killed
        real(*given)

    with monkeypatch.context() as patched:
        patched.setattr(room, step, until_killed)
        with pytest.raises(Killed):
            put_in_place(instance, urls, beside, has_files=True, key="the key it came with")
    assert instance.restore_mark.exists()
    finish(instance, urls)
    with psycopg.connect(urls.owner) as connection:
        assert connection.execute("SELECT to_regclass('brought') IS NOT NULL").fetchone() == (True,)
    assert [path.name for path in (instance.data / "files").iterdir()] == ["came"]
    assert (instance.secrets / "session-key").read_text().strip() == "the key it came with"
    assert not instance.restore_mark.exists()
    assert not [path for path in instance.data.iterdir() if path.name.startswith("files.")]


@pytest.mark.long  # The server waits five seconds for whoever is connected.
def test_what_can_not_be_put_in_place_leaves_all_as_it_was(
    urls: DatabaseUrls, instance: Instance
) -> None:
    key = (instance.secrets / "session-key").read_text()
    beside = beside_of(urls, scratch.address_of(urls.owner, scratch.name_in(urls.owner) + "_made"))
    with (
        psycopg.connect(urls.owner),
        pytest.raises(finishing.BackupFault, match="could not be put in its place"),
    ):
        put_in_place(instance, urls, beside, has_files=True, key="another")
    assert [path.name for path in (instance.data / "files").iterdir()] == ["was"]
    assert (instance.secrets / "session-key").read_text() == key
    assert not instance.restore_mark.exists()


def test_the_old_one_is_kept_while_there_is_no_other(urls: DatabaseUrls) -> None:
    present = scratch.name_in(urls.owner)
    old = f"{present}{scratch.OLD}00000000"
    with scratch.elsewhere(urls.owner) as owner:
        scratch._rename(owner, present, old)
        with pytest.raises(finishing.BackupFault, match="is not there"):
            scratch.swap(urls.owner, urls.app_role, "gone")
        scratch._rename(owner, old, present)
