"""What looking for duplicates costs in an instance: one look-up, and a sweep over all people.

    python -m bench.similar [--people 100000] [--no-sweep] [--explain]

The people are the made-up crowd, duplicates among them. Look-ups are those of the API (exact) and
of a form that is being typed (with names that are only alike); the sweep is the worker's job, and
memory the most that its process took.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from bench.crowd import write_crowd
from bench.importing import import_file
from bench.instance import opened

FIELDS = {
    "First name": "first_name", "Last name": "last_name", "Email": "emails", "Phone": "phones",
    "Company": "company", "Website": "website", "Street": "street", "Postal code": "postal_code",
    "City": "city", "Country": "country", "Birthday": "birthday",
}  # fmt: skip
ASKED, TYPED, TURNS = 500, 50, 3


def main() -> None:
    """Fill an instance, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--no-sweep", action="store_true")
    parser.add_argument("--explain", action="store_true", help="print the plan of a look-up")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder:
        file, truth = Path(folder) / "crowd.csv", Path(folder) / "pairs.csv"
        write_crowd(file, truth, chosen.people)
        with opened(Path(folder) / "instance") as instance:
            # By hand: the import would take duplicates for one person.
            run = import_file(file, "person", FIELDS)
            print(f"people     {run.created:,} of {chosen.people:,} rows")
            # The database does so by itself a minute later; before, its plans are guesses.
            with psycopg.connect(instance.urls.owner, autocommit=True) as owner:
                owner.execute("ANALYZE")
            measure_look_ups()
            if chosen.explain:
                explain()
            if not chosen.no_sweep:
                measure_sweep()


def measure_look_ups() -> None:
    """Print what an exact look-up and one while typing take, for people who are there and not."""
    from django.db import connection

    print(f"plans kept {bool(connection.settings_dict.get('IS_DIRECT'))}")
    people = some_people()
    strangers = [one | {"name": f"{one['name']} Q", "emails": way(f"x{n}@nowhere.example")}
                 for n, one in enumerate(people)]  # fmt: skip
    for what, asked in (("known", people), ("new", strangers)):
        for is_typing in (False, True):
            times = timed(asked[:TYPED] if is_typing else asked, is_typing)
            label = f"{'typing' if is_typing else 'exact'}, {what}"
            print(f"{label:15} p50 {times[len(times) // 2]:6.2f} ms   "
                  f"p95 {times[len(times) * 95 // 100]:6.2f} ms")  # fmt: skip
    with connection.cursor() as cursor:
        times = sorted(one(lambda: cursor.execute("SELECT 1")) for _turn in range(ASKED))
    print(f"SELECT 1        p50 {times[len(times) // 2]:6.2f} ms")


def timed(asked: Sequence[Mapping[str, Any]], is_typing: bool) -> list[float]:
    """Milliseconds of each look-up of the last turn, in order."""
    from rapport.accounts.models import User
    from rapport.accounts.principals import principal_of
    from rapport.records import registry
    from rapport.records.duplicates.look_ups import find_similar

    owner, person = principal_of(User.objects.get()), registry.get("person")
    times: list[float] = []
    for _turn in range(TURNS):
        times = [
            one(lambda values=values: find_similar(owner, person, values, is_typing=is_typing))
            for values in asked
        ]
    return sorted(times)


def one(act: Callable[[], Any]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1e3


def some_people() -> list[dict[str, Any]]:
    """People as a program sends them, evenly out of all."""
    from rapport.contacts.models import EmailAddress, Person

    rows = EmailAddress.objects.filter(is_primary=True).order_by("pk")
    emails = dict(rows.values_list("party_id", "normalised"))
    names = dict(Person.objects.values_list("pk", "name"))
    step = max(len(emails) // ASKED, 1)
    found = [(names[key], email) for key, email in emails.items()][::step][:ASKED]
    return [{"name": name, "emails": way(email), "phones": way("+3491234567")}
            for name, email in found]  # fmt: skip


def way(text: str) -> list[dict[str, str]]:
    """One address in the form that is compared."""
    return [{"normalised": text}]


def explain() -> None:
    """Print the plan of an exact look-up."""
    from django.db import connection

    from rapport.accounts.models import User
    from rapport.accounts.principals import principal_of
    from rapport.records import access, registry
    from rapport.records.compiled import union
    from rapport.records.duplicates.look_ups import _look_ups, given_keys

    person = registry.get("person")
    reached = access.reach(principal_of(User.objects.get()), person)
    given = given_keys(person, some_people()[0])
    query = union(_look_ups(person, reached, given))
    with connection.cursor() as cursor:
        asked = sql.SQL("EXPLAIN (ANALYZE, BUFFERS) {}").format(sql.SQL(query.text))
        cursor.execute(asked, {**query.values, **given})
        print("\n".join(line for (line,) in cursor.fetchall()))


def measure_sweep() -> None:
    """Print how long the job takes, and how much memory."""
    from rapport.accounts.models import User
    from rapport.accounts.principals import principal_of
    from rapport.records import registry
    from rapport.records.duplicates.sweeping import sweep_later
    from rapport.records.jobs import run_job

    job = sweep_later(principal_of(User.objects.get()), registry.get("person"))
    began = time.perf_counter()
    run_job(job.pk)
    seconds = time.perf_counter() - began
    job.refresh_from_db()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    pairs = job.result.get("pairs")
    print(f"sweep      {job.state}, {job.result.get('rows'):,} people, {pairs:,} pairs, "
          f"{seconds:.1f} s, {memory:.2f} GiB at most")  # fmt: skip


if __name__ == "__main__":
    main()
