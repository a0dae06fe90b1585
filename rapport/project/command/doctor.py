"""`rapport doctor`: is all well?"""

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any

from .opening import CommandFailed, open_instance
from .output import add_json, add_verb

DESCRIPTION = """\
Look at the instance - folder, disk, backups, database, roles, change log,
processes, jobs, mail - and say in sentences what is well and what to do about the rest.
The exit status is 1 when something is bad; advice does not count."""
SIGNS = {"good": " ok ", "advice": "note", "bad": "BAD "}


def add_to(verbs: Any) -> None:
    """Add the verb to the command."""
    parser = add_verb(verbs, "doctor", run, help="see whether all is well", description=DESCRIPTION)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the findings; return 1 if one is bad."""
    try:
        return _examine(arguments)
    except CommandFailed as failure:
        if not arguments.json:
            raise
        finding = {"name": "database", "grade": "bad", "sentence": str(failure), "remedy": ""}
        _print_json(False, [finding])
        return 1


def _examine(arguments: argparse.Namespace) -> int:
    with open_instance(arguments.data) as opened:
        from rapport.project.doctor import examine

        findings = list(examine(opened.instance, opened.server))
    is_well = all(finding.grade != "bad" for finding in findings)
    if arguments.json:
        _print_json(is_well, [asdict(finding) for finding in findings])
    else:
        for finding in findings:
            line = f"[{SIGNS[finding.grade]}] {finding.sentence} {finding.remedy}"
            sys.stdout.write(line.rstrip() + "\n")
    return 0 if is_well else 1


def _print_json(is_well: bool, findings: list[dict[str, str]]) -> None:
    sys.stdout.write(json.dumps({"well": is_well, "findings": findings}) + "\n")
