"""`rapport config`: fields, objects, layouts, roles, webhooks and the like as files."""

import argparse
from pathlib import Path
from typing import Any

from .opening import CommandFailed, meet_custom_fields, open_instance
from .output import add_json, add_verb, answer

DESCRIPTION = """\
Carry fields, objects and layouts of one's own, teams, roles with their rights,
permission tests, webhooks and registered apps from one instance to another,
through a folder of JSON files that can be kept under version control. Each has a
key that never changes; values of records, who is in a team, and secrets are not
part of it: a webhook that is new somewhere is off there until its receiver has
its new secret. Addresses of webhooks are: keep the folder to yourself where such
an address is a secret itself."""
EXAMPLES = """\
example:
  rapport --data test config export settings/
  rapport --data live config diff settings/
  rapport --data live config apply settings/"""
SIGNS = {"add": "+", "change": "~", "remove": "-"}


def add_to(verbs: Any) -> None:
    """Add the verb to the command."""
    config = add_verb(
        verbs,
        "config",
        None,
        help="carry fields, layouts, roles, webhooks and the like to another instance",
        description=DESCRIPTION,
        examples=EXAMPLES,
    )
    acts = config.add_subparsers(metavar="ACTION", required=True)
    for name, run, text in (
        ("export", export, "write them to a folder"),
        ("diff", diff, "say what the folder has otherwise; exit status 1 if anything"),
        ("apply", apply, "make the instance what the folder says"),
    ):
        parser = add_verb(acts, name, run, help=text, description=text.capitalize() + ".")
        parser.add_argument("folder", type=Path, metavar="DIR")
        if name != "export":
            parser.add_argument(
                "--remove", action="store_true", help="also what is here and not in the folder"
            )
        add_json(parser)


def export(arguments: argparse.Namespace) -> int:
    """Write the files. Raises CommandFailed."""
    with open_instance(arguments.data):
        meet_custom_fields()
        from rapport.records.metadata import files

        try:
            count = files.write(files.present(), arguments.folder)
        except OSError as fault:
            raise CommandFailed(f"{arguments.folder} can't be written: {fault}.") from fault
        answer(arguments, f"{count} files are in {arguments.folder}.", files=count)
    return 0


def diff(arguments: argparse.Namespace) -> int:
    """Say what differs. Raises CommandFailed."""
    with open_instance(arguments.data):
        meet_custom_fields()
        from rapport.records.metadata import files

        try:
            there = files.read(arguments.folder)
        except files.Unusable as fault:
            raise CommandFailed(str(fault)) from fault
        found = files.differences(files.present(), there, is_whole=arguments.remove)
        _tell(arguments, found, "Nothing differs.")
    return 1 if found else 0


def apply(arguments: argparse.Namespace) -> int:
    """Take the files in. Raises CommandFailed."""
    with open_instance(arguments.data):
        meet_custom_fields()
        from rapport.records.metadata import files

        try:
            done = files.apply(files.read(arguments.folder), is_whole=arguments.remove)
        except files.Unusable as fault:
            raise CommandFailed(str(fault)) from fault
        _tell(arguments, done, "Nothing was to be done.")
    return 0


def _tell(arguments: argparse.Namespace, found: list[Any], otherwise: str) -> None:
    lines = []
    for one in found:
        lines.append(f"{SIGNS[one.what]} {one.part[:-1].replace('_', ' ')} {one.name}")
        if one.what == "change":
            lines += [f"    {part}: {was!r} -> {now!r}" for part, (was, now) in one.changes.items()]
    told = [{"part": o.part, "id": o.key, "name": o.name, "what": o.what} for o in found]
    answer(arguments, "\n".join(lines) or otherwise, differences=told)
