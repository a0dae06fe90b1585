"""Turning a value, or the name of a field, an order, a period or a zone, into SQL.

Every name comes from the declaration, every value is a parameter; that no SQL is put together from
text is `tests/house/test_safety.py`, and conditions are fuzzed in
`rapport/records/tests/test_conditions_fuzz.py`.
"""

from typing import Any

import pytest
from django.db import connection

from rapport.accounts.testing import make_user, signed_in
from rapport.records.testing import make_sample
from rapport.records.tests.api import Program, program

pytestmark = pytest.mark.django_db

PAYLOADS = [
    "'",
    '"',
    "' OR '1'='1",
    "1; DROP TABLE contacts_person; --",
    "id) FROM accounts_user; --",
    "name; COPY (SELECT 1) TO PROGRAM 'id'",
    "UTC' AND 1/0=1 --",
    "name/**/UNION/**/SELECT/**/password",
    "%27%20OR%201=1",
    "\\'; SELECT 1/0",
    "$$; SELECT 1/0; $$",
    "last_name__startswith",
    "owner__password",
    "${name}",
    "0x27",
    "a\x00b",
]
LISTS = ("columns", "sort", "after", "before", "limit", "where", "q", "include", "count", "filter")
PAGES = ("columns", "sort", "after", "view", "q", "group", "show", "page", "where", "by", "colour")
GROUPS = ("by", "measure", "where", "timezone", "sort", "limit")
GATE = ("' OR '1'='1", "name; COPY (SELECT 1) TO PROGRAM 'id'", "owner__password", "a\x00b")
payloads = pytest.mark.parametrize(
    "payload",
    [pytest.param(one, marks=[] if one in GATE else pytest.mark.long) for one in PAYLOADS],
)


@pytest.fixture
def owner() -> Program:
    make_sample("person")
    return program()


def asked(answer: Any) -> None:
    assert answer.status_code in (200, 400, 404, 422), answer.content[:300]
    assert b"psycopg" not in answer.content
    assert b"syntax error" not in answer.content


@payloads
def test_cve_2026_46624_no_option_of_a_query_is_sql(owner: Program, payload: str) -> None:
    for name in LISTS:
        asked(owner.get("/people", {name: payload}))
    for name in GROUPS:
        asked(owner.get("/deals/aggregate", {"by": "stage", "measure": "count"} | {name: payload}))


@pytest.mark.parametrize("payload", PAYLOADS[1::2])
def test_cve_2013_3213_no_parameter_of_a_list_is_sql(payload: str) -> None:
    browser = signed_in(make_user())
    for name in PAGES:
        asked(browser.get("/people/", {name: payload}))
    asked(browser.get("/people/", {f"last_name.{payload}": "x"}))
    asked(browser.get("/people/", {f"{payload}.is": "x"}))


def test_cve_2016_10754_keys_in_lists_are_keys(owner: Program) -> None:
    for payload in PAYLOADS:
        answer = owner.post("/people/bulk", {"action": "delete", "ids": [payload]})
        assert answer.status_code in (400, 404, 422)
        assert owner.get(f"/people/{payload.replace('/', '')}").status_code in (404, 422)
    assert owner.get("/people").json()["total"]["value"] == 1


def test_cve_2018_7196_an_order_names_a_field_or_is_refused(owner: Program) -> None:
    for order in ("password", "owner.password", "-", "last_name desc", "random()", "1"):
        assert owner.get("/people", {"sort": order}).status_code == 422, order


def test_cve_2025_54788_what_is_sought_is_text() -> None:
    browser = signed_in(make_user())
    for payload in PAYLOADS:
        asked(browser.get("/search/", {"q": payload}))


def test_cve_2026_46624_the_apps_role_runs_no_programs_and_makes_no_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls,"
            " pg_has_role(oid, 'pg_execute_server_program', 'MEMBER'),"
            " pg_has_role(oid, 'pg_read_server_files', 'MEMBER'),"
            " pg_has_role(oid, 'pg_write_server_files', 'MEMBER'),"
            " has_schema_privilege(oid, 'public', 'CREATE')"
            " FROM pg_roles WHERE rolname = current_user"
        )
        assert not any(cursor.fetchone() or [True])
