"""People at work in an instance: they read, edit, move cards and search, and note what they did.

Each is a thread with one connection and a session of its own. Nothing is asked twice: an answer
that does not come is a fault. Most of what they edit lies among few records, so that they meet.
"""

import http.client
import json
import random
import secrets
import statistics
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

import psycopg

#: How often each is done, of a hundred.
DEEDS = {
    "list": 20, "record": 28, "board": 5, "search": 15, "edit": 16, "move": 12, "create": 4,
}  # fmt: skip
HOT = 300
WORDS = ("thornbury", "anna", "brewery", "lyon", "garcia", "tanaka", "ström", "lindgren")
PATIENCE = 60
CONFLICT = (409, 412)


@dataclass(frozen=True)
class World:
    """What they work on: hot people and deals, and the open stages."""

    people: Sequence[str]
    deals: Sequence[str]
    stages: Sequence[str]


@dataclass(frozen=True)
class Edit:
    """One that was accepted: what its author had seen, and what he put there."""

    object: str
    record: str
    column: str
    seen: str
    put: str


@dataclass
class Diary:
    """What one of them did."""

    seconds: list[tuple[str, float, float]] = field(default_factory=list)
    """Deed, moment of its beginning, and how long it took."""
    edits: list[Edit] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    conflicts: int = 0
    faults: list[str] = field(default_factory=list)


class Colleague(threading.Thread):
    """One person with a browser, from `start` until `stop` is set."""

    def __init__(
        self, address: tuple[str, int], session: Mapping[str, str], token: str, world: World,
        stop: threading.Event, number: int, think: float,
    ) -> None:  # fmt: skip
        super().__init__(daemon=True, name=f"colleague {number}")
        self.address, self.world, self.stop, self.think = address, world, stop, think
        self.rnd = random.Random(number)
        self.csrf = secrets.token_hex(16)
        cookies = {**session, f"{session_prefix(session)}-csrf": self.csrf}
        self.cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self.token = token
        self.diary = Diary()
        self.connection = http.client.HTTPConnection(*address, timeout=PATIENCE)

    def run(self) -> None:
        """Work, with a pause for thought after each deed."""
        while not self.stop.wait(self.rnd.expovariate(1 / self.think) if self.think else 0):
            (deed,) = self.rnd.choices(list(DEEDS), list(DEEDS.values()))
            try:
                getattr(self, f"_{deed}")()
            except (http.client.HTTPException, OSError) as fault:
                self.diary.faults.append(f"{deed}: {fault!r}")
                self.connection.close()

    def _list(self) -> None:
        self._page("list", self.rnd.choice(("/people/", "/companies/", "/people/?city.is=Lyon")))

    def _record(self) -> None:
        self._page("record", f"/people/{self.rnd.choice(self.world.people)}/")

    def _board(self) -> None:
        self._page("board", "/deals/board/")

    def _search(self) -> None:
        self._page("search", f"/search/?q={quote(self.rnd.choice(WORDS))}")

    def _edit(self) -> None:
        place = f"/api/v1/people/{self.rnd.choice(self.world.people)}"
        seen = self._read(place)
        if seen is None:
            return
        put = f"{seen['id'][-4:]} {secrets.token_hex(6)}"
        status = self._ask(
            "edit", "PATCH", place, json.dumps({"job_title": put}),
            {**self._by_program(), "If-Match": f'"{seen["version"]}"'}, (200, *CONFLICT),
        )[0]  # fmt: skip
        self._note(status, Edit("person", seen["id"], "job_title", seen["job_title"], put))

    def _move(self) -> None:
        seen = self._read(f"/api/v1/deals/{self.rnd.choice(self.world.deals)}")
        if seen is None:
            return
        stage = self.rnd.choice([one for one in self.world.stages if one != seen["stage"]])
        status = self._ask(
            "move", "POST", "/deals/board/move/",
            f"record={seen['id']}&column={stage}&version={seen['version']}",
            {"Cookie": self.cookie, "X-CSRFToken": self.csrf, "HX-Request": "true",
             "Content-Type": "application/x-www-form-urlencoded"}, (200, *CONFLICT),
        )[0]  # fmt: skip
        self._note(status, Edit("deal", seen["id"], "stage_id", seen["stage"], stage))

    def _create(self) -> None:
        name = f"Newcomer {secrets.token_hex(8)}"
        body = json.dumps({"first_name": "New", "last_name": name, "city": "Lyon"})
        status, _body = self._ask(
            "create", "POST", "/api/v1/people", body, self._by_program(), (201,)
        )
        if status == 201:
            self.diary.made.append(name)

    def _note(self, status: int, edit: Edit) -> None:
        if status == 200:
            self.diary.edits.append(edit)
        elif status in CONFLICT:
            self.diary.conflicts += 1

    def _read(self, place: str) -> dict[str, Any] | None:
        status, body = self._ask("api", "GET", place, None, self._by_program(), (200,))
        return json.loads(body) if status == 200 else None

    def _by_program(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}

    def _page(self, deed: str, path: str) -> None:
        self._ask(deed, "GET", path, None, {"Cookie": self.cookie}, (200,))

    def _ask(
        self, deed: str, method: str, path: str, body: str | None, headers: Mapping[str, str],
        good: Sequence[int],
    ) -> tuple[int, bytes]:  # fmt: skip
        began = time.time()
        self.connection.request(method, path, body, {**headers, "Accept-Encoding": "identity"})
        answer = self.connection.getresponse()
        data = answer.read()
        self.diary.seconds.append((deed, began, time.time() - began))
        if answer.status not in good:
            self.diary.faults.append(f"{method} {path}: {answer.status} {data[:200]!r}")
        return answer.status, data


