"""Parse the command line and carry the verb out."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rapport.project.environment import CHECKOUT
from rapport.project.supervisor.stop import StopRequested

from . import (
    backup,
    config,
    demo,
    doctor,
    duplicates,
    export,
    import_,
    keys,
    mcp,
    restore,
    serve,
    token,
    upgrade,
    user,
    worker,
)
from .opening import CommandFailed

VERBS = (
    serve, worker, import_, export, duplicates, demo, user, token, mcp, keys, config, backup,
    restore, upgrade, doctor,
)  # fmt: skip
INTERRUPTED = 130
DESCRIPTION = """\
Run and look after an instance of Rapport.

An instance is a folder that holds everything: the database, the files, the
secrets. --data chooses it, running or not: the database of a stopped instance
is started for the command and stopped after it."""
EXAMPLES = """\
examples:
  rapport serve                              start it, as bin/run does
  rapport --data /srv/crm doctor             see whether all is well
  rapport user create --email ana@firm.com --role manager --password-file FILE
  rapport backup --passphrase-file FILE      the whole instance in one file
  rapport token create --user ana@firm.com   let a program in
  rapport mcp                                serve an agent that starts this

Each verb has a --help of its own."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; return the exit status."""
    chosen = _parser().parse_args(arguments)
    try:
        return int(chosen.run(chosen))
    except CommandFailed as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    except StopRequested:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has seen enough; Python must not complain while it closes its output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rapport",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--data",
        metavar="DIR",
        type=Path,
        default=Path(os.environ.get("RAPPORT_DATA") or CHECKOUT / "data"),
        help="the instance's folder (default: data, in the folder of Rapport itself)",
    )
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    for verb in VERBS:
        verb.add_to(verbs)
    return parser


if __name__ == "__main__":
    sys.exit(main())
