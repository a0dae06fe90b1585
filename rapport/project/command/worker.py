"""`rapport worker`: one more process that runs jobs."""

import argparse
from typing import Any

from .opening import open_instance
from .output import add_verb

DESCRIPTION = """\
Run jobs - imports, exports, mail, upkeep - beside the worker that `serve`
starts, here or on another machine with the same database server. It ends with
Ctrl-C or SIGTERM, after the jobs in hand."""


def add_to(verbs: Any) -> None:
    """Add the verb to the command."""
    add_verb(verbs, "worker", run, help="run jobs in one more process", description=DESCRIPTION)


def run(arguments: argparse.Namespace) -> int:
    """Run jobs until asked to stop."""
    with open_instance(arguments.data):
        from rapport.project import worker

        worker.main()
    return 0
