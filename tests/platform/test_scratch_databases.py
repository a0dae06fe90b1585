"""A database for a while goes again, whatever the server does in it at that moment."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from rapport.project.backups.scratch import name_in, scratch_database
from rapport.project.postgres import Cluster

from .instances import wait_until

pytestmark = pytest.mark.long
#: A cleaner that comes at once and stays for ever.
DILIGENT = """
autovacuum_naptime = 1s
autovacuum_vacuum_cost_delay = 100ms
autovacuum_vacuum_cost_limit = 1
autovacuum_vacuum_insert_threshold = 10
"""
FILLED = "CREATE TABLE filled AS SELECT n, repeat('x', 500) AS text FROM generate_series(1, %s) n"
CLEANING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'autovacuum worker'
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("diligent"))
    made.start()
    made.stop()
    (made.folder / "operator.conf").write_text(DILIGENT)
    made.start()
    yield made
    made.stop()


def test_a_copy_goes_while_the_server_cleans_it(cluster: Cluster) -> None:
    with (
        psycopg.connect(cluster.url("admin", "postgres"), autocommit=True) as admin,
        scratch_database(cluster.url("owner")) as copy,
    ):
        with psycopg.connect(copy) as connection:
            connection.execute(FILLED, [20_000])
        name = name_in(copy)
        wait_until(lambda: (admin.execute(CLEANING, [name]).fetchone() or (0,))[0], 60)
        # Somebody who forgot to go is no obstacle either.
        forgotten = psycopg.connect(copy)
    with psycopg.connect(cluster.url("admin", "postgres")) as admin:
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        assert admin.execute(query, [name]).fetchone() is None
    forgotten.close()
