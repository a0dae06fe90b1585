"""Keep a started instance running: revive what ended, restart on request."""

import time

from rapport.project.instance import InstanceError
from rapport.project.observing.incidents import note
from rapport.project.postgres import ClusterError

from .child import how_it_ended
from .output import say
from .preparation import prepare_schema, run_step
from .running import Running
from .sources import newest_change

TICK_SECONDS = 0.25
DATABASE_PAUSE = 2.0


def watch(running: Running) -> None:
    """Look after the parts until StopRequested comes."""
    last_request = _request_time(running)
    last_change = newest_change() if running.options.is_development else 0
    while True:
        time.sleep(TICK_SECONDS)
        if (status := running.database.poll()) is not None:
            note(running.instance, "database", how_it_ended(status))
            _revive_database(running)
        for child in running.children:
            if news := child.revive():
                say(news)
                note(running.instance, child.name, child.ended)
        if (request := _request_time(running)) != last_request:
            last_request = request
            say("Starting the web and worker processes anew ...")
            _restart(running)
        if running.instance.restore_request.exists():
            _restore(running)
        if running.options.is_development and (change := newest_change()) != last_change:
            last_change = change
            _reload(running)


def _revive_database(running: Running) -> None:
    say("The database ended; starting it again ...")
    while True:
        try:
            running.database.start()
        except ClusterError as error:
            say(str(error))
            time.sleep(DATABASE_PAUSE)
        else:
            say("The database is back.")
            return


def _reload(running: Running) -> None:
    say("The code changed; starting anew ...")
    try:
        prepare_schema(running.instance, running.database.urls(), is_tried=False)
    except InstanceError as error:
        say(str(error))
    _restart(running)


def _restore(running: Running) -> None:
    say("Restoring the backup that an owner chose; nobody can work meanwhile ...")
    running.end()
    instance, urls = running.instance, running.database.urls()
    try:
        variables = instance.variables(urls, RAPPORT_ROLE="owner")
        run_step(instance, "prepare_from_backup", variables)
        prepare_schema(instance, urls)
    except InstanceError as error:
        say(str(error))
    finally:
        # Whatever came of it, it is not tried again.
        instance.restore_request.unlink(missing_ok=True)
    _restart(running)


def _restart(running: Running) -> None:
    try:
        running.restart()
    except InstanceError as error:
        # The watch goes on: it tries again, and a mended file may help.
        say(str(error))


def _request_time(running: Running) -> float:
    try:
        return running.instance.restart_request.stat().st_mtime
    except FileNotFoundError:
        return 0.0
