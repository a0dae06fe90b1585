"""How verbs speak: a line for people, JSON for programs."""

import argparse
import json
import sys
from typing import Any


def add_json(parser: argparse.ArgumentParser) -> None:
    """Give a verb its --json."""
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def answer(arguments: argparse.Namespace, text: str, **facts: Any) -> None:
    """Print the text, or the facts when JSON was asked for."""
    line = json.dumps(facts, default=str) if arguments.json else text
    sys.stdout.write(line + "\n")
