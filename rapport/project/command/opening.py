"""Give a command its instance, running or not."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from rapport.project.databases import DatabaseUnusable, DatabaseUrls, EmbeddedDatabase
from rapport.project.instance import Instance, InstanceError
from rapport.project.lock import Holder, InstanceLock, InUse
from rapport.project.postgres import ClusterError
from rapport.project.supervisor.preparation import prepare_schema, start_database
from rapport.project.supervisor.stop import stop_on_signals

PATIENCE_SECONDS = 120


class CommandFailed(Exception):
    """The command can't be carried out; the message says why."""


@dataclass(frozen=True)
class OpenInstance:
    """An instance whose database answers."""

    instance: Instance
    urls: DatabaseUrls
    server: Holder | None
    """The process that serves it; None if it is stopped."""


@contextmanager
def open_instance(
    data: Path, *, is_migrated: bool = True, needs_rest: bool = False
) -> Iterator[OpenInstance]:
    """Make the instance's database reachable for the time of the block and set Django up on it.

    It is brought to this version first, unless the verb takes it as it is. A verb that `needs_rest`
    finds it stopped. Raises CommandFailed when there is no instance, or its database can't be had.
    """
    stop_on_signals()
    instance = Instance(data.absolute())
    if not instance.secrets.is_dir():
        raise CommandFailed(
            f"There is no instance in {instance.data}. Start one with: bin/run --data {data}"
        )
    with ExitStack() as cleanup:
        try:
            opened = _open(instance, cleanup, is_migrated)
        except (ClusterError, DatabaseUnusable, InstanceError, psycopg.Error) as error:
            raise CommandFailed(str(error)) from error
        if needs_rest and opened.server:
            raise CommandFailed(
                f"Rapport runs at {opened.server.address} (process {opened.server.pid}). Stop it "
                "first: nobody may change anything meanwhile."
            )
        _set_django_up(opened)
        yield opened


def _open(instance: Instance, cleanup: ExitStack, is_migrated: bool) -> OpenInstance:
    lock = InstanceLock(instance.data)
    server = None
    try:
        lock.acquire("command", patience=0)
        cleanup.callback(lock.release)
    except InUse:
        server = _wait_for_server(instance, lock, cleanup)
    database = instance.database()
    if server is None:
        cleanup.callback(database.stop)
        start_database(instance, database)
    urls = database.urls()
    if is_migrated and server is None and isinstance(database, EmbeddedDatabase):
        prepare_schema(instance, urls)
    return OpenInstance(instance, urls, server)


def _wait_for_server(instance: Instance, lock: InstanceLock, cleanup: ExitStack) -> Holder | None:
    """Return the server that is running or starting; take the lock if its holder goes away."""
    try:
        server = lock.wait_for_holder(PATIENCE_SECONDS)
        if server is None:
            lock.acquire("command", PATIENCE_SECONDS)
            cleanup.callback(lock.release)
    except InUse as busy:
        pid = f" (process {busy.holder.pid})" if busy.holder else ""
        raise CommandFailed(f"{instance.data} is in use by another command{pid}.") from busy
    return server


def _set_django_up(opened: OpenInstance) -> None:
    os.environ.update(opened.instance.variables(opened.urls))
    import django

    django.setup()
    from rapport.project.spoken import speak

    speak(opened.urls.owner)


def meet_custom_fields() -> None:
    """Take in the fields that administrators made, which no request tells a command of."""
    from rapport.records.metadata.noticing import refresh

    refresh()
