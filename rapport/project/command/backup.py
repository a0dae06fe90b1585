"""`rapport backup`: the whole instance in one file."""

import argparse
from pathlib import Path
from typing import Any

from .opening import CommandFailed, open_instance
from .output import add_json, add_verb, answer
from .passphrases import add_passphrase, read_passphrase
from .progress import progress_bar

DESCRIPTION = """\
Write the whole instance - database, files, settings - into one file, as of one
moment, while everybody works on. It appears under its name only when it is
whole. Without --out it goes to the instance's own backups, which the page
Settings, Backups lists.

With --passphrase-file the file is encrypted, in the age format that other
programs open too, and holds the instance's key. Without one it holds no
secret: keep secrets/session-key of the data folder elsewhere, since the seals
of the change log and the mail password need it."""
EXAMPLES = """\
examples:
  rapport backup --passphrase-file /run/secrets/backup
  rapport backup --out /mnt/safe/crm.tar.age --passphrase-file /run/secrets/backup
  rapport backup --test                      restore it into a scratch database, too"""


def add_to(verbs: Any) -> None:
    """Add the verb to the command."""
    parser = add_verb(
        verbs,
        "backup",
        run,
        help="write the whole instance into one file",
        description=DESCRIPTION,
        examples=EXAMPLES,
    )
    parser.add_argument("--out", metavar="FILE", type=Path, help="write here")
    add_passphrase(parser, "encrypt it; the passphrase is the first line of this file")
    parser.add_argument(
        "--test", action="store_true", help="restore it at once into a scratch database, to be sure"
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Make the backup. Raises CommandFailed."""
    passphrase = read_passphrase(arguments.passphrase_file)
    with open_instance(arguments.data, is_migrated=False) as opened:
        from rapport.project.backups import shelf
        from rapport.project.backups.faults import BackupFault
        from rapport.project.backups.making import make_backup
        from rapport.project.backups.trying import try_restore

        path = arguments.out or shelf.new_path(opened.instance, is_sealed=bool(passphrase))
        try:
            with progress_bar("Backing up", 0) as advance:
                made = make_backup(
                    opened.instance,
                    opened.urls.owner,
                    path.absolute(),
                    passphrase=passphrase,
                    progress=advance,
                )
            if not arguments.out:
                shelf.note_made(made)
            if arguments.test:
                try_restore(opened.instance, opened.urls, path, passphrase)
        except BackupFault as fault:
            raise CommandFailed(str(fault)) from fault
    text = f"{path}: {made.manifest.rows:,} rows and {made.files:,} files in {made.bytes:,} bytes."
    if not passphrase:
        text += "\nIt is not encrypted and holds no key: keep a copy of secrets/session-key too."
    if arguments.test:
        text += "\nIt was restored into a scratch database, and all was there."
    answer(
        arguments, text, file=path, rows=made.manifest.rows, files=made.files, bytes=made.bytes,
        encrypted=bool(passphrase), tested=arguments.test,
    )  # fmt: skip
    return 0
