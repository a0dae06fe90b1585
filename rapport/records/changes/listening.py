"""Hearing that something was logged: the notice that each transaction sends wakes who follows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import psycopg
from django.db import close_old_connections

logger = logging.getLogger("rapport.records")

LISTEN = "LISTEN rapport_log"
#: Seconds: how long notices gather, how long a lost connection is waited for, and after which time
#: one looks unasked.
GATHER, AGAIN, LONGEST = 0.5, 5.0, 30.0

type Follower = Callable[[], object]


async def follow_log(url: str, *followers: Follower) -> None:
    """Have each of these called, beside the others, whenever something was logged."""
    await asyncio.gather(*(_keep_following(url, one) for one in followers))


async def _keep_following(url: str, follower: Follower) -> None:
    while True:
        try:
            await _listen(url, follower)
        except psycopg.Error as problem:
            logger.warning("The log can't be heard, trying again: %s", problem)
            await asyncio.sleep(AGAIN)


async def _listen(url: str, follower: Follower) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as session:
        await session.execute(LISTEN)
        await asyncio.to_thread(_call, follower)
        while True:
            async for _notice in session.notifies(timeout=LONGEST, stop_after=1):
                await asyncio.sleep(GATHER)
            await asyncio.to_thread(_call, follower)


def _call(follower: Follower) -> None:
    close_old_connections()
    try:
        follower()
    except Exception:
        # Nothing is lost: the place in the log stands until it is followed.
        logger.exception("The log was not followed by %s", follower.__module__)
    finally:
        close_old_connections()
