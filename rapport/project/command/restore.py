"""`rapport restore`: an instance from a backup."""

import argparse
import os
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from rapport.kit.formats import format_decimal
from rapport.project.databases import DatabaseUnusable, DatabaseUrls
from rapport.project.instance import Instance, InstanceError
from rapport.project.lock import InstanceLock, InUse
from rapport.project.postgres import ClusterError
from rapport.project.secrets import SESSION_KEY
from rapport.project.spoken import speak
from rapport.project.supervisor.preparation import start_database
from rapport.project.supervisor.stop import stop_on_signals

from .opening import CommandFailed
from .output import add_json, add_verb, answer
from .passphrases import add_passphrase, ask_passphrase, read_passphrase
from .progress import progress_bar
from .serve import add_database

if TYPE_CHECKING:
    from rapport.project.backups.restoring import Brought

DESCRIPTION = """\
Bring a backup in: into an empty data folder, which is made, or with --replace
in the place of a stopped instance. The file is read to its end and every check
sum compared before anything is touched; the database is restored beside,
counted, brought to this version and its change log checked, and only then put
in its place. Whatever goes wrong leaves all as it was.

--database-url and its kin restore into an empty database of a server instead
of the embedded one."""
EXAMPLES = """\
examples:
  rapport --data /srv/crm restore crm.tar.age --passphrase-file /run/secrets/backup
  rapport restore crm.tar --check            only look whether the file is whole
  rapport --data /srv/crm restore crm.tar --replace"""
STARTING = gettext_lazy(
    "It sends no letter and calls no webhook until an owner lets it, on the page Settings, "
    "Webhooks.\nStart it with: %(command)s"
)
OTHER_KEY = gettext_lazy(
    "The backup is not encrypted, so it holds no key, and this folder has not the key it was made "
    "under. Copy secrets/session-key of the old data folder to %(path)s, and restore again. If it "
    "is lost, say --without-key: then the seals of the change log count as signed by somebody "
    "else, and the mail password has to be typed again."
)


def add_to(verbs: Any) -> None:
    """Add the verb to the command."""
    parser = add_verb(
        verbs,
        "restore",
        run,
        help="make an instance from a backup",
        description=DESCRIPTION,
        examples=EXAMPLES,
    )
    parser.add_argument("file", metavar="FILE", type=Path)
    add_passphrase(parser, "the passphrase is the first line of this file; else it is asked for")
    parser.add_argument(
        "--replace", action="store_true", help="take the place of what is in the instance now"
    )
    parser.add_argument(
        "--without-key", action="store_true", help="although the instance's old key is lost"
    )
    parser.add_argument(
        "--check", action="store_true", help="only read the file and compare its check sums"
    )
    add_database(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Restore. Raises CommandFailed."""
    stop_on_signals()
    os.environ["DJANGO_SETTINGS_MODULE"] = "rapport.project.settings"
    import django

    django.setup()
    speak()
    from rapport.project.backups.faults import BackupFault

    try:
        return _run(arguments)
    except (BackupFault, InstanceError, ClusterError, DatabaseUnusable, psycopg.Error) as fault:
        raise CommandFailed(str(fault)) from fault
    except OSError as fault:
        said = _("The backup can't be restored: %(fault)s.") % {"fault": fault}
        raise CommandFailed(said) from fault


def _run(arguments: argparse.Namespace) -> int:
    from rapport.project.backups.archive import needs_passphrase
    from rapport.project.backups.restoring import verify

    passphrase = read_passphrase(arguments.passphrase_file)
    if not passphrase and needs_passphrase(arguments.file):
        passphrase = ask_passphrase()
    size = arguments.file.stat().st_size
    with progress_bar(_("Checking"), size, has_rows=False) as advance:
        found = verify(arguments.file, passphrase, advance)
    if not arguments.check:
        _restore(arguments, passphrase, found)
    manifest = found.manifest
    answer(
        arguments, _told(arguments, found),
        rows=manifest.rows, files=found.files, made_at=manifest.made_at, version=manifest.version,
        restored=not arguments.check,
    )  # fmt: skip
    return 0


def _told(arguments: argparse.Namespace, found: "Brought") -> str:
    """What was found and done, for people."""
    facts = {
        "made": found.manifest.made_at,
        "folder": arguments.data.absolute(),
        "rows": format_decimal(found.manifest.rows, get_language() or "en"),
        "files": format_decimal(found.files, get_language() or "en"),
    }
    if arguments.check:
        return _("The backup of %(made)s is whole. Rows: %(rows)s, files: %(files)s.") % facts
    done = _(
        "The backup of %(made)s is restored into %(folder)s. Rows: %(rows)s, files: %(files)s."
    )
    return f"{done % facts}\n{STARTING % {'command': f'bin/run --data {arguments.data}'}}"


def _restore(arguments: argparse.Namespace, passphrase: str, found: "Brought") -> None:
    from rapport.project.backups.replacing import check_free, take_the_place

    instance = Instance(arguments.data.absolute())
    is_new = not instance.data.exists()
    _check_key(instance, found, arguments.without_key)
    try:
        with ExitStack() as cleanup:
            urls = _prepare(instance, arguments, cleanup)
            check_free(urls, may_replace=arguments.replace)
            size = arguments.file.stat().st_size
            with progress_bar(_("Restoring"), size, has_rows=False) as advance:
                take_the_place(arguments.file, passphrase, instance, urls, advance)
    except BaseException:
        if is_new:
            shutil.rmtree(instance.data, ignore_errors=True)
        raise


def _check_key(instance: Instance, found: "Brought", is_lost: bool) -> None:
    from rapport.project.backups.keys import key_name

    if not found.key and not is_lost and key_name(instance.secrets) != found.manifest.key:
        raise CommandFailed(OTHER_KEY % {"path": instance.secrets / SESSION_KEY})


def _prepare(instance: Instance, arguments: argparse.Namespace, cleanup: ExitStack) -> DatabaseUrls:
    """Make the folder, take its lock, and start its database."""
    has_own = (instance.data / "postgres").exists()
    if arguments.database_url and has_own:
        raise CommandFailed(
            _("%(folder)s has a database of its own: leave --database-url out.")
            % {"folder": instance.data}
        )
    instance.prepare_folder()
    lock = InstanceLock(instance.data)
    try:
        lock.acquire("command")
    except InUse as busy:
        process = busy.holder.pid if busy.holder else "?"
        said = _("%(folder)s is in use (process %(process)s). Stop it first.")
        raise CommandFailed(said % {"folder": instance.data, "process": process}) from busy
    cleanup.callback(lock.release)
    if arguments.database_url:
        app, owner = arguments.database_url, arguments.owner_database_url or arguments.database_url
        instance.remember_server(DatabaseUrls(app, owner, arguments.direct_database_url or app))
    database = instance.database()
    cleanup.callback(database.stop)
    start_database(instance, database)
    return database.urls()
