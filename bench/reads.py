"""What the statements of a page read: rows of each scan, counted by EXPLAIN (ANALYZE, BUFFERS)."""

import gzip
import json
import re
import statistics
import time
from collections.abc import Iterator, Mapping
from typing import Any

#: What stands in the table; the statements of each are asked as every one of the four.
ADDRESSES = {
    "list": "/people/",
    "contains": "/people/?name.contains={part}",
    "city": "/people/?city={city}",
    "segment": "/people/?segment=gold",
    "deep": "/people/?after={after}",
    "record": "/people/{person}/",
    "board": "/deals/board/",
}
WARM, TURNS, LOADS = 3, 5, 15
TABLES = re.compile(r"contacts_person|sales_deal$")


def counted(
    emails: Mapping[str, str], given: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, Any]]:
    """Rows read and buffers touched by who asks and page, in the opened instance; `given` fills
    the addresses."""
    return {
        name: {
            "sees": _sees(email),
            **{page: _read(email, text.format(**given[name])) for page, text in ADDRESSES.items()},
        }
        for name, email in emails.items()
    }


def _sees(email: str) -> int:
    from rapport.records import access

    return int(access.rows(_principal(email), "person").count())


def _read(email: str, address: str) -> dict[str, Any]:
    """What one page costs, once what is learnt for many pages is known: rows and buffers of its
    statements, the most rows that one of them read, and the time of Python and of the database."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from rapport.accounts.models import User
    from rapport.kit.origin import without_comment

    browser = Client(headers={"host": "127.0.0.1"})
    browser.force_login(User.objects.get(email=email))
    for _turn in range(WARM):
        answer = browser.get(address)
    with CaptureQueriesContext(connection) as captured:
        browser.get(address)
    told = [without_comment(one["sql"]) for one in captured.captured_queries]
    asked = [text for text in told if _is_question(text)]
    plans = [[_plan(text) for _turn in range(TURNS)] for text in asked]
    rows = [_rows(turns[0]["Plan"]) for turns in plans]
    return {
        "status": answer.status_code, "statements": len(captured.captured_queries),
        "rows": sum(rows), "most": max(rows, default=0),
        "buffers": sum(_buffers(turns[0]["Plan"]) for turns in plans),
        "db_ms": round(sum(min(one["Execution Time"] for one in turns) for turns in plans), 2),
        "python_ms": _python_ms(browser, address),
        "packed": len(gzip.compress(answer.content)),
    }  # fmt: skip


def _python_ms(browser: Any, address: str) -> float:
    """Processor time of our own process, which others at work hardly change."""
    times = []
    for _turn in range(LOADS):
        began = time.process_time()
        browser.get(address)
        times.append((time.process_time() - began) * 1000)
    return round(statistics.median(times), 2)


def _is_question(text: str) -> bool:
    return text.lstrip("( \n").upper().startswith(("SELECT", "WITH")) and "INSERT" not in text


def _rows(plan: Mapping[str, Any]) -> int:
    return sum(rows for table, rows in _scans(plan) if TABLES.search(table))


def _plan(text: str) -> Mapping[str, Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT json) " + text.replace("%", "%%"), [])
        ((found,),) = cursor.fetchall()
    read = json.loads(found) if isinstance(found, str) else found
    return dict(read[0])


def _scans(plan: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    removed = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
    if "Relation Name" in plan and "Scan" in plan["Node Type"]:
        rows = plan["Actual Rows"] + sum(plan.get(one, 0) for one in removed)
        yield plan["Relation Name"], round(rows * plan["Actual Loops"])
    for inner in plan.get("Plans", ()):
        yield from _scans(inner)


def _buffers(plan: Mapping[str, Any]) -> int:
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def somebody(email: str) -> str:
    """The key of a person with a deal whom he sees."""
    from rapport.records import access
    from rapport.sales.models import DealPerson

    seen = access.rows(_principal(email), "person").order_by("pk").values_list("pk", flat=True)
    keys = list(seen[:2_000])
    dealt = DealPerson.objects.filter(person_id__in=keys).order_by("person_id")
    return str(dealt.values_list("person_id", flat=True).first() or keys[0])


def deep_cursor(email: str, pages: int) -> str:
    """Where the page begins that lies so many pages deep in the list of people, or the last."""
    from rapport.records import access, registry
    from rapport.records.reading import context_for, parse_sort, read_page

    principal, people = _principal(email), registry.get("person")
    rows = access.rows(principal, "person")
    most = min(pages * 50, rows[: pages * 50 + 51].count() - 51)
    sort = parse_sort("", people, frozenset(people.fields))
    page = read_page(rows, people, ["name"], sort, context_for(principal), limit=max(most, 1))
    return page.next or ""


def _principal(email: str) -> Any:
    from rapport.accounts.models import User
    from rapport.accounts.principals import principal_of

    return principal_of(User.objects.get(email=email))
