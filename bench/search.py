"""How long a search takes among a million people, beside the least that it could take.

    bench/run search [--people 1000000] [--loads 40] [--keep DIR]

Asked as the owner, and as a colleague who sees one record in two thousand. The floor is one
statement by hand in the same database: twenty names by the index that has the word.
"""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from bench import data
from bench.client import Client, log_in
from bench.compare import admin_url
from bench.instance import OWNER, password
from bench.loaded import options, served

HERE = Path(__file__).parent
MEMBER = "member@example.com"
GOAL = 50
#: What is typed, and the key of the floor's index that leads to the same.
SEARCHES = {
    "a rare word": ("zwetschgenbaum", "person=zwetschgenbaum"),
    "a word 10 % carry": ("magdalena", "person=magdalena"),
    "a word in 17 % of texts": ("engineer", "person-engineer"),
    "a word nearly all have": ("example", "person-example"),
    "its beginning": ("exam", "person-example"),
    "two words": ("magdalena lindström", "person=lindstrom"),
    "a typo": ("zwetchgenbaum", "person=zwetschgenbaum"),
    "nothing like it": ("qxqxqxqxqx", "person=qxqxqxqxqx"),
    "two letters": ("zw", "person=zwetschgenbaum"),
    "a common two": ("ma", "person=magdalena"),
    "a Chinese name": ("欧阳", "person=欧阳"),
    "half a Chinese name": ("秀英", "person=秀英"),
    "part of a number": ("20 0012 34", "person=magdalena"),
}
FLOOR = """
SELECT p.id, p.name FROM records_searchdocument AS d JOIN contacts_person AS p ON p.id = d.id
WHERE d.words @@ %s::tsquery AND p.deleted_at IS NULL LIMIT 20
"""
PICTURE = {"path": "/login/", "extract": {"csrf": 'name="csrfmiddlewaretoken" value="([^"]+)"'}}
LOGIN = {
    "path": "/login/", "status": [302],
    "form": {"csrfmiddlewaretoken": "${csrf}", "email": "${email}", "password": "${password}"},
    "headers": {"Referer": "${origin}/login/", "Origin": "${origin}"},
}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """Milliseconds of one search: the median and the slowest of twenty."""

    p50: float
    p95: float

    def __str__(self) -> str:
        return f"{self.p50:6.1f} ({self.p95:6.1f})"


def main() -> None:
    """Load, make the documents, and print a line for each search."""
    chosen = options(__doc__, people=1_000_000, loads=40)
    with served(chosen.keep, partial(prepare, people=chosen.people)) as (instance, port, _):
        measure(instance, port, chosen.loads)


def prepare(folder: Path, url: str, people: int) -> None:
    """The records, their documents and the figures of both, unless the folder has them."""
    marker = folder / "searched"
    if marker.exists():
        return
    owner, member = make_users(folder / "instance")
    with psycopg.connect(url, autocommit=True) as connection:
        began = time.perf_counter()
        load_people(connection, {"owner": owner, "member": member, "people": people})
        print(f"{people:,} people loaded in {time.perf_counter() - began:.0f} s", flush=True)
        began = time.perf_counter()
        _take_in()
        seconds = time.perf_counter() - began
        print(f"their documents made in {seconds:.0f} s, {people / seconds:,.0f} people/s")
        connection.execute("VACUUM ANALYZE")
        print(_sizes(connection), flush=True)
    marker.touch()


def load_people(connection: psycopg.Connection, given: Mapping[str, Any]) -> None:
    """Without triggers: what is measured is not written about."""
    towns, _weights = data.cities()
    lists = {
        "first": data.FIRST, "last": [head + tail for head in data.HEAD for tail in data.TAIL],
        "towns": towns, "sector": data.SECTOR,
    }  # fmt: skip
    cursor = psycopg.ClientCursor(connection)
    cursor.execute("SET session_replication_role = replica")
    for statement in (HERE / "search.sql").read_text().split(";\n"):
        if statement.strip():
            cursor.execute(statement, {**lists, **given})
    cursor.execute("RESET session_replication_role")


def make_users(instance: Path) -> tuple[str, str]:
    """The owner, and one more who sees his own records only."""
    from rapport.accounts import actions
    from rapport.accounts.models import Role, User
    from rapport.accounts.principals import ACTIONS

    own = actions.create_role("Own only", "en", Role.objects.get(key="member"))
    own.grants.all().delete()
    own.grants.create(object_name="*", **{f"{action}_scope": "own" for action in ACTIONS})
    member = actions.create_user(MEMBER, "Mia Member", password(instance), own.key)
    return str(User.objects.get(email=OWNER).pk), str(member.pk)


def _take_in() -> None:
    from rapport.records.search.keeping import catch_up

    catch_up()


def _sizes(connection: psycopg.Connection) -> str:
    names = ("records_searchdocument", "search_words", "records_searchword", "contacts_person")
    found = [
        connection.execute("SELECT pg_size_pretty(pg_total_relation_size(%s))", [name]).fetchone()
        for name in names
    ]
    return ", ".join(f"{name} {size[0]}" for name, size in zip(names, found, strict=True) if size)


def measure(instance: Path, port: int, loads: int) -> None:
    """A line for each search: the floor, then the palette as each of both."""
    owner, member = (signed_in(instance, port, email) for email in (OWNER, MEMBER))
    print(f"{'milliseconds, p50 (p95)':28}{'floor':>16}{'owner':>16}{'ratio':>7}{'member':>16}")
    with psycopg.connect(admin_url(instance), autocommit=True) as connection:
        for what, (typed, key) in SEARCHES.items():
            floor = timed(lambda key=key: _floor(connection, key), loads)
            asked = [
                timed(lambda who=who, typed=typed: _ask(who, typed), loads)
                for who in (owner, member)
            ]
            ratio = asked[0].p50 / floor.p50
            late = "" if all(one.p50 <= GOAL for one in asked) else "  over the goal"
            print(
                f"{what:28}{floor!s:>16}{asked[0]!s:>16}{ratio:7.1f}{asked[1]!s:>16}{late}",
                flush=True,
            )


def timed(ask: Callable[[], object], loads: int) -> Figure:
    """How long something takes, done so many times, after three for warming up."""
    for _turn in range(3):
        ask()
    times = []
    for _turn in range(loads):
        began = time.perf_counter()
        ask()
        times.append((time.perf_counter() - began) * 1000)
    return Figure(statistics.median(times), statistics.quantiles(times, n=20)[-1])


def _floor(connection: psycopg.Connection, key: str) -> Sequence[Any]:
    return connection.execute(FLOOR, [f"'{key}'"]).fetchall()


def _ask(client: Client, typed: str) -> None:
    status, _body = client.send("GET", f"/palette/?q={quote(typed)}", None, {})
    if status != 200:
        raise RuntimeError(f"The palette answered {status}.")


def signed_in(instance: Path, port: int, email: str) -> Client:
    """A client with the session of a user."""
    address = f"http://127.0.0.1:{port}"
    target = {"base_url": address, "login": [PICTURE, LOGIN]}
    return log_in(target, {"origin": address, "email": email, "password": password(instance)})


if __name__ == "__main__":
    main()
