"""At 50,000 people every page's statements find their rows by an index."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rapport.accounts.actions import create_team
from rapport.accounts.principals import service
from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.tests.sharing import narrow
from rapport.contacts.tests.test_rules import holding
from rapport.kit.origin import without_comment
from rapport.records import access, registry
from rapport.records.reading import context_for, parse_sort, read_page
from rapport.records.store import change

pytestmark = pytest.mark.django_db
HOUSE = service("tests")
COUNT = 50_000
BRANCH = {"field": "company.industry", "op": "is", "value": "Branch 7"}
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


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_people_of_a_city_are_counted_and_shown_in_order_by_one_index(
    owner_database_url: str,
) -> None:
    with change(HOUSE, via="test"), connection.cursor() as cursor:
        # What isn't in the journal yet would not be marked as seen by all.
        cursor.execute("SET LOCAL synchronous_commit = on")
        cursor.execute(PEOPLE, [COUNT])
    with psycopg.connect(owner_database_url, autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE contacts_person")
    browser = signed_in(make_user())
    later = _deep_cursor(1)
    for address in ("/people/?city=Town+7", f"/people/?city=Town+7&{urlencode({'after': later})}"):
        plans = [one for one in _plans(browser, address) if "contacts_person" in one]
        counted = [one for one in plans if "Aggregate" in one]
        assert (len(plans), len(counted)) == (2, 1), plans
        assert "Index Only Scan using rx_contacts_p_city" in counted[0]
        for one in plans:
            assert re.search(r"using rx_contacts_p_city_\w+o on", one), one
            assert "Sort" not in one


SOMEBODY = """
UPDATE contacts_person SET owner_id = %(who)s WHERE id IN (
  SELECT id FROM contacts_person WHERE owner_id IS NULL ORDER BY id LIMIT %(count)s)"""
FIRMS = """
WITH made AS (
  INSERT INTO contacts_company (id, name, industry)
  SELECT uuidv7(), 'F' || n, 'Branch ' || mod(n, 19) FROM generate_series(1, 5000) AS n
  RETURNING id
), numbered AS (SELECT id, row_number() OVER () - 1 AS n FROM made)
UPDATE contacts_person AS p SET company_id = f.id
FROM (SELECT id, row_number() OVER () - 1 AS n FROM contacts_person) AS q
JOIN numbered AS f ON f.n = mod(q.n, 5000) WHERE p.id = q.id"""
SHARED = """
INSERT INTO records_share (id, object, record_id, holder_kind, holder_id, holder_name, level)
SELECT uuidv7(), 'person', id, 'user', %(who)s, 'Mia', 'view' FROM contacts_person
WHERE owner_id IS NULL LIMIT 50"""


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_who_sees_little_reads_little(owner_database_url: str) -> None:
    """One who owns half a thousandth and was shared 50, a lead of a twentieth, one by a rule."""
    mia, rep = narrow("Mia Member"), narrow("Rex Two")
    lead, ruled = narrow("Lea One", view="below"), make_user("Ria Rule", "member")
    create_team("North", [rep.pk], parent=create_team("Sales", [lead.pk]))
    with change(HOUSE, via="test"), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(PEOPLE, [COUNT])
        cursor.execute(FIRMS)
        for who, count in ((mia, 25), (rep, 2_000), (lead, 500)):
            cursor.execute(SOMEBODY, {"who": who.pk, "count": count})
        cursor.execute(SHARED, {"who": mia.pk})
    holding(ruled, "person", {"view": "rule"}, {"view": BRANCH})
    with psycopg.connect(owner_database_url, autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE contacts_person, contacts_company, records_share")
    later = urlencode({"after": _deep_cursor(1)})
    for user in (mia, lead, ruled):
        for address in ("/people/", "/people/?city=Town+7", f"/people/?{later}"):
            assert not _scans(signed_in(user), address), (user.name, address)
    # What a rule goes by is asked of each row on the way, and not gathered before.
    for address in ("/people/", f"/people/?{later}"):
        plans = _plans(signed_in(ruled), address)
        assert not any("hashed SubPlan" in plan for plan in plans), (address, plans)


def _deep_cursor(pages: int = PAGES_DEEP) -> str:
    people = registry.get("person")
    sort = parse_sort("", people, frozenset(people.fields))
    page = read_page(
        access.rows(HOUSE, "person"), people, ["name"], sort, context_for(HOUSE),
        limit=pages * 50,
    )  # fmt: skip
    assert page.next
    return page.next


def _scans(browser: Client, address: str) -> list[str]:
    """Plans of the page that read a whole table of people or their addresses."""
    whole = re.compile(r"Seq Scan on contacts_(person|emailaddress)")
    return [plan for plan in _plans(browser, address) if whole.search(plan)]


def _plans(browser: Client, address: str) -> list[str]:
    """How the database goes about the page's statements on people and companies."""
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    asked = [without_comment(one["sql"]) for one in captured.captured_queries]
    found = []
    for text in asked:
        if "contacts_" in text and not text.startswith("EXPLAIN"):
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN " + text)
                found.append("\n".join(line for (line,) in cursor.fetchall()))
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
