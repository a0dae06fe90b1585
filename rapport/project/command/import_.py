"""`rapport import`: take a file in."""

import argparse
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from . import import_files
from .opening import CommandFailed, meet_custom_fields, open_instance
from .output import add_json, add_verb, answer
from .progress import progress_bar

if TYPE_CHECKING:
    from rapport.accounts.principals import Principal
    from rapport.records.imports.running import Progress
    from rapport.records.models import ImportRun

DESCRIPTION = """\
Take the rows of a CSV, workbook or vCard file into one object. Columns go to
the fields that their names and values speak for; --map says otherwise. Rows
that can't be taken don't stop the others, and a value that can't be taken does
not stop its row where the record can do without; --problems writes both to a
file with the reason, ready to mend. The same file a second time changes
nothing.

A folder or a ZIP takes no OBJECT: each file is recognised by its columns, the
files are read in an order in which each finds what it points at, and the whole
is one change that is undone as one."""
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "colon": ":"}
EXAMPLES = """\
examples:
  rapport import people customers.xlsx --dry-run
  rapport import people customers.xlsx
  rapport import companies firms.csv --match fill --problems to-mend.csv
  rapport import people old.csv --encoding cp1252 --delimiter semicolon --header 3
  rapport import companies companies.csv --match move
  rapport import deals deals.csv --mean "Owner:Old Bob=ida@firm.example" --mean "Stage:Lead=New"
  rapport import deals deals.csv --map "Opp Name=name" --map "Notes="
  rapport import from-salesforce/ --dry-run
  rapport import hubspot-export.zip --problems to-mend/

--match move is for the files of another Rapport (rapport export everything):
records keep the keys they have there. Undo a whole import in the history."""


def add_to(verbs: Any) -> None:
    """Add the verb to the command."""
    parser = add_verb(
        verbs, "import", run, help="take a file in", description=DESCRIPTION, examples=EXAMPLES
    )
    parser.add_argument(
        "object", metavar="OBJECT", help="people, companies, deals, tasks …; or a folder or a ZIP"
    )
    parser.add_argument("file", metavar="FILE", type=Path, nargs="?")
    parser.add_argument(
        "--match",
        choices=("update", "fill", "skip", "create", "move"),
        default="update",
        help="what happens to rows whose record is there already (default: update)",
    )
    parser.add_argument(
        "--map",
        metavar="COLUMN=FIELD",
        action="append",
        default=[],
        help="where a column goes, + for a field made for it",
    )
    parser.add_argument("--sheet", metavar="NAME", default="", help="sheet of a workbook")
    parser.add_argument(
        "--encoding", metavar="NAME", default="", help="such as utf-8 or cp1252 (default: found)"
    )
    parser.add_argument(
        "--delimiter",
        metavar="SIGN",
        type=_delimiter,
        help="comma, semicolon, tab, bar or any one sign (default: found)",
    )
    parser.add_argument(
        "--header",
        metavar="ROW",
        type=_header,
        help="row with the column names, from 1, or none (default: found)",
    )
    parser.add_argument(
        "--mean",
        metavar="COLUMN:WORD=NAME",
        action="append",
        default=[],
        help="who or what a word of a column means, such as a colleague or a stage",
    )
    parser.add_argument("--dry-run", action="store_true", help="count, and change nothing")
    parser.add_argument("--problems", metavar="FILE", type=Path, help="write rows to mend here")
    parser.add_argument("--user", metavar="E", help="whose import it is (default: the owner)")
    add_json(parser)


def _delimiter(text: str) -> str:
    sign = DELIMITERS.get(text.lower(), text)
    if len(sign) != 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no sign; there is: {', '.join(DELIMITERS)}")
    return sign


def _header(text: str) -> int:
    """The row from 0; -1 for none."""
    if text.lower() == "none":
        return -1
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no row; write its number, from 1, or none")
    return int(text) - 1


def run(arguments: argparse.Namespace) -> int:
    """Take the file in. Raises CommandFailed for a file or object that can't be had."""
    if arguments.file is None:
        return import_files.run(arguments, Path(arguments.object))
    if not arguments.file.is_file():
        raise CommandFailed(f"There is no file {arguments.file}.")
    with open_instance(arguments.data):
        meet_custom_fields()
        began = monotonic()
        done = _take(arguments)
        seconds = monotonic() - began
        if arguments.problems:
            _write_problems(done, arguments.problems)
        _tell(arguments, done, seconds)
    return 0


