"""What a score of completeness costs among a million people, and how fast it is asked.

    bench/run completeness [--people 1000000] [--loads 20] [--keep DIR]

Printed are the counting of all, the indexes, and pages as the owner and as a colleague who sees one
record in two thousand: lists in the order of the score, filtered by it, and the queue.
"""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psycopg

from bench.client import Client
from bench.instance import OWNER
from bench.loaded import options, served
from bench.search import MEMBER, load_people, make_users, signed_in, timed

SETTING = "?columns=name,completeness"
PAGES = {
    "worst first": f"/people/{SETTING}&sort=completeness",
    "best first": f"/people/{SETTING}&sort=-completeness",
    "below 40, by name": f"/people/{SETTING}&completeness.lt=40",
    "below 20, worst first": f"/people/{SETTING}&completeness.lt=20&sort=completeness",
    "exactly 55, by name": f"/people/{SETTING}&completeness.is=55",
    "the queue": "/people/fix/",
    "the queue, mine": "/people/fix/?mine=1",
}
#: A third without an e-mail address, two fifths without a phone, a few not valid, a tenth old.
GAPS = """
DELETE FROM contacts_emailaddress WHERE hashtext(party_id::text) % 3 = 0;
DELETE FROM contacts_phonenumber WHERE hashtext(party_id::text || 'p') % 5 IN (0, 1);
UPDATE contacts_emailaddress SET status = 'bounced' WHERE hashtext(party_id::text) % 50 = 1;
UPDATE contacts_person SET
  country = CASE WHEN hashtext(id::text || 'c') % 4 = 0 THEN '' ELSE 'DE' END,
  company_id = CASE WHEN hashtext(id::text || 'o') % 2 = 0 THEN NULL
    ELSE (SELECT id FROM contacts_company LIMIT 1) END,
  updated_at = CASE WHEN hashtext(id::text || 'u') % 10 = 0 THEN now() - interval '2 years'
    ELSE updated_at END;
"""


def main() -> None:
    """Load, score, and print a line for each page."""
    chosen = options(__doc__, people=1_000_000, loads=20)
    with served(chosen.keep, partial(prepare, people=chosen.people)) as (instance, port, _):
        owner, member = (signed_in(instance, port, email) for email in (OWNER, MEMBER))
        print(f"{'milliseconds, p50 (p95)':28}{'owner':>20}{'member':>20}")
        for what, address in PAGES.items():
            asked = [
                timed(lambda who=who, address=address: _get(who, address), chosen.loads)
                for who in (owner, member)
            ]
            print(f"{what:28}{asked[0]!s:>20}{asked[1]!s:>20}", flush=True)


def prepare(folder: Path, url: str, people: int) -> None:
    """The records with gaps and their scores, unless the folder has them."""
    marker = folder / "scored"
    if marker.exists():
        return
    owner, member = make_users(folder / "instance")
    with psycopg.connect(url, autocommit=True) as connection:
        load_people(connection, {"owner": owner, "member": member, "people": people})
        connection.execute("SET session_replication_role = replica")
        connection.execute(GAPS.encode())
        connection.execute("VACUUM ANALYZE")
        seconds = taken(_score)
        print(f"{people:,} people scored in {seconds:.0f} s, {people / seconds:,.0f}/s", flush=True)
        connection.execute("VACUUM ANALYZE contacts_person")
        print(f"the index built in {taken(_index):.0f} s", flush=True)
        connection.execute("VACUUM ANALYZE contacts_person")
        print(f"dates looked at for the night in {taken(_by_night):.0f} s", flush=True)
    marker.touch()


def taken(act: Callable[[], object]) -> float:
    """The seconds that something takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _score() -> None:
    from rapport.accounts.actions import NOBODY
    from rapport.records import registry
    from rapport.records.completeness.actions import begin_score
    from rapport.records.jobs.running import run_job
    from rapport.records.models import Job

    begin_score(registry.get("person"), NOBODY)
    run_job(Job.objects.filter(kind="count_rollups").latest("created_at").pk)


def _index() -> None:
    from rapport.records.metadata.indexes import prepare as prepare_indexes

    prepare_indexes()


def _by_night() -> None:
    from rapport.records.rollups.recounting import count_dated

    count_dated()


def _get(client: Client, address: str) -> None:
    status, _body = client.send("GET", address, None, {})
    if status != 200:
        raise RuntimeError(f"{address} answered {status}.")


if __name__ == "__main__":
    main()
