"""How soon open pages show what others write, at 200 of them and 20 writes a second.

    bench/run live [--people 200000] [--seconds 60] [--keep DIR]

Each page is a signed-in browser of its own: it holds a stream, and fetches what it shows as the
script of the page does: a list three times a second at most, and every ten seconds what stands
around its rows, whoever was changed. Three of five are lists of fifty people, the others pages of
one person. A latency runs from the moment a write is sent until a page that shows the person holds
the answer to its fetch. The floor is a bare NOTIFY in the same database, heard on another
connection that then reads the row. In the end one bulk edit changes all the people, and the fetches
of each page are counted by the second.
"""

import asyncio
import json
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psycopg

from bench import search
from bench.client import Client
from bench.compare import admin_url
from bench.instance import api_token
from bench.loaded import options, served

PAGES, WRITES = 200, 20
LISTS = 3 / 5
SHOWN, HOT = 50, 5_000
SOON, PAUSE, LATER = 0.3, 1.0, 10.0
#: Seconds to wait for what is still on its way, and for the bulk edit at most.
REST, LONGEST = 5, 300
SEED = 11


def main() -> None:
    """Load, open the pages, write, and print what they saw."""
    chosen = options(__doc__, people=200_000, seconds=60)

    def prepare(folder: Path, url: str) -> tuple[Sequence[str], str]:
        search.prepare(folder, url, chosen.people)
        return sessions(), api_token()

    with served(chosen.keep, prepare) as (instance, port, (keys, token)):
        url = admin_url(instance)
        told_by_floor(url)
        asyncio.run(measure(port, keys, token, hot_people(url), chosen.seconds))


def sessions() -> Sequence[str]:
    """A session key for each page, of as many users."""
    from django.conf import settings

    from rapport.accounts.models import Role, User
    from rapport.accounts.testing import signed_in

    role = Role.objects.get(key="member")
    have = User.objects.filter(email__startswith="page-").count()
    User.objects.bulk_create(
        User(email=f"page-{number}@example.com", name=f"Page {number}", role=role)
        for number in range(have, PAGES)
    )
    users = User.objects.filter(email__startswith="page-")
    return [signed_in(one).cookies[settings.SESSION_COOKIE_NAME].value for one in users]


def hot_people(url: str) -> Sequence[str]:
    """The people that are shown and written."""
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT id FROM contacts_person ORDER BY id LIMIT %s", [HOT])
        return [str(key) for (key,) in found]


def told_by_floor(url: str, turns: int = 200) -> None:
    """Print how long a bare notice and the reading of a row take."""
    times = []
    with (
        psycopg.connect(url, autocommit=True) as ear,
        psycopg.connect(url, autocommit=True) as mouth,
    ):
        ear.execute("LISTEN bench")
        for _turn in range(turns):
            began = time.perf_counter()
            mouth.execute("NOTIFY bench")
            next(ear.notifies(timeout=5))
            ear.execute("SELECT * FROM contacts_person LIMIT 1").fetchall()
            times.append(time.perf_counter() - began)
    print(f"floor: {line(times)}", flush=True)


def line(seconds: Sequence[float]) -> str:
    """Median and slowest of twenty, in milliseconds."""
    if len(seconds) < 2:
        return "nothing was seen"
    slow = statistics.quantiles(seconds, n=20)[-1]
    return f"p50 {statistics.median(seconds) * 1000:.0f} ms, p95 {slow * 1000:.0f} ms"


class Sighting(NamedTuple):
    """When a change was sent, its page told, what it shows asked for, and there."""

    sent: float
    told: float
    asked: float
    shown: float


