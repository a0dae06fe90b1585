"""A connection that the server has hung up on is not handed to a request."""

import psycopg
import pytest

from rapport.project.pooling import check_connection


def test_a_connection_passes_until_the_server_hangs_up(owner_database_url: str) -> None:
    with psycopg.connect(owner_database_url, autocommit=True) as one:
        check_connection(one)
        with psycopg.connect(owner_database_url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [one.info.backend_pid])
        with pytest.raises(psycopg.OperationalError):
            check_connection(one)
