"""From the command line to a page in the browser, and back to nothing."""

import os
import subprocess
from contextlib import ExitStack
from pathlib import Path

import psycopg

from rapport.project import extras
from rapport.project.databases import (
    Database,
    DatabaseUnusable,
    DatabaseUrls,
    EmbeddedDatabase,
    in_turn,
)
from rapport.project.instance import SERVER_FILE, Disturbed, Instance, InstanceError
from rapport.project.lock import Holder, InstanceLock, InUse
from rapport.project.ports import PortReservation, PortTaken
from rapport.project.postgres import ClusterError

from .options import ServeOptions
from .output import say
from .preparation import (
    create_owner,
    has_users,
    make_demo,
    prepare_assets,
    prepare_schema,
    recover,
    start_database,
)
from .running import Running
from .stop import StopRequested, stop_on_signals
from .watch import watch

PREPARE_TRIES = 3


def serve(options: ServeOptions) -> int:
    """Run the instance until asked to stop; return the process's exit status.

    What can't be done is told in a sentence.
    """
    stop_on_signals()
    try:
        with ExitStack() as cleanup:
            _run(options, cleanup)
    except StopRequested:
        say("Rapport has stopped.")
        return 0
    except (
        InstanceError, ClusterError, DatabaseUnusable, PortTaken, psycopg.OperationalError
    ) as error:  # fmt: skip
        say(str(error))
        return 1
    return 0


def _run(options: ServeOptions, cleanup: ExitStack) -> None:
    instance = Instance(options.data.absolute())
    if options.shared:
        _share(instance, options.shared.absolute(), options)
    instance.prepare_folder()
    lock = _take_lock(instance, cleanup)
    instance.forget_uploads()
    port = PortReservation.take(options.host, options.port)
    cleanup.callback(port.release)
    running = Running(options, instance, _start_database(options, instance, cleanup), port)
    _prepare_surely(running)
    urls = running.database.urls()
    cleanup.callback(running.end)
    running.start()
    address = _address(running)
    lock.describe(Holder(os.getpid(), "serve", is_ready=True, address=address))
    _greet(address, instance, is_new=not has_users(urls))
    # Kept so that nobody complains about a process that nobody waits for.
    _fetching = fetch_extras() if options.has_extras else []
    watch(running)


def _take_lock(instance: Instance, cleanup: ExitStack) -> InstanceLock:
    lock = InstanceLock(instance.data)
    try:
        lock.acquire("serve", patience=3)
    except InUse as busy:
        raise InstanceError(_who_is_there(instance, busy.holder)) from busy
    cleanup.callback(lock.release)
    return lock


def _share(instance: Instance, folder: Path, options: ServeOptions) -> None:
    if not (options.database_url or (folder / "secrets" / SERVER_FILE).exists()):
        raise InstanceError(
            "--shared is for several machines on one database server: give --database-url too."
        )
    instance.share(folder)


def _prepare_surely(running: Running) -> None:
    """Prepare, again if the database or the step at work was killed meanwhile."""
    for _try in range(PREPARE_TRIES):
        try:
            with in_turn(running.database):
                _prepare(running.options, running.instance, running.database.urls())
        except (Disturbed, psycopg.OperationalError) as fault:
            say(f"Interrupted: {fault}\nTaking it up again ...")
            recover(running.instance, running.database)
        else:
            return
    with in_turn(running.database):
        _prepare(running.options, running.instance, running.database.urls())


def _prepare(options: ServeOptions, instance: Instance, urls: DatabaseUrls) -> None:
    prepare_schema(instance, urls, is_tried=not options.is_development)
    if not options.is_development:
        prepare_assets(instance, urls)
    if options.owner_email:
        create_owner(instance, urls, options.owner_email, options.owner_password_file)
    if options.has_demo:
        make_demo(instance, urls)


def _who_is_there(instance: Instance, holder: Holder | None) -> str:
    if holder is None:
        return f"The data folder {instance.data} is in use by another process."
    at = f", at {holder.address}" if holder.address else ""
    return (
        f"The data folder {instance.data} is in use by process {holder.pid}{at}. "
        "Stop that one first, or choose another folder with --data."
    )


def _start_database(options: ServeOptions, instance: Instance, cleanup: ExitStack) -> Database:
    if options.database_url:
        app, owner = options.database_url, options.owner_database_url or options.database_url
        instance.remember_server(DatabaseUrls(app, owner, options.direct_database_url or app))
    database = instance.database()
    if isinstance(database, EmbeddedDatabase):
        say("Starting the database ...")
    cleanup.callback(database.stop)
    start_database(instance, database)
    return database


def _address(running: Running) -> str:
    if public := running.public_url():
        return public + "/"
    options = running.options
    host = "localhost" if options.is_local else options.host_names()[0]
    return f"http://{host}:{running.port.port}/"


def fetch_extras() -> list["subprocess.Popen[str]"]:
    """Begin to bring in what the core leaves out; whoever needs it says what it waits for."""
    return [extras.start(name) for name in extras.missing()]


def _greet(address: str, instance: Instance, is_new: bool) -> None:
    say(f"\nRapport is ready at {address}")
    if is_new:
        say("Open it in a browser to make the owner account.")
    say(f"Its data is in {instance.data}. Stop it with Ctrl-C.")
