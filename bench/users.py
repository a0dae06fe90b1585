"""People at work in the large company, alone and beside what takes the worker minutes.

    bench/run users [--people 100000] [--users 50] [--seconds 300] [--rows 500000]
                    [--bulk 200000] [--keep DIR]

They read, edit, move cards and search, with a pause of some two seconds after each deed. After
`seconds` alone with the instance they go on as long while a file of `rows` people is imported and
`bulk` records are edited at once, or until both are done. It fails (exit status 1) where an answer
was none, or an edit that was accepted is lost: each stands in the log once, over the value that its
author had seen.
"""

import argparse
import http.client
import json
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from bench import data
from bench.colleagues import Colleague, Diary, figures, lost_edits, world_of
from bench.company import fill_company
from bench.compare import admin_url
from bench.import_rate import FIELDS, people
from bench.instance import api_token
from bench.loaded import served
from bench.processes import cpu_seconds, parts_of

HOST = "127.0.0.1"
#: Seconds: to think after a deed, that don't count at the beginning, between two looks at jobs,
#: and until a job must be done.
THINK, WARM, LOOK, LONGEST = 2.0, 15, 1.0, 3600
#: How many are at work at once, what each asks for in a second, and how full a core may be.
SIZES, REQUESTS, FULL = (50, 200, 500, 2_000, 5_000), 0.1, 0.6
UNDER_WAY = ("draft", "queued", "waiting", "running")


def main() -> None:
    """Fill, let them work, give the jobs, count; print what came of it."""
    chosen = _options()

    def prepare(folder: Path, _url: str) -> list[tuple[str, str]]:
        marker = folder / "filled"
        if not marker.exists():
            fill_company(chosen.people)
            marker.touch()
        return _sign_in(chosen.users)

    with served(chosen.keep, prepare) as (instance, port, signed_in):
        _settle(admin_url(instance))
        wrong = _work(instance, port, signed_in, chosen)
    print(*wrong[:20] or ["no error, no lost update"], sep="\n", flush=True)
    sys.exit(bool(wrong))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    numbers = {
        "people": 100_000, "users": 50, "seconds": 300, "rows": 500_000, "bulk": 200_000,
    }  # fmt: skip
    for name, default in numbers.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--keep", type=Path, help="a folder whose loaded records are used again")
    return parser.parse_args()


def _sign_in(number: int) -> list[tuple[str, str]]:
    """A session key and a token for each of so many managers."""
    from django.conf import settings

    from rapport.accounts.actions import create_token
    from rapport.accounts.models import Role, User
    from rapport.accounts.testing import signed_in

    role = Role.objects.get(key="manager")
    have = User.objects.filter(email__startswith="busy-").count()
    User.objects.bulk_create(
        User(email=f"busy-{one}@example.com", name=f"Busy {one}", role=role)
        for one in range(have, number)
    )
    found = User.objects.filter(email__startswith="busy-").select_related("role")[:number]
    return [
        (
            signed_in(one).cookies[settings.SESSION_COOKIE_NAME].value,
            str(create_token(one, secrets.token_hex(4), may_write=True, expires_at=None)),
        )
        for one in found
    ] + [("", api_token())]


def _settle(url: str) -> None:
    """Wait until the worker has done what was left to do."""
    with psycopg.connect(url, autocommit=True) as connection:
        time.sleep(LOOK)
        while connection.execute(BUSY).fetchall():
            time.sleep(LOOK)
        connection.execute("CHECKPOINT")


BUSY = "SELECT 1 FROM records_job WHERE state IN ('waiting', 'running') LIMIT 1"


def _work(
    instance: Path, port: int, signed_in: Sequence[tuple[str, str]], chosen: argparse.Namespace
) -> list[str]:
    """Alone, then beside the jobs; what is wrong afterwards."""
    url, since = admin_url(instance), datetime.now(tz=UTC)
    *keys, (_none, owner) = signed_in
    # Made before: making it would keep the threads of the crowd from their answers.
    rows = _rows(chosen.rows) if chosen.rows else b""
    stop, world = threading.Event(), world_of(url)
    crowd = [
        Colleague((HOST, port), {f"rapport-{port}-session": key}, token, world, stop, one, THINK)
        for one, (key, token) in enumerate(keys)
    ]
    for one in crowd:
        one.start()
    time.sleep(WARM)
    began, before = time.time(), _cpu(instance)
    time.sleep(chosen.seconds)
    alone, after = time.time(), _cpu(instance)
    with ThreadPoolExecutor(1) as beside:
        given = beside.submit(_give_jobs, port, owner, rows, chosen)
        wait([given], timeout=chosen.seconds)
        ended = time.time()
        stop.set()
        done = given.result()
    for one in crowd:
        one.join(60)
    diaries = [one.diary for one in crowd]
    _print(diaries, began, alone, ended, done)
    number = figures(diaries, began, alone)["all"][0]
    used = {name: (after[name] - before[name]) / number * 1000 for name in after}
    print("CPU of a request alone: " + ", ".join(f"{n} {ms:.1f} ms" for n, ms in used.items()))
    _print_sizes(used["web"], used["database"])
    wrong = [fault for diary in diaries for fault in diary.faults]
    wrong += [f"{name} is {state}" for name, (state, _took) in done.items() if state != "done"]
    return wrong + lost_edits(url, diaries, since)


