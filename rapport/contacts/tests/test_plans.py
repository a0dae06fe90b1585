"""At 50,000 people every page's statements find their rows by an index."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rapport.accounts.principals import service
from rapport.accounts.testing import make_user, signed_in
from rapport.records import access, registry
from rapport.records.reading import context_for, parse_sort, read_page
from rapport.records.store import change

pytestmark = pytest.mark.django_db
HOUSE = service("tests")
COUNT = 50_000
PAGES_DEEP = 200
PEOPLE = """
INSERT INTO contacts_person (id, first_name, last_name, city)
SELECT uuidv7(), 'P' || mod(n, 100), 'Q' || md5(n::text), 'Town ' || mod(n, 50)
FROM generate_series(1, %s) AS n"""
ADDRESSES = """
INSERT INTO contacts_emailaddress (id, party_id, value, normalised, is_primary, position)
SELECT uuidv7(), id, lower(last_name) || '@example.com', lower(last_name) || '@example.com',
       true, 0
FROM contacts_person"""


@pytest.mark.long
def test_no_page_reads_all_people() -> None:
    with change(HOUSE, via="test"), connection.cursor() as cursor:
        cursor.execute(PEOPLE, [COUNT])
        cursor.execute(ADDRESSES)
    browser = signed_in(make_user())
    for address in (
        "/people/",
        "/people/?name.contains=c81e72",
        "/people/?emails.contains=c81e72",
        "/people/?city=Town+7",
        f"/people/?{urlencode({'after': _deep_cursor()})}",
        "/people/?q=c81e72",
        "/search/?q=c81e72",
    ):
        assert not _scans(browser, address), address


def _deep_cursor() -> str:
    people = registry.get("person")
    sort = parse_sort("", people, frozenset(people.fields))
    page = read_page(
        access.rows(HOUSE, "person"), people, ["name"], sort, context_for(HOUSE),
        limit=PAGES_DEEP * 50,
    )  # fmt: skip
    assert page.next
    return page.next


def _scans(browser: Client, address: str) -> list[str]:
    """Statements of the page that read a whole table of people or their addresses."""
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    found = []
    for query in captured.captured_queries:
        if "contacts_" not in query["sql"] or query["sql"].startswith("EXPLAIN"):
            continue
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN " + query["sql"])
            plan = "\n".join(line for (line,) in cursor.fetchall())
        if re.search(r"Seq Scan on contacts_(person|emailaddress)", plan):
            found.append(plan)
    return found


@pytest.mark.parametrize(
    "rule",
    [
        "emails.contains=ada",
        "emails=ada@example.com",
        "phones.contains=4930",
        "tags=01a20210-caa6-7407-971d-009e73d48ddd",
        "employments=01a20210-caa6-7407-971d-009e73d48ddd",
    ],
)
def test_rules_on_rows_beside_the_record_have_a_chip(rule: str) -> None:
    answer = signed_in(make_user()).get(f"/people/?{rule}")
    assert answer.status_code == 200
    assert 'class="chip' in answer.text