def session_prefix(session: Mapping[str, str]) -> str:
    """How the names of this instance's cookies begin."""
    return next(iter(session)).removesuffix("-session")


def world_of(url: str) -> World:
    """What is worked on: the first people and open deals of the pipeline that has most."""
    with psycopg.connect(url) as connection:
        (pipeline,) = connection.execute(BUSIEST).fetchone() or (None,)
        people, deals, stages = (
            [str(key) for (key,) in connection.execute(query, given)]
            for query, given in ((PEOPLE, [HOT]), (DEALS, [pipeline, HOT]), (STAGES, [pipeline]))
        )
    return World(people, deals, stages)


BUSIEST = """
SELECT pipeline_id FROM sales_deal WHERE state = 'open' AND deleted_at IS NULL
GROUP BY 1 ORDER BY count(*) DESC LIMIT 1
"""
PEOPLE = "SELECT id FROM contacts_person WHERE deleted_at IS NULL ORDER BY id LIMIT %s"
DEALS = """
SELECT id FROM sales_deal
WHERE state = 'open' AND pipeline_id = %s AND deleted_at IS NULL ORDER BY id LIMIT %s
"""
STAGES = "SELECT id FROM sales_stage WHERE pipeline_id = %s AND state = 'open' ORDER BY position"


def lost_edits(url: str, diaries: Sequence[Diary], since: datetime) -> list[str]:
    """What is wrong with the log, the diaries being true: sentences, none where all is well.

    Each accepted edit stands in it once since then, over the value that its author had seen, and
    each change over what the one before it put there.
    """
    wrong: list[str] = []
    edits = [edit for diary in diaries for edit in diary.edits]
    with psycopg.connect(url) as connection:
        for name, column in sorted({(edit.object, edit.column) for edit in edits}):
            mine = Counter(
                (edit.record, edit.seen, edit.put) for edit in edits if edit.object == name
            )
            keys = list({record for record, _seen, _put in mine})
            asked = {"object": name, "column": column, "keys": keys, "since": since}
            logged = connection.execute(LOGGED, asked)
            found = Counter(logged.fetchall())
            wrong += [f"{name} {one} is logged {found[one]} times" for one in mine
                      if found[one] != mine[one]]  # fmt: skip
            broken = connection.execute(BROKEN, asked)
            wrong += [f"{name} {key}: a change stands over another value" for (key,) in broken]
        made = [name for diary in diaries for name in diary.made]
        there = Counter(name for (name,) in connection.execute(MADE, [made]))
        wrong += [f"{name} is there {there[name]} times" for name in made if there[name] != 1]
    return wrong


LOGGED = """
SELECT record_id::text, old->>%(column)s, new->>%(column)s FROM records_change
WHERE object = %(object)s AND record_id = ANY(%(keys)s::uuid[]) AND kind = 'update'
  AND new ? %(column)s AND at >= %(since)s
"""
MADE = "SELECT last_name FROM contacts_person WHERE last_name = ANY(%s)"
BROKEN = """
SELECT record_id FROM (
  SELECT record_id, old->>%(column)s AS old, lag(new->>%(column)s) OVER (
    PARTITION BY record_id ORDER BY id) AS before
  FROM records_change
  WHERE object = %(object)s AND record_id = ANY(%(keys)s::uuid[]) AND new ? %(column)s
) AS step WHERE before IS NOT NULL AND before IS DISTINCT FROM old
"""


def figures(diaries: Sequence[Diary], since: float, until: float) -> dict[str, tuple[float, ...]]:
    """By deed, and of all together: how many there were, p50, p95 and slowest in milliseconds."""
    times: dict[str, list[float]] = {"all": []}
    for diary in diaries:
        for deed, began, took in diary.seconds:
            if since <= began < until:
                times.setdefault(deed, []).append(took * 1000)
                times["all"].append(took * 1000)
    return {
        deed: (len(found), statistics.median(found), slow(found), max(found))
        for deed, found in sorted(times.items())
        if found
    }


def slow(found: Sequence[float]) -> float:
    """What nineteen of twenty stay under."""
    return sorted(found)[min(len(found) - 1, len(found) * 19 // 20)]