def _print_sizes(web: float, database: float) -> None:
    """The table of docs/operate/scaling.md: cores for so many at work at once."""
    for people_at_work in SIZES:
        busy = people_at_work * REQUESTS / FULL / 1000
        print(f"| {people_at_work:,} | {people_at_work * REQUESTS:,.0f} | {busy * web:.1f} "
              f"| {busy * database:.1f} |")  # fmt: skip


def _cpu(instance: Path) -> dict[str, float]:
    return {name: cpu_seconds([pid]) for name, pid in parts_of(instance).items()}


def _give_jobs(
    port: int, token: str, rows: bytes, chosen: argparse.Namespace
) -> dict[str, tuple[str, float]]:
    """An import and a bulk edit, begun together; how they ended and after how many seconds."""
    began, places, done = time.time(), {}, {}
    if chosen.rows:
        name = f"import of {chosen.rows:,} rows"
        places[name] = f"/api/v1/imports/{_import(port, token, rows)}"
    left, number = chosen.bulk, 0
    while places or left > 0:
        if left > 0 and not any("bulk" in name for name in places):
            job, records = _edit_many(port, token)
            left, number = left - records, number + 1
            places[f"bulk edit {number} of {records:,} records"] = f"/api/v1/jobs/{job}"
        time.sleep(LOOK)
        for name, place in list(places.items()):
            state = json.loads(_ask(port, token, "GET", place, None))["state"]
            if state not in UNDER_WAY:
                done[name] = state, time.time() - began
                del places[name]
        if time.time() - began > LONGEST:
            return done | dict.fromkeys(places, ("not done in time", LONGEST))
    return done


def _rows(number: int) -> bytes:
    """A file of people that no other run has."""
    run = secrets.token_hex(4)
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        path = Path(file.name)
        data.write(path, tuple(FIELDS), (
            (first, last, f"{run}.{mail}", *more) for first, last, mail, *more in people(number)
        ))  # fmt: skip
        return path.read_bytes()


def _import(port: int, token: str, rows: bytes) -> str:
    place = "/api/v1/imports?object=person&filename=people.csv"
    made = json.loads(_ask(port, token, "POST", place, rows, "text/csv"))
    begun = json.loads(_ask(port, token, "POST", f"/api/v1/imports/{made['id']}/start", b"{}"))
    return str(begun["id"])


def _edit_many(port: int, token: str) -> tuple[str, int]:
    wish = {"do": "edit", "all": True, "field": "department", "value": secrets.token_hex(6)}
    body = json.dumps(wish).encode()
    made = json.loads(_ask(port, token, "POST", "/api/v1/people/bulk", body))
    return made["job"], made["records"]


def _ask(
    port: int, token: str, method: str, path: str, body: bytes | None,
    kind: str = "application/json",
) -> Any:  # fmt: skip
    connection = http.client.HTTPConnection(HOST, port, timeout=300)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": kind}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    found = answer.read()
    connection.close()
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path} was answered {answer.status}: {found[:300]!r}")
    return found


def _print(
    diaries: Sequence[Diary], began: float, alone: float, ended: float,
    done: Mapping[str, tuple[str, float]],
) -> None:  # fmt: skip
    quiet, busy = figures(diaries, began, alone), figures(diaries, alone, ended)
    print(f"{len(diaries)} people: {quiet['all'][0] / (alone - began):.1f} requests/s alone")
    print(f"{'':8}{'alone: n':>10}{'p50':>7}{'p95':>7}{'beside: n':>11}{'p50':>7}{'p95':>7}  ratio")
    for deed, (number, middle, slow, _most) in quiet.items():
        beside, middle_2, slow_2, _most_2 = busy.get(deed, (0, 0.0, 0.0, 0.0))
        print(f"{deed:8}{number:10,.0f}{middle:7.0f}{slow:7.0f}{beside:11,.0f}{middle_2:7.0f}"
              f"{slow_2:7.0f}{slow_2 / slow:7.2f}")  # fmt: skip
    for name, (state, took) in done.items():
        print(f"{name}: {state} after {took:.0f} s")
    edits = sum(len(diary.edits) + len(diary.made) for diary in diaries)
    clashes = sum(diary.conflicts for diary in diaries)
    print(f"{edits:,} edits accepted, {clashes} refused as conflicts", flush=True)


if __name__ == "__main__":
    main()
