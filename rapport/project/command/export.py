"""`rapport export`: write records into a file."""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import IO, TYPE_CHECKING, Any

from .opening import CommandFailed, meet_custom_fields, open_instance
from .output import add_json, add_verb

if TYPE_CHECKING:
    from rapport.accounts.principals import Principal
    from rapport.records.reading.selection import Selection
    from rapport.records.surfaces.export import Options

FLAT = re.compile(r"([\w.]+)=(.*)", re.DOTALL)
EVERYTHING = "everything"
DESCRIPTION = """\
Write the records of one object into a file that Rapport imports again without
loss, or everything into one ZIP in which records name each other by their keys.
Without --out the file goes to the standard output. Every export is in
the security log."""
EXAMPLES = """\
examples:
  rapport export people --out people.csv
  rapport export people --where city=Lyon --columns name,emails,phones
  rapport export deals --where amount.gt=10000 --sort=-amount --format xlsx --out deals.xlsx
  rapport export companies --where 'deals:(state:open amount>10000)' --out open.csv
  rapport export companies --format jsonl | head
  rapport export everything --format parquet --out house.zip

A condition is FIELD=VALUE or FIELD.OPERATOR=VALUE, as in the addresses of
lists, or as people write it in a list's search box; several must all hold."""


def add_to(verbs: Any) -> None:
    """Add the verb to the command."""
    parser = add_verb(
        verbs,
        "export",
        run,
        help="write records into a file",
        description=DESCRIPTION,
        examples=EXAMPLES,
    )
    parser.add_argument(
        "object", metavar="OBJECT", help="people, companies, deals, tasks … or everything"
    )
    parser.add_argument(
        "--where", metavar="CONDITION", action="append", default=[], help="only these records"
    )
    parser.add_argument("--search", metavar="WORDS", default="", help="only records with the words")
    parser.add_argument(
        "--sort", metavar="FIELD", default="", help="order; --sort=-FIELD for downwards"
    )
    parser.add_argument(
        "--columns",
        metavar="A,B",
        default="",
        help="fields by name, or “all” (default: all but what is computed from others)",
    )
    parser.add_argument("--out", metavar="FILE", type=Path, help="write here")
    parser.add_argument("--user", metavar="E", help="with the rights of this user (default: all)")
    _add_form(parser)
    add_json(parser)


