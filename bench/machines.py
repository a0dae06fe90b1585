"""Several machines behind nginx and PgBouncer, restarted one after the other under load.

    bench/run machines [--webs 3] [--workers 2] [--people 2000] [--users 12] [--rounds 1]

First: whoever is signed in at one machine is at the others, a file that one took in comes from
another, an open page hears at once of what was written through another. Then, while people work
and jobs run, each web and worker process is stopped and started again. It fails (exit status 1)
where a request failed, an accepted edit is lost, or a job ran twice.
"""

import argparse
import http.client
import json
import secrets
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from bench.client import log_in
from bench.colleagues import Colleague, Diary, World, figures, lost_edits, world_of
from bench.instance import OWNER
from bench.several import DRAIN, LOOPBACK, Machine, Several, missing, several

#: Seconds: before and after the restarts, between two (a proxy leaves a machine out for three),
#: between a job and the next, and for what is heard and for jobs to end at most.
CALM, PAUSE, EVERY, SOON, LONGEST = 10, 4.0, 4.0, 10.0, 180
THINK, LAST_WORDS = 0.2, 9000
TARGET = Path(__file__).with_name("targets") / "rapport.toml"


def main() -> None:
    """Start, look, restart under load, count; print what came of it."""
    chosen = _options()
    if absent := missing():
        sys.exit(f"Not on this machine: {', '.join(absent)}.")
    with (
        tempfile.TemporaryDirectory(prefix="rapport-machines-") as folder,
        several(Path(folder), chosen.webs, chosen.workers) as made,
    ):
        made.command("demo", "--size", "large", "--people", str(chosen.people))
        token = made.command("token", "create", "--user", OWNER).strip()
        session = _sign_in(made, Path(folder))
        world = world_of(made.url)
        _meet(made, session, token, world)
        wrong = _work(made, session, token, world, chosen)
        if wrong:
            _print_logs(made)
    print(*wrong or ["nothing lost, nothing doubled"], sep="\n", flush=True)
    sys.exit(bool(wrong))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    for name, default in (("webs", 3), ("workers", 2), ("people", 2000), ("users", 12)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--rounds", type=int, default=1, help="restarts of each machine")
    return parser.parse_args()


def _sign_in(made: Several, folder: Path) -> dict[str, str]:
    origin = f"http://{LOOPBACK}:{made.port}"
    password = (folder / "owner-password").read_text().strip()
    variables = {"port": str(made.port), "origin": origin, "email": OWNER, "password": password}
    cookies = log_in(tomllib.loads(TARGET.read_text()), variables).cookies
    return {name: value for name, value in cookies.items() if name.endswith("-session")}


def _meet(made: Several, session: Mapping[str, str], token: str, world: World) -> None:
    """What one machine did the others know of. Raises RuntimeError where they don't."""
    cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in session.items())}
    for web in made.webs:
        _good(_ask(web.address, "GET", "/people/", None, cookie), f"the session at {web.address}")
    one, other = made.webs[0], made.webs[-1]
    bearer = {"Authorization": f"Bearer {token}"}
    _pass_a_file(one, other, f"/api/v1/people/{world.people[0]}/files", bearer)
    print("files: taken in by one machine, given out by another", flush=True)
    took = _hear(one, other, world.people[1], cookie, bearer)
    print(f"live: heard through another machine after {took * 1000:.0f} ms", flush=True)


def _pass_a_file(one: Machine, other: Machine, place: str, bearer: Mapping[str, str]) -> None:
    mark, content = secrets.token_hex(8), secrets.token_bytes(100_000)
    head = f'Content-Disposition: form-data; name="file"; filename="{mark}.bin"'
    body = b"\r\n".join(
        [f"--{mark}".encode(), head.encode(), b"", content, f"--{mark}--".encode(), b""]
    )
    kind = {"Content-Type": f"multipart/form-data; boundary={mark}"}
    kept = _good(_ask(one.address, "POST", place, body, {**bearer, **kind}), "taking in a file")
    address = json.loads(kept)["data"][0]["download_url"]
    path = "/" + address.split("/", 3)[3] if address.startswith("http") else address
    if _good(_ask(other.address, "GET", path, None, {}), "giving out a file") != content:
        raise RuntimeError("The file came back as another one.")


def _hear(
    one: Machine, other: Machine, person: str, cookie: Mapping[str, str],
    bearer: Mapping[str, str],
) -> float:  # fmt: skip
    """Seconds until a page that is open on one machine hears of a change through another."""
    host, _colon, port = one.address.partition(":")
    stream = http.client.HTTPConnection(host, int(port), timeout=SOON)
    stream.request("GET", "/live/?age=0", headers={"Host": "localhost", **cookie})
    answer = stream.getresponse()
    answer.readline()
    time.sleep(1)
    began = time.monotonic()
    body = json.dumps({"description": secrets.token_hex(8)}).encode()
    kind = {"Content-Type": "application/json"}
    _good(_ask(other.address, "PATCH", f"/api/v1/people/{person}", body, {**bearer, **kind}),
          "a change")  # fmt: skip
    while person not in answer.readline().decode():
        if time.monotonic() > began + SOON:
            raise RuntimeError("An open page did not hear of the change.")
    stream.close()
    return time.monotonic() - began


