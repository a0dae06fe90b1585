"""How verbs speak: a line for people, JSON for programs."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def add_verb(
    verbs: Any,
    name: str,
    run: Callable[[argparse.Namespace], int] | None,
    *,
    help: str,
    description: str,
    examples: str = "",
) -> argparse.ArgumentParser:
    """Add a verb that `run` does; its description and its examples are shown as they stand."""
    parser: argparse.ArgumentParser = verbs.add_parser(
        name,
        help=help,
        description=description,
        epilog=examples or None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        # Cut short, an option would mean another verb's: --data the address of a database.
        allow_abbrev=False,
    )
    add_data(parser)
    if run is not None:
        parser.set_defaults(run=run)
    return parser


def add_data(parser: argparse.ArgumentParser) -> None:
    """Let a verb be told the folder after its name too, where most people type it."""
    parser.add_argument(
        "--data",
        metavar="DIR",
        type=Path,
        default=argparse.SUPPRESS,
        help="the instance's folder (default: data, in the folder of Rapport itself)",
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """Give a verb its --json."""
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def answer(arguments: argparse.Namespace, text: str, **facts: Any) -> None:
    """Print the text, or the facts when JSON was asked for."""
    line = json.dumps(facts, default=str) if arguments.json else text
    sys.stdout.write(line + "\n")