def _add_form(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("form of the file")
    group.add_argument("--format", choices=("csv", "xlsx", "jsonl", "parquet"), default="csv")
    group.add_argument("--delimiter", choices=("comma", "semicolon", "tab"), default="comma")
    group.add_argument("--bom", action="store_true", help="mark a CSV as UTF-8, as Excel wants it")
    group.add_argument(
        "--links", choices=("titles", "ids"), default="titles", help="how related records are named"
    )
    group.add_argument(
        "--header", choices=("labels", "names"), default="names", help="heads of the columns"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the file. Raises CommandFailed for what can't be asked."""
    with open_instance(arguments.data):
        meet_custom_fields()
        if arguments.object == EVERYTHING:
            return _write_all(arguments)
        selection, options, asked = _read(arguments)
        began = monotonic()
        with _output(arguments.out) as file:
            rows = _write(file, selection, options, asked)
        _report(arguments, rows, monotonic() - began)
    return 0


def _write_all(arguments: argparse.Namespace) -> int:
    from rapport.accounts.queries import workspace
    from rapport.records.reading import context_for
    from rapport.records.surfaces.export import size_of, write_everything

    from .progress import progress_bar

    if arguments.where or arguments.search or arguments.sort or arguments.columns:
        raise CommandFailed("Everything is everything: leave the conditions and columns out.")
    principal, options = _principal(arguments.user), _options(_query(arguments))
    context = context_for(principal, workspace())
    began = monotonic()
    with (
        _output(arguments.out) as file,
        progress_bar("Exporting", size_of(principal, context)) as advance,
    ):
        rows = write_everything(file, principal, context, options, through="command", told=advance)
    _report(arguments, sum(rows.values()), monotonic() - began, rows)
    return 0


def _options(query: Any) -> "Options":
    from rapport.records.surfaces.export import BadOption, read_options

    try:
        return read_options(query)
    except BadOption as fault:
        raise CommandFailed(str(fault)) from fault


def _read(arguments: argparse.Namespace) -> "tuple[Selection, Options, str]":
    from rapport.accounts.queries import workspace
    from rapport.records import access, registry
    from rapport.records.conditions import ConditionError
    from rapport.records.kinds import Computed
    from rapport.records.reading import SortRefused, context_for, count
    from rapport.records.reading.selection import UnknownColumn, read_selection

    query = _query(arguments)
    try:
        declaration = registry.by_plural(arguments.object)
        principal = _principal(arguments.user)
        access.check(principal, "export", declaration.name)
        house = workspace()
        context = context_for(principal, house)
        usual = [
            name for name, kind in declaration.fields.items() if not isinstance(kind, Computed)
        ]
        selection = read_selection(query, declaration, context, ["id", *usual])
        selection.check_order(count(selection.rows("export")))
    except registry.UnknownObject:
        known = ", ".join(sorted(one.plural for one in registry.all_objects()))
        raise CommandFailed(f"There is no {arguments.object}. There is: {known}.") from None
    except (ConditionError, SortRefused, UnknownColumn, access.Denied) as fault:
        raise CommandFailed(str(fault)) from fault
    return selection, _options(query), query.urlencode()


def _query(arguments: argparse.Namespace) -> Any:
    from django.http import QueryDict

    query = QueryDict(mutable=True)
    for condition in arguments.where:
        flat = FLAT.fullmatch(condition)
        query.appendlist(*(flat.groups() if flat else ("where", condition)))
    given = {
        "q": arguments.search,
        "sort": arguments.sort,
        "columns": arguments.columns,
        "format": arguments.format,
        "delimiter": arguments.delimiter,
        "bom": "1" if arguments.bom else "",
        "header": arguments.header,
        "links": arguments.links,
    }
    query.update({name: value for name, value in given.items() if value})
    return query


def _principal(email: str | None) -> "Principal":
    from rapport.accounts.models import User
    from rapport.accounts.principals import principal_of, service

    if not email:
        return service("command line")
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise CommandFailed(f"There is no user {email}.")
    return principal_of(user)


@contextmanager
def _output(path: Path | None) -> Iterator[IO[bytes]]:
    """The file, complete or not there at all; without a path the standard output."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    except OSError as fault:
        raise CommandFailed(f"{path} can't be written: {fault}.") from fault
    finally:
        part.unlink(missing_ok=True)


def _write(file: IO[bytes], selection: "Selection", options: "Options", asked: str) -> int:
    from rapport.records.reading import count
    from rapport.records.surfaces.export import file_chunks
    from rapport.records.surfaces.export.readlog import logged_export

    from .progress import progress_bar

    total = count(selection.rows("export"), exact=True).value
    with (
        progress_bar("Exporting", total) as advance,
        logged_export(selection, options, through="command", asked=asked) as taken,
    ):

        def note(rows: int) -> None:
            taken.count(rows)
            advance(taken.rows)

        for chunk in file_chunks(selection, options, note):
            file.write(chunk)
    return taken.rows


def _report(
    arguments: argparse.Namespace, rows: int, seconds: float, objects: dict[str, int] | None = None
) -> None:
    """Beside the file, never in it: on the standard error when the file went to the output."""
    stream = sys.stdout if arguments.out else sys.stderr
    rate = round(rows / seconds) if seconds else rows
    if arguments.json:
        facts = {
            "object": arguments.object,
            "format": arguments.format,
            "file": str(arguments.out) if arguments.out else None,
            "rows": rows,
            "seconds": round(seconds, 3),
            "rows_per_second": rate,
        }
        if objects is not None:
            facts["objects"] = objects
        stream.write(json.dumps(facts) + "\n")
    elif arguments.out:
        stream.write(f"{rows:,} rows in {arguments.out}, {rate:,} rows a second.\n")
