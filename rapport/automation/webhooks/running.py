"""The courier at work in the worker: one in the whole instance, whoever has the turn."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

import psycopg
from django.db import close_old_connections

from rapport.automation.webhooks.courier import GATHER, Courier
from rapport.automation.webhooks.turn import Turn
from rapport.records.metadata.noticing import refresh

logger = logging.getLogger("rapport.automation")

LISTEN = "LISTEN rapport_webhooks"
#: Seconds between asking for the turn, and after a fault.
AGAIN = 2.0


async def keep_delivering(url: str) -> None:
    """Deliver webhooks as long as the process runs; `url` is the database's direct address."""
    while True:
        try:
            await _deliver(url)
        except psycopg.Error as problem:
            logger.warning("Webhooks wait for the database: %s", problem)
        await asyncio.sleep(AGAIN)


async def _deliver(url: str) -> None:
    wake, loop = asyncio.Event(), asyncio.get_running_loop()
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as session:
        turn = Turn(session)
        while not await turn.take():
            await asyncio.sleep(AGAIN)
        await session.execute(LISTEN)
        courier = Courier(lambda: loop.call_soon_threadsafe(wake.set), turn.send)
        hearing = asyncio.create_task(_hear(turn, wake))
        try:
            while not hearing.done():
                wake.clear()
                seconds = await asyncio.to_thread(_step, courier)
                with suppress(TimeoutError):
                    await asyncio.wait_for(wake.wait(), seconds)
                await asyncio.sleep(GATHER)
            await hearing
        finally:
            turn.end()
            hearing.cancel()
            courier.close()


async def _hear(turn: Turn, wake: asyncio.Event) -> None:
    try:
        while True:
            async for _notice in turn.session.notifies(timeout=turn.seconds_to_sign()):
                wake.set()
                if turn.seconds_to_sign() == 0:
                    break
            await turn.sign()
    finally:
        wake.set()


def _step(courier: Courier) -> float:
    close_old_connections()
    try:
        refresh()
        return courier.step()
    except Exception:
        # Nothing is lost: what was not written down is due as before.
        logger.exception("Webhooks were not delivered")
        return AGAIN
    finally:
        close_old_connections()
