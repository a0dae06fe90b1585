"""The part of the worker that delivers webhooks, in processes that a test kills.

`python -m …` forks one for each line it reads, tells its number, and once it is dead that it is:
to start Python two hundred times would take most of the time.
"""

from __future__ import annotations

import asyncio
import os
import sys

import django


def main() -> None:
    """Fork for each line until there are no more."""
    django.setup()
    # What a child imports itself would be imported anew by each.
    from django.conf import settings

    from rapport.automation.webhooks import turn
    from rapport.automation.webhooks.following import follow
    from rapport.automation.webhooks.running import keep_delivering
    from rapport.records.changes.listening import follow_log

    turn.LEASE, turn.SIGNS = map(float, sys.argv[1:])

    async def work() -> None:
        url = settings.INSTANCE.direct_database_url
        await asyncio.gather(follow_log(url, follow), keep_delivering(url))

    for _line in sys.stdin:
        child = os.fork()
        if not child:
            asyncio.run(work())
        tell(child)
        os.waitpid(child, 0)
        tell("dead")


def tell(word: object) -> None:
    """Say it at once."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
