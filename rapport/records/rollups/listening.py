"""Hearing that something was logged: the notice that each transaction sends wakes the follower."""

from __future__ import annotations

import asyncio
import logging

import psycopg
from django.db import close_old_connections

logger = logging.getLogger("rapport.records")

LISTEN = "LISTEN rapport_log"
#: Seconds: how long notices gather, and how long a lost connection is waited for.
GATHER = 0.5
AGAIN = 5.0


async def follow_log(url: str) -> None:
    """Keep measures for as long as the worker runs."""
    while True:
        try:
            await _listen(url)
        except psycopg.Error as problem:
            logger.warning("The log can't be heard, trying again: %s", problem)
            await asyncio.sleep(AGAIN)


async def _listen(url: str) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as session:
        await session.execute(LISTEN)
        await asyncio.to_thread(_follow)
        while True:
            async for _notice in session.notifies(stop_after=1):
                await asyncio.sleep(GATHER)
            await asyncio.to_thread(_follow)


def _follow() -> None:
    from rapport.records.metadata.noticing import has_met_any, refresh
    from rapport.records.rollups.following import follow

    close_old_connections()
    try:
        refresh()
        if has_met_any():
            follow()
    except Exception:
        # Nothing is lost: the place in the log stands until it is followed.
        logger.exception("Measures of formulas were not kept")
    finally:
        close_old_connections()
