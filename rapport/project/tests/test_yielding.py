"""Background work goes behind pages."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.db.backends.signals import connection_created

from rapport.project import yielding
from rapport.project.yielding import NICENESS, yield_to_pages


@pytest.fixture
def lowered(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[int, int]]]:
    """Who was lowered to what; sessions of these tests are kept for others, so none really is."""
    found: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "setpriority", lambda _which, *given: found.append(given))
    yield found
    connection_created.disconnect(dispatch_uid="yield_to_pages")


@pytest.mark.django_db
@pytest.mark.parametrize("is_embedded", [True, False])
def test_sessions_of_the_worker_go_behind_where_the_database_is_ours(
    tmp_path: Path,
    lowered: list[tuple[int, int]],
    is_embedded: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if is_embedded:
        (tmp_path / "postgres").mkdir()
        (tmp_path / "postgres" / "postmaster.pid").write_text("1\n")
    monkeypatch.setattr(yielding, "AUTOGROUP", str(tmp_path / "{}"))
    yield_to_pages(tmp_path)
    session = connection.copy()
    try:
        session.ensure_connection()
        pid = session.connection.info.backend_pid
    finally:
        session.close()
    assert (tmp_path / str(pid)).exists() == is_embedded
    assert lowered == [(0, NICENESS), (pid, NICENESS)][: 2 if is_embedded else 1]
