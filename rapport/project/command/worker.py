"""`rapport worker`: one more process that runs jobs."""

import argparse
from typing import Any

from .opening import open_instance

DESCRIPTION = """\
Run jobs - imports, exports, mail, upkeep - beside the worker that `serve`
starts, here or on another machine with the same database server. It ends with
Ctrl-C or SIGTERM, after the jobs in hand."""


def add_to(verbs: Any) -> None:
    """Add the verb to the command."""
    parser = verbs.add_parser(
        "worker",
        help="run jobs in one more process",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run jobs until asked to stop."""
    with open_instance(arguments.data):
        from rapport.project import worker

        worker.main()
    return 0