def _work(
    made: Several, session: Mapping[str, str], token: str, world: World, chosen: argparse.Namespace
) -> list[str]:
    """People and jobs at work while all is restarted; what is wrong afterwards."""
    since = datetime.now(tz=UTC)
    with _at_work(made, session, token, world, chosen.users) as (diaries, jobs):
        began = time.time()
        time.sleep(CALM)
        calm = time.time()
        said = [_restart(web) for _round in range(chosen.rounds) for web in made.webs]
        for worker in made.workers:
            worker.ask_to_stop()
            worker.await_end()
            worker.start()
        rolled = time.time()
        time.sleep(CALM)
    wrong = [fault for diary in diaries for fault in diary.faults]
    wrong += [f"{web.address} never said that it drains" for web, is_said in
              zip(made.webs * chosen.rounds, said, strict=True) if not is_said]  # fmt: skip
    wrong += _jobs_wrong(made, jobs, token)
    wrong += lost_edits(made.url, diaries, since)
    _print("before", figures(diaries, began, calm))
    _print(f"while {len(said)} web and {len(made.workers)} worker processes restart in "
           f"{rolled - calm:.0f} s", figures(diaries, calm, rolled))  # fmt: skip
    print(f"{sum(len(diary.seconds) for diary in diaries):,} requests, "
          f"{sum(len(diary.faults) for diary in diaries)} failed; "
          f"{sum(len(diary.edits) + len(diary.made) for diary in diaries)} writes accepted, "
          f"{sum(diary.conflicts for diary in diaries)} refused as conflicts; "
          f"{len(jobs)} jobs", flush=True)  # fmt: skip
    return wrong


@contextmanager
def _at_work(
    made: Several, session: Mapping[str, str], token: str, world: World, users: int
) -> Iterator[tuple[list[Diary], list[str]]]:
    stop, jobs = threading.Event(), list[str]()
    people = [
        Colleague((LOOPBACK, made.port), session, token, world, stop, number, THINK)
        for number in range(users)
    ]
    giver = threading.Thread(target=_give_jobs, args=(made, token, stop, jobs), daemon=True)
    for one in (*people, giver):
        one.start()
    try:
        yield [one.diary for one in people], jobs
    finally:
        stop.set()
        for one in (*people, giver):
            one.join(LONGEST)


def _give_jobs(made: Several, token: str, stop: threading.Event, jobs: list[str]) -> None:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    while not stop.wait(EVERY):
        wish = {"do": "edit", "all": True, "field": "department", "value": secrets.token_hex(8)}
        body = json.dumps(wish).encode()
        answer = _ask(f"{LOOPBACK}:{made.port}", "POST", "/api/v1/people/bulk", body, headers)
        jobs.append(json.loads(_good(answer, "giving a job"))["job"])
        _await_job(made, jobs[-1], stop)


def _await_job(made: Several, job: str, stop: threading.Event) -> None:
    """Nobody edits all records again before the last such edit is done."""
    with psycopg.connect(made.url, autocommit=True) as connection:
        while not stop.wait(0.5):
            state = dict(connection.execute(STATES, [[job]]).fetchall()).get(job)
            if state not in ("waiting", "running"):
                return


def _restart(web: Machine) -> bool:
    """Stop it and start it again; whether it said that it drains."""
    web.ask_to_stop()
    end, is_said = time.monotonic() + DRAIN, False
    while time.monotonic() < end and not is_said:
        is_said = web.readiness() == 503
    web.await_end()
    web.start()
    web.await_ready()
    time.sleep(PAUSE)
    return is_said


def _jobs_wrong(made: Several, jobs: list[str], token: str) -> list[str]:
    end = time.monotonic() + LONGEST
    with psycopg.connect(made.url, autocommit=True) as connection:
        while time.monotonic() < end and connection.execute(UNDER_WAY).fetchall():
            time.sleep(1)
        states = dict(connection.execute(STATES, [jobs]).fetchall())
        wrong = [f"job {one} is {states.get(one)}" for one in jobs if states.get(one) != "done"]
        twice = connection.execute(TWICE).fetchall()
    return wrong + [f"{name} ran {number} times for one moment" for name, number in twice]


UNDER_WAY = "SELECT 1 FROM records_job WHERE state IN ('waiting', 'running') LIMIT 1"
STATES = "SELECT id::text, state FROM records_job WHERE id = ANY(%s::uuid[])"
#: What the clock asked for more than once, and what was begun more than once.
TWICE = """
SELECT task_name, count(*) FROM procrastinate_jobs WHERE args ? 'timestamp'
GROUP BY task_name, args->>'timestamp' HAVING count(*) > 1
UNION ALL
SELECT task_name, attempts FROM procrastinate_jobs WHERE attempts > 1
"""


def _print_logs(made: Several) -> None:
    for log in (*(one.log for one in (*made.webs, *made.workers)), made.cluster.log):
        print(f"{log.name}:\n{log.read_text()[-LAST_WORDS:]}", flush=True)


def _print(when: str, found: Mapping[str, tuple[float, ...]]) -> None:
    number, middle, slow, most = found.get("all", (0, 0, 0, 0))
    print(f"{when}: {number:,.0f} requests, p50 {middle:.0f} ms, p95 {slow:.0f} ms, "
          f"slowest {most:.0f} ms", flush=True)  # fmt: skip


def _ask(
    address: str, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
) -> tuple[int, bytes]:
    host, _colon, port = address.partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=60)
    try:
        connection.request(method, path, body, {"Host": f"{LOOPBACK}:{port}", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _good(answer: tuple[int, Any], what: str) -> bytes:
    status, body = answer
    if status >= 300:
        raise RuntimeError(f"{what} was answered {status}: {body[:300]!r}")
    return bytes(body)


if __name__ == "__main__":
    main()
