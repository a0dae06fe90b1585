"""Web, worker and database are killed hundreds of times, at random moments of all that takes long.

`RAPPORT_KILLS` says how often, `RAPPORT_SEED` which moments.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from rapport.automation.tests.receiver import Received, Receiver, listening
from tests.faults.asking import STUCK, Program
from tests.faults.test_instance import process
from tests.platform.instances import CHECKOUT, Served, rapport, served, wait_until

pytestmark = pytest.mark.long
KILLS = int(os.environ.get("RAPPORT_KILLS", "500"))
SEED = int(os.environ.get("RAPPORT_SEED", "1"))
ROWS, SAME = 700, 40
#: A job that takes its worker down five times is given up, which is meant to be so.
MOST_AT_ONE = 3
CITIES = ("Oslo", "Bern", "Lima", "Kyoto")
IMPATIENT = f"""#!/bin/sh
RAPPORT_OUTBOUND_NETWORKS=127.0.0.1/32 PYTHONPATH={CHECKOUT} exec {sys.executable} -P \
-m tests.faults.impatient "$@"
"""


class Killer:
    """Ends parts of an instance, and counts."""

    def __init__(self, instance: Served, dice: random.Random) -> None:
        self.instance = instance
        self.dice = dice
        self.done: Counter[str] = Counter()

    def during(self, name: str, is_over: Callable[[], bool]) -> None:
        """Kill something now and then until it is over."""
        kills, deadline = 0, time.monotonic() + STUCK
        while not is_over():
            assert time.monotonic() < deadline, f"{name} does not end: {self.instance.said[-3000:]}"
            if kills < MOST_AT_ONE:
                time.sleep(self.dice.uniform(0, 1.2))
                kills += self.kill(name)
            else:
                time.sleep(0.2)

    def kill(self, name: str) -> bool:
        """End something; whether it was there."""
        part = self.dice.choice(["web", "worker", "worker", "database"])
        with suppress(ProcessLookupError):
            if pid := process(self.instance, part):
                os.kill(pid, signal.SIGKILL)
                self.done[f"{part} at {name}"] += 1
                return True
        return False


class Firm:
    """A program that works through one sort of task after the other."""

    def __init__(self, program: Program, killer: Killer, receiver: Receiver) -> None:
        self.program, self.killer, self.receiver = program, killer, receiver
        self.number = 0
        self.cities: dict[str, str] = {}

    @property
    def name(self) -> str:
        """The last name of all people of this round."""
        return f"Round{self.number:05d}"

    def round(self) -> None:
        """Bring people in, edit them, take that back, make some one, back all up."""
        self.number += 1
        self._bring_in()
        made = self._edit(CITIES[self.number % len(CITIES)])
        self._undo(made)
        self._merge()
        self._back_up()

    def _people(self) -> list[dict[str, Any]]:
        return list(self.program.pages(f"people?where=last_name:{self.name}"))

    def _bring_in(self) -> None:
        rows = [f"Ann{number},{self.name},Rome" for number in range(ROWS)]
        text = "\n".join(["First name,Last name,City", *rows]).encode()
        path = f"imports?object=people&match=create&filename={self.name}.csv"
        made = self.program.send_file(path, text)["id"]
        self.program.post(f"imports/{made}/start", {})
        self.killer.during("import", lambda: self._state(f"imports/{made}") == "done")
        names = Counter(one["first_name"] for one in self._people())
        assert names == Counter(f"Ann{number}" for number in range(ROWS))

    def _edit(self, city: str) -> str:
        wish = {"do": "edit", "where": f"last_name:{self.name}", "field": "city", "value": city}
        job = self.program.post("people/bulk", wish)["job"]
        done = self._finish("edit", job)
        assert (done["rows"], done["left"]) == (ROWS, 0)
        people = self._people()
        assert {one["city"] for one in people} == {city}
        told = {one["id"] for one in people}
        self.killer.during("webhook", lambda: told <= self._told_of(city))
        return str(done["change_set"])

    def _told_of(self, city: str) -> set[str]:
        found = [one.json["data"] for one in list(self.receiver.requests)]
        return {
            one["id"] for one in found
            if any(field["field"] == "city" and field["new"] == city for field in one["fields"])
        }  # fmt: skip

    def _undo(self, made: str) -> None:
        answer = self.program.post(f"history/{made}/undo", {})
        if "job" in answer:
            self._finish("undo", answer["job"])
        assert Counter(one["city"] for one in self._people()) == {"Rome": ROWS}

    def _merge(self) -> None:
        same = sorted(one["id"] for one in self._people())[:SAME]
        wish = {"do": "merge", "ids": same, "keep": "oldest"}
        self._finish("merge", self.program.post("people/bulk", wish)["job"])
        left = {one["id"] for one in self._people()}
        assert len(left) == ROWS - SAME + 1
        assert len(left & set(same)) == 1

    def _back_up(self) -> None:
        before = {one["name"] for one in self.program.get("backups")["data"]}
        job = self.program.post("backups", {})["job"]
        self._finish("backup", job)
        after = {one["name"] for one in self.program.get("backups")["data"]}
        assert len(after - before) >= 1

    def _finish(self, name: str, job: str) -> Any:
        self.killer.during(name, lambda: self._state(f"jobs/{job}") in {"done", "failed"})
        done = self.program.get(f"jobs/{job}")
        assert done["state"] == "done", (name, done)
        return done["result"]

    def _state(self, path: str) -> str:
        return str(self.program.get(path)["state"])


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Served]:
    run, secret = tmp_path / "run", tmp_path / "password"
    run.write_text(IMPATIENT)
    run.chmod(0o755)
    secret.write_text("a long enough secret\n")
    owner = ("--owner-email", "ana@firm.example", "--owner-password-file", str(secret))
    with served(tmp_path / "data", "--no-extras", *owner, run=run) as found:
        yield found


def test_hundreds_of_kills_lose_nothing_and_double_nothing(instance: Served) -> None:
    made = rapport(instance.data, "token", "create", "--user", "ana@firm.example")
    program = Program(urlsplit(instance.address).port or 80, made.stdout.strip())
    killer = Killer(instance, random.Random(SEED))
    with listening() as receiver:
        refused = random.Random(SEED)

        def answer(_received: Received) -> tuple[int, dict[str, str], bytes]:
            return (503, {}, b"") if refused.random() < 0.002 else (204, {}, b"")

        receiver.answer = answer
        hook = {"name": "Shop", "url": receiver.url, "objects": ["person"], "events": ["changed"]}
        program.post("webhooks", hook)
        firm = Firm(program, killer, receiver)
        while sum(killer.done.values()) < KILLS:
            firm.round()
            sys.stdout.write(f"round {firm.number}: {sum(killer.done.values())} kills\n")
            sys.stdout.flush()
        bodies = {(one.id, one.body) for one in receiver.requests}
        assert len(bodies) == len({key for key, _body in bodies})
    sys.stdout.write(f"{dict(killer.done)}, {program.unanswered} requests sent again\n")
    wait_until(lambda: instance.answers() and _has_worker(program), 120)
    told = json.loads(rapport(instance.data, "doctor", "--json").stdout)
    assert told["well"], told
    assert "started again" in str(told)
    rapport(instance.data, "backup", "--test")


def _has_worker(program: Program) -> bool:
    return bool(program.get("health")["well"])
