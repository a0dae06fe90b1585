"""`rapport duplicates`: which rows of a file mean the same."""

import argparse
import sys
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from rapport.project import extras

from .opening import CommandFailed
from .output import add_verb

if TYPE_CHECKING:
    from rapport.records.duplicates.matching.files import Understood

DESCRIPTION = """\
Find the rows of a CSV, workbook or vCard file that mean the same person or
company. Nothing is imported and no instance is needed. Columns are understood
by their names and values, as an import does. Each line of the answer has the
two rows (numbers from 1, the header is not counted), the probability that they
are the same, from 0.5, and what speaks for it and against."""
EXAMPLES = """\
examples:
  rapport duplicates customers.csv
  rapport duplicates customers.csv --out pairs.csv"""
STAGES = {
    "read": "Reading the rows ...",
    "compare": "Looking for rows that share something ...",
    "weigh": "Weighing them ...",
    "judge": "Judging ...",
}


def add_to(verbs: Any) -> None:
    """Add the verb to the command."""
    parser = add_verb(
        verbs,
        "duplicates",
        run,
        help="find the rows of a file that mean the same",
        description=DESCRIPTION,
        examples=EXAMPLES,
    )
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument(
        "--out", metavar="PAIRS.csv", type=Path, help="write here (default: standard output)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the pairs. Raises CommandFailed for a file that can't be used, or without Splink."""
    if not arguments.file.is_file():
        raise CommandFailed(f"There is no file {arguments.file}.")
    set_django_up()
    from rapport.records.duplicates.matching import files, libraries
    from rapport.records.imports.reading import Unreadable

    if not libraries.are_there():
        get_libraries()
    began = monotonic()
    try:
        pairs = files.pairs_in(arguments.file, tell, tell_columns)
        if arguments.out is None:
            count = files.write_pairs(pairs, sys.stdout)
        else:
            with arguments.out.open("w", encoding="utf-8", newline="") as file:
                count = files.write_pairs(pairs, file)
    except (Unreadable, files.NothingToCompare, libraries.LibrariesMissing, OSError) as problem:
        raise CommandFailed(str(problem)) from None
    say(f"{count} pairs in {monotonic() - began:.1f} s.")
    return 0


def set_django_up() -> None:
    """The file readers speak through gettext; they need no instance for it."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False)


def get_libraries() -> None:
    """Install the extra that is missing. Raises CommandFailed when that can't be done."""
    say("Installing Splink and DuckDB (once; a minute or so) ...")
    try:
        extras.install("analytics")
    except extras.NotInstalled as problem:
        raise CommandFailed(str(problem)) from None


def tell(stage: str) -> None:
    """Say which stage has begun."""
    say(STAGES[stage])


def tell_columns(found: "Understood") -> None:
    """Say what the columns were taken for."""
    say("Compared: " + ", ".join(f"{column} ({what})" for column, what in found.columns))


def say(text: str) -> None:
    """To whoever looks; the answer itself stays clean."""
    sys.stderr.write(text + "\n")
