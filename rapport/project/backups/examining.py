"""Run as a process under the owner role, on a database that was brought in: is its log whole?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping

from django.utils.translation import gettext as _

from .faults import BackupFault

MOST_NAMED = 3


def examine(variables: Mapping[str, str]) -> None:
    """Check the seals and tombstones of the database that the variables name.

    A process of its own, since Django knows one database. Raises BackupFault with what is wrong.
    """
    result = subprocess.run(
        [sys.executable, "-P", "-m", "rapport.project.backups.examining"],
        env=dict(variables) | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        last = result.stderr.strip().splitlines()[-1:] or ["it gave no reason"]
        raise BackupFault(
            _("The restored database could not be looked at: %(fault)s") % {"fault": last[0]}
        )
    faults = json.loads(result.stdout)
    if faults:
        said = "; ".join(faults[:MOST_NAMED])
        raise BackupFault(
            _("The change log of the restored database is not whole: %(what)s.") % {"what": said}
        )


def main() -> None:
    """Print what is wrong with the log, as a list of sentences in JSON."""
    import django

    django.setup()
    from rapport.project.doctor.log import MOST_ROWS
    from rapport.records.changes.forgetting import bad_tombstones
    from rapport.records.changes.sealing import broken_seals

    faults = [f"seal {one.number}: {one.reason}" for one in broken_seals(MOST_ROWS)]
    faults += [f"tombstone {one.number}: {one.reason}" for one in bad_tombstones()]
    sys.stdout.write(json.dumps(faults))


if __name__ == "__main__":
    main()
