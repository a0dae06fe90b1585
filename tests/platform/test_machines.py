"""Several machines behind nginx and PgBouncer, as docs/operate/scaling.md says."""

import subprocess
from pathlib import Path

import pytest

from bench.several import missing, pgbouncer
from rapport.project.postgres import Cluster

from .instances import CHECKOUT, clean_environment, start

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(bool(missing()), reason=f"not on this machine: {', '.join(missing())}"),
]


def test_a_rolling_restart_under_load_fails_no_request() -> None:
    done = subprocess.run(
        [CHECKOUT / "bench" / "run", "machines", "--people", "1000"],
        capture_output=True, text=True, check=False, env=clean_environment(),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert ", 0 failed" in done.stdout


def test_a_pooler_in_the_way_of_who_listens_is_told_at_the_start(tmp_path: Path) -> None:
    server = Cluster(tmp_path / "server", durable=False)
    server.start()
    try:
        with pgbouncer(tmp_path, server) as pooled:
            instance = start(tmp_path / "data", "--database-url", pooled)
            assert instance.process.wait(60) == 1
            assert "Give an address past it with --owner-database-url" in instance.said
            owner = ("--owner-database-url", server.url("owner"))
            instance = start(tmp_path / "data", "--database-url", pooled, *owner)
            assert instance.process.wait(60) == 1
            assert "Give an address past it with --direct-database-url" in instance.said
    finally:
        server.stop()
