"""A worker killed at any moment loses no event and turns none of a record round."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition
from uuid import UUID

import pytest
from django.conf import settings

from rapport.accounts.testing import make_user
from rapport.automation.models import Delivery
from rapport.automation.tests.making import make_webhook
from rapport.automation.tests.receiver import Received, Receiver
from rapport.records.store import change
from rapport.records.testing import HOUSE, make_sample

pytestmark = pytest.mark.django_db(transaction=True)

KILLS, PEOPLE, CHANGES = 250, 12, 10
#: Seconds after which something is taken for stuck.
STUCK = 120


class Worker:
    """Starts and kills processes that deliver."""

    def __init__(self, forker: subprocess.Popen[str]) -> None:
        self.forker = forker
        self.child = 0

    def start(self) -> None:
        """Let one begin."""
        self._say("go\n")
        self.child = int(self._hear())

    def kill(self) -> None:
        """End it without a word."""
        os.kill(self.child, signal.SIGKILL)
        self.child = 0
        assert self._hear().strip() == "dead"

    def pause(self) -> None:
        """Let it do nothing, and notice nothing."""
        os.kill(self.child, signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it do what it was about to do."""
        os.kill(self.child, signal.SIGCONT)

    def end(self) -> None:
        """Leave nothing behind."""
        if self.child:
            self.kill()

    def _say(self, word: str) -> None:
        assert self.forker.stdin is not None
        self.forker.stdin.write(word)
        self.forker.stdin.flush()

    def _hear(self) -> str:
        assert self.forker.stdout is not None
        return self.forker.stdout.readline()


@contextmanager
def worker(lease: float = 60.0) -> Iterator[Worker]:
    """One that can be killed as often as wanted; silent so long, it loses its turn."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "RAPPORT_DATA": str(settings.INSTANCE.data),
        "RAPPORT_DATABASE_URL": settings.INSTANCE.database_url,
        "RAPPORT_SECRET_KEY": settings.SECRET_KEY,
        "RAPPORT_OUTBOUND_NETWORKS": "127.0.0.1/32",
    }
    forker = subprocess.Popen(
        [sys.executable, "-m", "rapport.automation.tests.killed_child", f"{lease}", f"{lease / 5}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    with forker:
        made = Worker(forker)
        try:
            yield made
        finally:
            made.end()


class Counting:
    """Answers, now and then with a fault, and lets others wait for what comes in."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.came = Condition()
        self.good: list[Received] = []
        self.names: set[int] = set()
        self.refused: set[str] = set()

    def __call__(self, received: Received) -> tuple[int, dict[str, str], bytes]:
        with self.came:
            # Once at most: the next time would come too late for a test.
            if received.id not in self.refused and self.dice.random() < 0.005:
                self.refused.add(received.id)
                return 503, {}, b"later"
            self.good.append(received)
            self.names.add(name_in(received))
            self.came.notify_all()
        return 204, {}, b""

    def wait_for(self, number: int) -> None:
        """Until so many were taken."""
        with self.came:
            assert self.came.wait_for(lambda: len(self.good) >= number, STUCK)

    def wait_for_names(self, number: int) -> None:
        """Until so many names were told."""
        with self.came:
            assert self.came.wait_for(lambda: len(self.names) >= number, STUCK)


def followed(receiver: Receiver, dice: random.Random) -> tuple[Counting, list[UUID]]:
    """Some people, and a receiver that is told of their changes and counts them."""
    counting = Counting(dice)
    receiver.answer = counting
    people = [make_sample("person", number) for number in range(PEOPLE)]
    make_webhook(receiver.url, make_user(), events=["changed"])
    return counting, people


def renamed(people: list[UUID], dice: random.Random, numbers: Iterator[int]) -> None:
    """Change somebody, to a name that says which change it was."""
    with change(HOUSE, via="web") as made:
        made.update("person", dice.choice(people), {"first_name": f"Name{next(numbers)}"})


@pytest.mark.long
def test_no_event_is_lost_by_hundreds_of_kills(receiver: Receiver) -> None:
    dice = random.Random(KILLS)
    counting, people = followed(receiver, dice)
    numbers = iter(range(10**6))
    with worker() as deliverer:
        for _kill in range(KILLS):
            for _change in range(CHANGES // 2):
                renamed(people, dice, numbers)
            before = len(counting.good)
            deliverer.start()
            for _change in range(CHANGES // 2):
                renamed(people, dice, numbers)
            counting.wait_for(before + dice.randint(0, 3))
            deliverer.kill()
        deliverer.start()
        counting.wait_for_names(KILLS * CHANGES)
        deliverer.kill()
    assert counting.names == set(range(KILLS * CHANGES))
    assert_order_of_each(counting.good)
    bodies = {(one.id, one.body) for one in receiver.requests}
    assert len(bodies) == len({key for key, _body in bodies}) == KILLS * CHANGES
    assert Delivery.objects.count() == KILLS * CHANGES


@pytest.mark.long
def test_one_that_is_paused_loses_its_turn_and_sends_nothing_when_it_wakes(
    receiver: Receiver,
) -> None:
    dice = random.Random(PEOPLE)
    counting, people = followed(receiver, dice)
    numbers = iter(range(10**6))

    def change_some() -> None:
        for _change in range(CHANGES):
            renamed(people, dice, numbers)

    with worker(lease=2.0) as paused, worker(lease=2.0) as other:
        paused.start()
        for turn in range(3):
            change_some()
            counting.wait_for(turn * 2 * CHANGES + dice.randint(0, CHANGES))
            paused.pause()
            change_some()
            other.start()
            counting.wait_for_names((turn + 1) * 2 * CHANGES)
            paused.go_on()
            other.end()
    assert counting.names == set(range(6 * CHANGES))
    assert_order_of_each(counting.good)
    bodies = {(one.id, one.body) for one in receiver.requests}
    assert len(bodies) == len({key for key, _body in bodies}) == 6 * CHANGES


def name_in(one: Received) -> int:
    """The number of the change that a message tells of."""
    (field,) = [field for field in one.json["data"]["fields"] if field["field"] == "first_name"]
    return int(field["new"].removeprefix("Name"))


def assert_order_of_each(good: list[Received]) -> None:
    """What is told of a record for the first time is later than all that was told of it before."""
    newest: dict[str, int] = {}
    seen: set[str] = set()
    for one in good:
        if one.id not in seen:
            record, number = one.json["data"]["id"], name_in(one)
            assert number > newest.get(record, -1)
            newest[record] = number
        seen.add(one.id)
