"""`rapport upgrade`: bring a stopped instance to this version, with a way back."""

import argparse
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rapport.kit.formats import format_decimal
from rapport.project.supervisor.output import say

from .opening import CommandFailed, open_instance
from .output import add_json, add_verb, answer
from .passphrases import add_passphrase, read_passphrase
from .progress import progress_bar

DESCRIPTION = """\
Bring a stopped instance to the version of this checkout. A backup is made and
restored into a scratch database; the upgrade is tried there, and its change
log checked. Only then is the instance upgraded and compared with the copy,
table by table. If anything goes wrong the database is put back as it was."""


def add_to(verbs: Any) -> None:
    """Add the verb to the command."""
    parser = add_verb(
        verbs, "upgrade", run, help="bring it to this version safely", description=DESCRIPTION
    )
    add_passphrase(parser, "encrypt the backup; the passphrase is the first line of this file")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Upgrade. Raises CommandFailed, with the instance as it was."""
    passphrase = read_passphrase(arguments.passphrase_file)
    with open_instance(arguments.data, is_migrated=False, needs_rest=True) as opened:
        from rapport.project.backups.faults import BackupFault
        from rapport.project.backups.upgrading import UpgradeFailed, is_current, upgrade

        if is_current(opened.urls):
            answer(arguments, _("The instance is at this version already."), upgraded=False)
            return 0
        try:
            with progress_bar(_("Backing up"), 0) as advance:
                done = upgrade(
                    opened.instance,
                    opened.urls,
                    passphrase=passphrase,
                    say=(lambda _line: None) if arguments.json else say,
                    progress=advance,
                )
        except (UpgradeFailed, BackupFault) as fault:
            raise CommandFailed(str(fault)) from fault
    text = _(
        "The instance is upgraded. Rows that came through: %(rows)s. The state before is in "
        "%(backup)s.\nStart it with: %(command)s"
    ) % {
        "rows": format_decimal(done.rows, get_language() or "en"),
        "backup": done.backup,
        "command": f"bin/run --data {arguments.data}",
    }
    answer(arguments, text, upgraded=True, backup=done.backup, rows=done.rows)
    return 0
