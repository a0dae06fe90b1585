"""A database that can't serve is told in words, to people and to programs."""

import json
from collections.abc import Callable

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory

from rapport.project.errors import server_error


def answer(path: str, fail: Callable[[], object]) -> HttpResponse:
    try:
        fail()
    except DatabaseError:
        return server_error(RequestFactory().get(path))
    raise AssertionError("It did not fail.")


def no_server() -> None:
    try:
        psycopg.connect("host=/nowhere dbname=none", connect_timeout=1)
    except psycopg.OperationalError as error:
        raise OperationalError(str(error)) from error


def no_room() -> None:
    raise OperationalError from psycopg.errors.DiskFull("could not extend file")


def too_much() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10ms'")
        cursor.execute("SELECT pg_sleep(1)")


def test_no_database_is_said_to_be_a_matter_of_seconds() -> None:
    response = answer("/people/", no_server)
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert "The database does not answer just now" in response.content.decode()


def test_a_full_disk_is_named() -> None:
    response = answer("/people/", no_room)
    assert response.status_code == 507
    assert "disk is full" in response.content.decode()


@pytest.mark.django_db
def test_what_took_too_long_is_told_from_what_is_broken() -> None:
    response = answer("/people/?city=Oslo&columns=name", too_much)
    assert response.status_code == 503
    assert "took too long" in response.content.decode()
    assert 'href="/people/?city=Oslo&amp;columns=name"' in response.content.decode()


def test_programs_get_a_problem_document() -> None:
    response = answer("/api/v1/people", no_server)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert json.loads(response.content)["status"] == 503
