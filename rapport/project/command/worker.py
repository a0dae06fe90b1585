"""`rapport worker`: one more process that runs jobs."""

import argparse
from pathlib import Path
from typing import Any

from rapport.project.instance import SERVER_FILE, Instance, InstanceError

from .opening import CommandFailed, open_instance
from .output import add_verb

DESCRIPTION = """\
Run jobs - imports, exports, mail, upkeep - beside the worker that `serve`
starts, here or on another machine with the same database server. It ends with
Ctrl-C or SIGTERM, after the jobs in hand. A machine that serves no pages is
given the folder that all machines share."""


def add_to(verbs: Any) -> None:
    """Add the verb to the command."""
    parser = add_verb(
        verbs, "worker", run, help="run jobs in one more process", description=DESCRIPTION
    )
    parser.add_argument(
        "--shared", metavar="DIR", type=Path, help="a folder that all machines see (see: serve)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run jobs until asked to stop."""
    if arguments.shared:
        _share(Instance(arguments.data.absolute()), arguments.shared.absolute())
    with open_instance(arguments.data):
        from rapport.project import worker

        worker.main()
    return 0


def _share(instance: Instance, folder: Path) -> None:
    if not (folder / "secrets" / SERVER_FILE).exists():
        raise CommandFailed(f"No machine has served with {folder} yet; start one first: bin/run")
    try:
        instance.share(folder)
        instance.prepare_folder()
    except InstanceError as error:
        raise CommandFailed(str(error)) from error
