"""The worker process: runs the jobs that wait in the database."""

import asyncio
import os
import signal
from contextlib import suppress

import django

CONCURRENCY = 4
HEARTBEAT_SECONDS = 10.0


def main() -> None:
    """Run jobs until asked to stop; a running job is waited for."""
    # Numeric libraries that start a thread per core are many times slower on a shared machine.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    django.setup()
    _yield()
    with suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(_run())


def _yield() -> None:
    from django.conf import settings

    from .yielding import yield_to_pages

    yield_to_pages(settings.INSTANCE.data)


async def _run() -> None:
    from django.conf import settings

    from rapport.automation.webhooks.following import follow as follow_for_webhooks
    from rapport.automation.webhooks.running import keep_delivering
    from rapport.contacts.leads.following import follow as follow_for_leads
    from rapport.records.changes.listening import follow_log
    from rapport.records.notifications.assigned import follow as follow_for_owners
    from rapport.records.rollups.following import follow_wherever_used
    from rapport.records.search.following import follow as follow_for_search
    from rapport.records.tallies.keeping import fold_when_due

    from .jobs import rescue_all, worker_app

    app = worker_app(settings.INSTANCE.direct_database_url)
    async with app.open_async():
        if os.environ.get("RAPPORT_ONLY_WORKER") == "1":
            await rescue_all(app)
        url = settings.INSTANCE.direct_database_url
        followers = (
            follow_wherever_used,
            follow_for_search,
            follow_for_owners,
            follow_for_leads,
            follow_for_webhooks,
            fold_when_due,
        )
        following = asyncio.create_task(follow_log(url, *followers))
        delivering = asyncio.create_task(keep_delivering(url))
        await app.run_worker_async(
            concurrency=CONCURRENCY,
            install_signal_handlers=True,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
        )
        following.cancel()
        delivering.cancel()


if __name__ == "__main__":
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    main()
