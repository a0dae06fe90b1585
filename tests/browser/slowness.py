"""A server whose answers come late, as on a busy machine or over a bad line."""

import logging
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler

#: Seconds that an answer may take longer; 0 leaves the server as it is.
SLOWEST = float(os.environ.get("RAPPORT_SLOW_ANSWERS", "0"))
SEED = os.environ.get("RAPPORT_SEED") or str(random.randrange(2**32))
STREAMS = ("/live/",)


@contextmanager
def slow_answers(test: str, slowest: float = SLOWEST) -> Iterator[None]:
    """Hold up each answer of this process's servers, at times before the server has done it.

    The same seed holds up the answers to the same test by the same times, in order of asking.
    """
    if not slowest:
        yield
        return
    logging.getLogger(__name__).warning("RAPPORT_SLOW_ANSWERS=%s RAPPORT_SEED=%s", slowest, SEED)
    waits = random.Random(f"{SEED} {test}")
    at_once = WSGIHandler.__call__

    def late(handler: WSGIHandler, environ: dict[str, Any], start: Any) -> Any:
        is_stream = environ["PATH_INFO"].startswith(STREAMS)
        wait, is_before = waits.uniform(0, 0 if is_stream else slowest), waits.random() < 0.5
        time.sleep(wait if is_before else 0)
        answer = at_once(handler, environ, start)
        time.sleep(0 if is_before else wait)
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WSGIHandler, "__call__", late)
        yield
