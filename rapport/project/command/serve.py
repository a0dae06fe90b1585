"""`rapport serve`: start an instance and keep it running."""

import argparse
from pathlib import Path
from typing import Any

from rapport.project.supervisor import ServeOptions, serve

from .output import add_verb

LONGEST_DRAIN = 300
HELP = "start the instance: database, web and worker"
DESCRIPTION = """\
Start the instance and keep it running until Ctrl-C or SIGTERM.

The first start makes the folder, the database and the secrets; then a browser
asks for the owner account, unless --owner-email gives it. Only this machine
can reach the pages until --host says otherwise."""
EXAMPLES = """\
examples:
  bin/run                                    start on the first free port from 8000
  bin/run --data /srv/crm --port 8080
  bin/run --data demo --demo                 look at it with a sample company in it
  bin/run --host 0.0.0.0 --public-url https://crm.firm.com
  bin/run --owner-email ana@firm.com --owner-password-file /run/secrets/owner
  bin/run --database-url postgresql://app:PASSWORD@db/crm \\
          --owner-database-url postgresql://owner:PASSWORD@db/crm"""


def add_to(verbs: Any) -> None:
    """Add the verb to the command."""
    parser = add_verb(verbs, "serve", run, help=HELP, description=DESCRIPTION, examples=EXAMPLES)
    _add_address(parser)
    add_database(parser)
    _add_machines(parser)
    _add_first_run(parser)
    parser.add_argument(
        "--no-extras",
        action="store_true",
        help="don't fetch in the background what the core leaves out (bin/extras gets it later)",
    )
    parser.add_argument(
        "--development",
        action="store_true",
        help="for work on Rapport itself: start anew when a source file changes, and show errors "
        "in the browser; bin/dev does this",
    )


def _add_address(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("address")
    group.add_argument(
        "--port", metavar="N", type=_port, help="port (default: 8000, or the next free one)"
    )
    group.add_argument(
        "--host",
        default=ServeOptions.host,
        help="address to listen on (default: 127.0.0.1; 0.0.0.0 for every network)",
    )
    group.add_argument(
        "--public-url",
        metavar="URL",
        default="",
        help="where people reach it, as https://crm.firm.com behind a proxy; "
        "wins over the setting in the pages",
    )
    group.add_argument(
        "--web-processes",
        metavar="N",
        type=int,
        default=ServeOptions.web_processes,
        help=f"processes that answer pages (default here: {ServeOptions.web_processes})",
    )


def _add_machines(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("several machines on one database server")
    group.add_argument(
        "--shared",
        metavar="DIR",
        type=Path,
        help="a folder that all machines see, for files, backups and secrets",
    )
    group.add_argument(
        "--no-worker",
        action="store_true",
        help="serve pages only; a machine with `rapport worker` runs the jobs",
    )
    group.add_argument(
        "--drain-seconds",
        metavar="N",
        type=_seconds,
        default=ServeOptions.drain_seconds,
        help="go on serving so long when asked to stop, with /readyz saying no, so that a proxy "
        "sends nobody here any more (default: 0)",
    )


def add_database(parser: argparse.ArgumentParser) -> None:
    """Give a verb the options of a database server."""
    group = parser.add_argument_group("database server, instead of the embedded database")
    group.add_argument(
        "--database-url",
        metavar="URL",
        default="",
        help="PostgreSQL 18 or newer, for pages and jobs; remembered for later starts",
    )
    group.add_argument(
        "--owner-database-url",
        metavar="URL",
        default="",
        help="the role that owns the tables; without it the change log is less protected",
    )
    group.add_argument(
        "--direct-database-url",
        metavar="URL",
        default="",
        help="past the pooler, for the worker, when --database-url goes through one",
    )


def _add_first_run(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("first run")
    group.add_argument("--owner-email", metavar="E", default="", help="make the owner account")
    group.add_argument(
        "--owner-password-file", metavar="FILE", type=Path, help="the file with its password"
    )
    group.add_argument(
        "--demo",
        action="store_true",
        help="fill an empty instance with a sample company; without --owner-email its owner and "
        "password are printed",
    )


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text} is not a port; use a number up to 65535")
    return int(text)


def _seconds(text: str) -> int:
    if not text.isdigit() or int(text) > LONGEST_DRAIN:
        raise argparse.ArgumentTypeError(f"{text} is not a time; use seconds up to {LONGEST_DRAIN}")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Serve until asked to stop."""
    return serve(
        ServeOptions(
            data=arguments.data,
            port=arguments.port,
            host=arguments.host,
            public_url=arguments.public_url,
            database_url=arguments.database_url,
            owner_database_url=arguments.owner_database_url,
            direct_database_url=arguments.direct_database_url,
            owner_email=arguments.owner_email,
            owner_password_file=arguments.owner_password_file,
            web_processes=arguments.web_processes,
            has_worker=not arguments.no_worker,
            drain_seconds=arguments.drain_seconds,
            shared=arguments.shared,
            has_demo=arguments.demo,
            has_extras=not arguments.no_extras,
            is_development=arguments.development,
        )
    )
