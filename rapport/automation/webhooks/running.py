"""The courier at work in the worker: one in the whole instance, whoever has the lock."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

import psycopg
from django.db import close_old_connections

from rapport.automation.webhooks.courier import GATHER, Courier
from rapport.records.metadata.noticing import refresh

logger = logging.getLogger("rapport.automation")

#: The lock falls with the connection, and so with the process, at once.
TURN = "SELECT pg_try_advisory_lock(hashtext('rapport.webhooks'))"
LISTEN = "LISTEN rapport_webhooks"
#: Seconds between asking for the turn, and after a fault.
AGAIN = 2.0


async def keep_delivering(url: str) -> None:
    """Deliver webhooks as long as the process runs; `url` is the database's direct address."""
    wake, loop = asyncio.Event(), asyncio.get_running_loop()
    courier = Courier(heard=lambda: loop.call_soon_threadsafe(wake.set))
    try:
        while True:
            try:
                await _deliver(url, courier, wake)
            except psycopg.Error as problem:
                logger.warning("Webhooks wait for the database: %s", problem)
            await asyncio.sleep(AGAIN)
    finally:
        courier.close()


async def _deliver(url: str, courier: Courier, wake: asyncio.Event) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as session:
        while not await _has_turn(session):
            await asyncio.sleep(AGAIN)
        await session.execute(LISTEN)
        hearing = asyncio.create_task(_hear(session, wake))
        try:
            while not hearing.done():
                wake.clear()
                seconds = await asyncio.to_thread(_step, courier)
                with suppress(TimeoutError):
                    await asyncio.wait_for(wake.wait(), seconds)
                await asyncio.sleep(GATHER)
            await hearing
        finally:
            hearing.cancel()


async def _has_turn(session: psycopg.AsyncConnection) -> bool:
    found = await (await session.execute(TURN)).fetchone()
    return bool(found and found[0])


async def _hear(session: psycopg.AsyncConnection, wake: asyncio.Event) -> None:
    try:
        async for _notice in session.notifies():
            wake.set()
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