class Page:
    """A browser with one page open."""

    def __init__(self, port: int, key: str, shown: Sequence[str], sent: Mapping[str, float]):
        self.port, self.shown, self.sent = port, set(shown), sent
        self.cookie = f"rapport-{port}-session={key}"
        self.is_list = len(shown) > 1
        self.waiting: dict[str, float] = {}
        self.heard = asyncio.Event()
        self.seen: list[Sighting] = []
        self.fetches: Counter[int] = Counter()
        self.is_many, self.is_behind, self.whole_at = False, False, 0.0

    async def listen(self) -> None:
        """Hold the stream until cancelled."""
        # The writer is kept as long as somebody reads.
        reader, _writer = await self._ask("/live/?age=0")
        while said := await reader.readline():
            if said.startswith(b'data: {"'):
                self._hear(json.loads(said[6:]).get("ids"))

    def _hear(self, ids: Sequence[str] | None) -> None:
        now = time.monotonic()
        self.is_many |= ids is None
        for key in self.shown if ids is None else self.shown & set(ids):
            self.waiting.setdefault(key, now)
        self.is_behind = self.is_list
        if self.waiting or self._is_whole_due():
            self.heard.set()

    def _is_whole_due(self) -> bool:
        return self.is_behind and time.monotonic() >= self.whole_at + LATER

    async def fetch(self) -> None:
        """Fetch what was heard of, no sooner than the page's script would, until cancelled."""
        start = 0.0
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.heard.wait(), LATER)
            self.heard.clear()
            if self.is_many:
                await asyncio.sleep(max(0.0, start + PAUSE - time.monotonic()))
            if not self.waiting and not self._is_whole_due():
                continue
            asked, self.waiting = self.waiting, {}
            pause = SOON if self.is_list and not self.is_many else PAUSE
            self.is_many = False
            start = time.monotonic()
            self.fetches[int(start)] += 1
            await self._show(asked)
            now = time.monotonic()
            self.seen += [
                Sighting(self.sent[key], told, start, now)
                for key, told in asked.items()
                if key in self.sent
            ]
            await asyncio.sleep(max(0.0, pause - (now - start)))

    async def _show(self, asked: Iterable[str]) -> None:
        address = f"/people/?_rows={','.join(asked)}" if self.is_list else f"/people/{min(asked)}/"
        if self._is_whole_due():
            self.is_behind, self.whole_at = False, time.monotonic()
            address += "&_age=60&_many=0"
        reader, writer = await self._ask(address)
        status = await reader.readline()
        await reader.read()
        writer.close()
        if b" 200 " not in status:
            raise RuntimeError(f"{address[:60]} answered {status!r}")

    async def _ask(self, address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(
            f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {self.cookie}\r\n"
            "HX-Request: true\r\nConnection: close\r\n\r\n".encode()
        )
        await writer.drain()
        return reader, writer


async def measure(
    port: int, keys: Iterable[str], token: str, people: Sequence[str], seconds: int
) -> None:
    """Open the pages, write one by one, then all at once; print both."""
    rnd, sent = random.Random(SEED), dict[str, float]()
    pages = [
        Page(port, key, rnd.sample(people, SHOWN if number < PAGES * LISTS else 1), sent)
        for number, key in enumerate(keys)
    ]
    shown = sorted(set().union(*(page.shown for page in pages)))
    running = [asyncio.ensure_future(page.listen()) for page in pages]
    running += [asyncio.ensure_future(page.fetch()) for page in pages]
    await asyncio.sleep(REST)
    client = Client(f"http://127.0.0.1:{port}")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    await _write(client, headers, rnd, shown, sent, seconds)
    await asyncio.sleep(REST)
    _check(running)
    seen = [one for page in pages for one in page.seen]
    fetches = sum(sum(page.fetches.values()) for page in pages)
    whole = line([one.shown - one.sent for one in seen])
    print(f"{PAGES} pages, {len(sent)} people written at {WRITES} writes/s: {whole}; "
          f"{len(seen)} sightings by {fetches} fetches", flush=True)  # fmt: skip
    print("  until told: ", line([one.told - one.sent for one in seen]))
    print("  until asked:", line([one.asked - one.told for one in seen]))
    print("  until shown:", line([one.shown - one.asked for one in seen]), flush=True)
    await _edit_all(client, headers, pages)
    _check(running)
    for one in running:
        one.cancel()


async def _write(
    client: Client, headers: Mapping[str, str], rnd: random.Random, shown: Sequence[str],
    sent: dict[str, float], seconds: int,
) -> None:  # fmt: skip
    began = time.monotonic()
    for number in range(seconds * WRITES):
        await asyncio.sleep(max(0.0, began + number / WRITES - time.monotonic()))
        key = rnd.choice(shown)
        sent[key] = time.monotonic()
        body = json.dumps({"job_title": f"Chief {number} of {began:.0f}"}).encode()
        status, answer = await asyncio.to_thread(
            client.send, "PATCH", f"/api/v1/people/{key}/", body, headers
        )
        if status != 200:
            raise RuntimeError(f"A write was answered {status}: {answer[:200]!r}")


async def _edit_all(client: Client, headers: Mapping[str, str], pages: Sequence[Page]) -> None:
    for page in pages:
        page.fetches.clear()
    asked = {"do": "edit", "all": True, "field": "job_title", "value": f"Chief {time.time()}"}
    began = time.monotonic()
    status, answer = await asyncio.to_thread(
        client.send, "POST", "/api/v1/people/bulk", json.dumps(asked).encode(), headers
    )
    if status != 202:
        raise RuntimeError(f"The bulk edit was answered {status}: {answer[:200]!r}")
    place = f"/api/v1/jobs/{json.loads(answer)['job']}"
    state = "waiting"
    while state in ("waiting", "running"):
        if time.monotonic() > began + LONGEST:
            raise RuntimeError("The bulk edit took too long.")
        await asyncio.sleep(1)
        _status, answer = await asyncio.to_thread(client.send, "GET", place, None, headers)
        state = json.loads(answer)["state"]
    took = time.monotonic() - began
    await asyncio.sleep(REST)
    most = max(max(page.fetches.values(), default=0) for page in pages)
    total = sum(sum(page.fetches.values()) for page in pages)
    print(f"a bulk edit of all took {took:.0f} s ({state}): {total} fetches by "
          f"{PAGES} pages, at most {most} a page and second", flush=True)  # fmt: skip


def _check(running: Iterable["asyncio.Future[None]"]) -> None:
    """Raises what ended one of them."""
    for one in running:
        if one.done():
            one.result()
            raise RuntimeError("A page has lost its stream.")


if __name__ == "__main__":
    main()
