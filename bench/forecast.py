"""The pages of the forecast at size: server time, beside their own statements through psycopg.

    bench/run forecast [--people 50000] [--deals 200000] [--loads 15] [--keep DIR]

The large company with deals added until there are so many, a tenth of the open ones shared by two
colleagues, a year of weekly snapshots, with one standing of each open deal, two of every third and
four of every tenth, each later one with a later closing date, and quotas. Each page is asked for so
often as the owner and as the head of one team; printed are p50 and p95 of the answer, statements,
and the p50 of the same statements sent by psycopg and read to the end. The limit is 300 ms for
`/forecast/`.
"""

from __future__ import annotations

import statistics
import time
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command

from bench.company import fill_company
from bench.compare import admin_url, kept_folder
from bench.instance import opened
from bench.loaded import options

LIMIT = 300
PAGES = {
    "forecast": "/forecast/",
    "a year": "/forecast/?by=year",
    "figures": "/forecast/calls/",
    "model": "/forecast/model/",
    "changes": "/forecast/changes/",
    "accuracy": "/forecast/accuracy/",
    "review": "/sales/review/",
}
#: Deals like those that are there, with other amounts and closing dates, and what hangs on them.
MORE = """
SET session_replication_role = replica;
INSERT INTO sales_deal ({columns}, id, name, amount, amount_base, close_date, closed_at)
SELECT {columns}, gen_random_uuid(), name || ' ' || n, worth, worth,
  close_date + (random() * 120)::int, closed_at - random() * interval '700 days'
FROM (SELECT d.*, n, round((amount * (0.5 + random()))::numeric, 2) AS worth
      FROM sales_deal AS d, generate_series(1, %(times)s) AS n LIMIT %(more)s) AS copied;
INSERT INTO sales_dealsplit (id, deal_id, user_id, share, position)
SELECT gen_random_uuid(), deal.id, part.user_id, part.share, part.position
FROM (SELECT id, owner_id FROM sales_deal WHERE state = 'open' AND owner_id IS NOT NULL
      ORDER BY id LIMIT %(deals)s / 50) AS deal,
  LATERAL (SELECT owner_id AS user_id, 60 AS share, 0 AS position
    UNION ALL (SELECT id, 40, 1 FROM accounts_user WHERE id <> owner_id LIMIT 1)) AS part;
INSERT INTO sales_forecastsnapshot (day, taken_at)
SELECT day, day FROM generate_series(current_date - 364, current_date, interval '7 days') AS day
ON CONFLICT DO NOTHING;
INSERT INTO sales_dealstanding (id, deal_id, since, until, owner_id, stage_id, close_date,
  category, probability, amount, currency, amount_base)
SELECT gen_random_uuid(), deal.id, current_date - 28 * part, CASE WHEN part > 1
  THEN current_date - 28 * (part - 1) END, owner_id, stage_id, close_date - 14 * (part - 1),
  'pipeline', probability, amount, currency, amount_base
FROM (SELECT *, row_number() OVER (ORDER BY id) AS nth FROM sales_deal
      WHERE state = 'open' AND deleted_at IS NULL) AS deal,
  generate_series(1, CASE WHEN nth %% 10 = 0 THEN 4 WHEN nth %% 3 = 0 THEN 2 ELSE 1 END) AS part
WHERE %(deals)s > 0;
SET session_replication_role = DEFAULT;
"""


def main() -> None:
    """Load, ask each page, and print a line for it."""
    chosen = options(__doc__, people=50_000, deals=200_000, loads=15)
    with kept_folder(chosen.keep) as folder, opened(folder / "instance") as instance:
        prepare(folder, admin_url(folder / "instance"), chosen.people, chosen.deals)
        print(f"{'milliseconds':12}{'p50':>8}{'p95':>8}{'statements':>12}{'their floor':>13}")
        for name, address in PAGES.items():
            times, sent = asked(address, chosen.loads)
            floor = statistics.median(by_hand(instance.urls.owner, sent, chosen.loads))
            p95 = sorted(times)[-max(1, len(times) // 20)]
            middle = statistics.median(times)
            told = f"{name:12}{middle:8.0f}{p95:8.0f}{len(sent):12}{floor:13.0f}"
            print(told + ("   over the limit" if middle > LIMIT else ""), flush=True)


def prepare(folder: Path, url: str, people: int, deals: int) -> None:
    """The company with so many deals, unless the folder has them."""
    # Pages are drawn here, by nobody who serves them.
    call_command("collectstatic", interactive=False, verbosity=0)
    marker = folder / "forecast-filled"
    if marker.exists():
        return
    fill_company(people, 2)
    with psycopg.connect(url, autocommit=True) as owner:
        _add_deals(owner, deals)
        owner.execute("VACUUM ANALYZE")
    marker.touch()


def _add_deals(owner: psycopg.Connection[Any], deals: int) -> None:
    kept = {"id", "name", "amount", "amount_base", "close_date", "closed_at"}
    columns = _columns(owner, kept)
    row = owner.execute("SELECT count(*) FROM sales_deal").fetchone()
    there = row[0] if row else 0
    given = {"times": deals // max(there, 1) + 1, "more": max(0, deals - there), "deals": deals}
    for statement in filter(str.strip, MORE.split(";")):
        text = psycopg.sql.SQL(statement).format(columns=columns)  # type: ignore[arg-type]
        owner.execute(text, given if "%(" in statement else None)


def _columns(owner: psycopg.Connection[Any], left_out: set[str]) -> psycopg.sql.Composed:
    found = owner.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'sales_deal'"
        " AND is_generated = 'NEVER' ORDER BY ordinal_position"
    )
    names = [psycopg.sql.Identifier(name) for (name,) in found if name not in left_out]
    return psycopg.sql.SQL(", ").join(names)


def asked(address: str, loads: int) -> tuple[list[float], list[tuple[str, Any]]]:
    """How long the page takes within the server, and what it sends to the database."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from rapport.accounts.models import User
    from rapport.accounts.testing import signed_in

    settings.ALLOWED_HOSTS = ["*"]
    web: Client = signed_in(User.objects.order_by("created_at")[0])
    get = partial(_get, web, address)
    get()
    sent: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        get()
    return [_timed(get) for _load in range(loads)], sent


def by_hand(url: str, sent: list[tuple[str, Any]], loads: int) -> list[float]:
    """The reads among them, sent as they are."""
    reads = [one for one in sent if one[0].lstrip().upper().startswith(("SELECT", "WITH"))]
    with psycopg.connect(url, autocommit=True) as connection:

        def send() -> None:
            for sql, params in reads:
                connection.execute(sql.encode(), params).fetchall()

        return [_timed(send) for _load in range(loads)]


def _get(web: Any, address: str) -> None:
    status = web.get(address).status_code
    if status != 200:
        raise RuntimeError(f"{address} answered {status}")


def _timed(act: Any) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
