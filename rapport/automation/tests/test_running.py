"""The worker's loop sends what it is told of, and only one of several does."""

from __future__ import annotations

import asyncio
from threading import Event
from typing import Any

import psycopg
import pytest
from django.conf import settings

from rapport.automation.actions import send_test
from rapport.automation.tests.making import make_webhook
from rapport.automation.tests.receiver import Received, Receiver
from rapport.automation.webhooks import running, turn
from rapport.automation.webhooks.turn import Turn

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_test_reaches_the_receiver_once_the_turn_is_free(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "AGAIN", 0.01)
    came, asked = Event(), Event()
    url = settings.INSTANCE.direct_database_url
    take = Turn.take

    def answer(_received: Received) -> Any:
        came.set()
        return 204, {}, b""

    async def ask(one: Turn) -> bool:
        found = await take(one)
        asked.set()
        return found

    receiver.answer = answer
    monkeypatch.setattr(Turn, "take", ask)
    send_test(make_webhook(receiver.url))

    async def work() -> None:
        delivering = asyncio.create_task(running.keep_delivering(url))
        assert await asyncio.to_thread(asked.wait, 20)
        assert not came.is_set()
        await asyncio.to_thread(other.close)
        assert await asyncio.to_thread(came.wait, 20)
        delivering.cancel()
        await asyncio.wait([delivering])

    with psycopg.connect(url, autocommit=True) as other:
        other.execute(turn.TAKE)
        asyncio.run(work())