def _take(arguments: argparse.Namespace) -> "ImportRun":
    from rapport.accounts.queries import workspace
    from rapport.records import access, registry
    from rapport.records.imports.drafting import draft, keep_upload
    from rapport.records.imports.reading import Unreadable
    from rapport.records.imports.running import run_import
    from rapport.records.imports.stored import Manner
    from rapport.records.reading import context_for

    try:
        declaration = registry.by_plural(arguments.object)
    except registry.UnknownObject:
        known = ", ".join(sorted(one.plural for one in registry.all_objects()))
        raise CommandFailed(f"There is no {arguments.object}. There is: {known}.") from None
    principal, house = principal_for(arguments.user), workspace()
    context = context_for(principal, house)
    try:
        access.check(principal, "import", declaration.name)
        with arguments.file.open("rb") as content:
            place = keep_upload(content)
        drafted = draft(
            principal, declaration.name, arguments.file.name, place,
            policy=arguments.match, chosen=_chosen(arguments, declaration),
            meanings=_meanings(arguments),
            manner=Manner(
                arguments.sheet, arguments.encoding, arguments.delimiter or "", arguments.header
            ),
        )  # fmt: skip
        drafted.is_dry_run = arguments.dry_run
        if not arguments.dry_run:
            make_fields_of(drafted)
        with progress_bar(arguments.file.name, drafted.bytes_total) as show:
            return run_import(drafted, principal, context, _shown(show))
    except (Unreadable, access.Denied) as problem:
        raise CommandFailed(str(problem)) from None


def make_fields_of(drafted: "ImportRun") -> None:
    """Make the fields that the run asks for. Raises CommandFailed."""
    from django.core.exceptions import PermissionDenied

    from rapport.accounts.actions import Actor
    from rapport.records.imports.new_fields import make_fields
    from rapport.records.metadata.noticing import refresh
    from rapport.records.store import Rejected

    try:
        make_fields(drafted, Actor(drafted.user))
    except (PermissionDenied, Rejected) as fault:
        raise CommandFailed(str(fault)) from None
    refresh()


def _shown(show: Callable[[int], None]) -> "Callable[[Progress], None]":
    return lambda progress: show(progress.run.bytes_done)


def principal_for(email: str | None) -> "Principal":
    """The user of that address, else the owner. Raises CommandFailed."""
    from rapport.accounts.models import User
    from rapport.accounts.principals import principal_of

    users = User.objects.filter(is_active=True)
    wanted = {"email": email} if email else {"role__key": "owner"}
    user = users.filter(**wanted).order_by("created_at").first()
    if user is None:
        raise CommandFailed("There is no such user. Make one with: rapport user create")
    return principal_of(user)


def _chosen(arguments: argparse.Namespace, declaration: Any) -> dict[str, str]:
    """Column names with their fields, as --map has them; an empty field leaves a column out."""
    from rapport.records.imports.running.plan import NEW_FIELD, is_known

    chosen = {}
    for pair in arguments.map:
        column, equals, field = pair.rpartition("=")
        if not equals:
            raise CommandFailed(f"“{pair}” is no mapping; write COLUMN=FIELD.")
        if field and field != NEW_FIELD and not is_known(declaration, field):
            known = ", ".join(["id", *sorted(declaration.fields)])
            raise CommandFailed(f"There is no field {field}. There is: {known}.")
        chosen[column] = field
    return chosen


def _meanings(arguments: argparse.Namespace) -> dict[str, dict[str, str]]:
    """What words mean by column, as --mean has them."""
    meanings: dict[str, dict[str, str]] = {}
    for text in arguments.mean:
        column, colon, rest = text.partition(":")
        word, equals, name = rest.rpartition("=")
        if not (colon and equals and word and name):
            raise CommandFailed(f"“{text}” says nothing; write COLUMN:WORD=NAME.")
        meanings.setdefault(column, {})[word] = name
    return meanings


def _write_problems(done: "ImportRun", path: Path) -> None:
    from rapport.records.imports.problems import problems_text

    path.write_text(problems_text(done), encoding="utf-8")


def _tell(arguments: argparse.Namespace, done: "ImportRun", seconds: float) -> None:
    rows = done.created + done.updated + done.skipped + done.failed + done.review
    facts = {
        "created": done.created,
        "updated": done.updated,
        "skipped": done.skipped,
        "failed": done.failed,
        "review": done.review,
        "partial": done.partial,
        "rows_per_second": round(rows / max(seconds, 0.001)),
        "notes": done.notes,
        "left_out": done.left_out,
        "dry_run": arguments.dry_run,
        "run": str(done.pk),
    }
    words = ", ".join(
        f"{facts[name]} {name}" for name in ("created", "updated", "skipped", "failed")
    )
    review = f", {done.review} to look at" if done.review else ""
    review += f", {done.partial} taken in part" if done.partial else ""
    note = "Checked, nothing changed: " if arguments.dry_run else ""
    told = "".join(f"\n{rows} × {sentence}" for sentence, rows in done.notes.items())
    if done.left_out:
        told += f"\nColumns that went nowhere: {', '.join(done.left_out)}."
    answer(arguments, f"{note}{words}{review}; {facts['rows_per_second']} rows/s.{told}", **facts)
