"""Keep a started instance running: revive what ended, restart on request."""

import time

from rapport.project.postgres import ClusterError

from .output import say
from .running import Running

TICK_SECONDS = 0.25
DATABASE_PAUSE = 2.0


def watch(running: Running) -> None:
    """Look after the parts until StopRequested comes."""
    last_request = _request_time(running)
    while True:
        time.sleep(TICK_SECONDS)
        if running.database.poll() is not None:
            _revive_database(running)
        for child in running.children:
            if news := child.revive():
                say(news)
        if (request := _request_time(running)) != last_request:
            last_request = request
            say("Starting the web and worker processes anew ...")
            running.end()
            running.start()


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


def _request_time(running: Running) -> float:
    try:
        return running.instance.restart_request.stat().st_mtime
    except FileNotFoundError:
        return 0.0
