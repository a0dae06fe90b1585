"""Parts of an instance are killed while programs write: what was said to be kept is there, once."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

import pytest

from rapport.project.backups import shelf
from rapport.project.instance import Instance
from tests.faults.visiting import Visitor
from tests.platform.instances import (
    RAPPORT,
    Served,
    clean_environment,
    processes_of,
    rapport,
    served,
    wait_until,
)

pytestmark = pytest.mark.long
KILLS, SECONDS = 12, 3.0


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("faults")
    secret = folder / "password"
    secret.write_text("a long enough secret\n")
    owner = ("--owner-email", "ana@firm.example", "--owner-password-file", str(secret))
    with served(folder / "data", "--no-extras", *owner) as found:
        yield found


class Writer(Thread):
    """A program that makes people one after the other, and sends again what got no answer."""

    def __init__(self, instance: Served, name: str) -> None:
        super().__init__(name=name)
        self.port = urlsplit(instance.address).port or 80
        made = rapport(instance.data, "token", "create", "--user", "ana@firm.example")
        self.token = made.stdout.strip()
        self.is_over = Event()
        self.kept: list[str] = []

    def run(self) -> None:
        number = 0
        while not self.is_over.is_set():
            name = f"{self.name}-{number}"
            while self._post(name) != 201:
                time.sleep(0.1)
            self.kept.append(name)
            number += 1

    def _post(self, name: str) -> int:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {
            "Host": "localhost", "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json", "Idempotency-Key": name,
        }  # fmt: skip
        with closing(connection), suppress(OSError, HTTPException):
            connection.request("POST", "/api/v1/people", json.dumps({"name": name}), headers)
            return connection.getresponse().status
        return 0


def process(instance: Served, part: str) -> int:
    """The main process of a part; 0 while there is none."""
    if part == "database":
        with suppress(OSError, IndexError, ValueError):
            return int((instance.data / "postgres" / "postmaster.pid").read_text().split()[0])
        return 0
    for pid in processes_of(instance.data):
        with suppress(OSError):
            if f"rapport.project.{part}".encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                return pid
    return 0


def has_worker(instance: Served) -> bool:
    """Whether a worker has given a sign of life."""
    port = urlsplit(instance.address).port or 80
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", "/readyz", headers={"Host": "localhost"})
        return bool(json.loads(connection.getresponse().read()).get("worker"))


def people(instance: Served, token: str) -> Counter[str]:
    """The names that are there, and how often."""
    found: Counter[str] = Counter()
    after = ""
    while True:
        connection = HTTPConnection("127.0.0.1", urlsplit(instance.address).port or 80, timeout=60)
        headers = {"Host": "localhost", "Authorization": f"Bearer {token}"}
        with closing(connection):
            connection.request("GET", f"/api/v1/people?limit=200{after}", headers=headers)
            page = json.loads(connection.getresponse().read())
        found.update(one["name"] for one in page["data"])
        if not page.get("next"):
            return found
        after = f"&after={page['next']}"


def test_nothing_is_lost_or_doubled_by_kills_of_web_worker_and_database(running: Served) -> None:
    dice = random.Random(KILLS)
    writers = [Writer(running, f"writer{number}") for number in range(3)]
    for one in writers:
        one.start()
    try:
        for _kill in range(KILLS):
            time.sleep(dice.uniform(0, SECONDS))
            if pid := process(running, dice.choice(["web", "worker", "database"])):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            # The pause before a restart grows with each, so that kills have to wait for it.
            wait_until(running.answers, 120)
    finally:
        for one in writers:
            one.is_over.set()
        for one in writers:
            one.join(120)
    kept = [name for one in writers for name in one.kept]
    assert len(kept) >= KILLS
    assert people(running, writers[0].token) == Counter(kept)
    wait_until(lambda: process(running, "worker") and has_worker(running), 120)
    told = json.loads(rapport(running.data, "doctor", "--json").stdout)
    assert told["well"], told
    assert "started again" in str(told)


def test_a_database_that_is_restarted_under_load_is_only_waited_for(running: Served) -> None:
    visitor = Visitor(running.address.rstrip("/"), "ana@firm.example", "a long enough secret")
    writers = [Writer(running, f"restart{number}") for number in range(2)]
    before = running.said.count("The database is back.")
    visitor.begin()
    for one in writers:
        one.start()
    try:
        for restart in range(before, before + 3):
            time.sleep(2)
            os.kill(process(running, "database"), signal.SIGINT)
            wait_until(lambda n=restart: running.said.count("The database is back.") > n, 60)
            wait_until(running.answers, 60)
        heard, kept = len(visitor.heard), len(writers[0].kept)
        wait_until(lambda: len(writers[0].kept) > kept, 60)
        wait_until(lambda: any('"person"' in line for line in visitor.heard[heard:]), 60)
        wait_until(lambda: has_worker(running), 120)
    finally:
        for one in writers:
            one.is_over.set()
        visitor.end()
        for one in writers:
            one.join(120)
    assert visitor.answers.keys() <= {200, 503}, visitor.answers
    assert all("The database does not answer just now" in page for page in visitor.refusals)
    found = people(running, writers[0].token)
    assert {found[name] for one in writers for name in one.kept} == {1}


def test_a_backup_that_was_killed_leaves_nothing_that_looks_like_one(running: Served) -> None:
    dice = random.Random(1)
    before = len(shelf.backups(Instance(running.data)))
    for _kill in range(10):
        making = subprocess.Popen(
            [RAPPORT, "--data", running.data, "backup"],
            env=clean_environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(dice.uniform(0.5, 4))
        os.killpg(making.pid, signal.SIGKILL)
        if making.wait() == 0:
            before += 1
    assert len(shelf.backups(Instance(running.data))) == before
    rapport(running.data, "backup", "--test")
    assert running.answers()
