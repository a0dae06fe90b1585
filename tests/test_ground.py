"""What the tests stand on: the app role's rights, nothing left behind, no network."""

import socket

import psycopg
import pytest
from django.db import connection

from rapport.accounts.models import Team
from rapport.project.postgres.roles import APP, OWNER


def _add_team() -> None:
    Team.objects.create(name="Left behind")


@pytest.mark.django_db
def test_tests_run_as_the_app_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (APP, False)


@pytest.mark.django_db
def test_the_app_role_defines_no_tables() -> None:
    with connection.cursor() as cursor, pytest.raises(Exception, match="permission denied"):
        cursor.execute("CREATE TABLE mine (id int)")


def test_the_owner_role_is_at_hand(owner_database_url: str) -> None:
    with psycopg.connect(owner_database_url) as owner:
        assert owner.execute("SELECT current_user").fetchone() == (OWNER,)


@pytest.mark.parametrize("_again", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_a_committed_row_is_gone_in_the_next_test(_again: int) -> None:
    assert not Team.objects.exists()
    _add_team()


@pytest.mark.parametrize("_again", [1, 2])
@pytest.mark.django_db
def test_a_row_is_rolled_back(_again: int) -> None:
    assert not Team.objects.exists()
    _add_team()


def test_no_test_reaches_past_this_machine() -> None:
    with pytest.raises(ConnectionRefusedError, match="may not reach"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
