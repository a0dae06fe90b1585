"""The data folder: closed to others, and not full."""

import os
import shutil
import stat

from django.utils.translation import gettext as _

from rapport.project.instance import Instance

from .finding import Finding, advice, bad, good

GIGABYTE = 2**30
LEAST_FREE = 0.5
COMFORTABLE_FREE = 5.0


def is_private(instance: Instance) -> Finding:
    """Look at who may read the secrets."""
    if not instance.secrets.is_dir():
        return good("secrets", _("The secrets come from outside; none lie in the data folder."))
    open_ones = [
        path.name
        for path in (instance.secrets, *instance.secrets.iterdir())
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    if open_ones:
        facts = {"names": ", ".join(sorted(open_ones)), "folder": instance.data}
        return bad(
            "secrets",
            _("Other users of this machine may read %(names)s in %(folder)s.") % facts,
            _("Close it with: chmod -R go= '%(folder)s'") % {"folder": instance.secrets},
        )
    return good("secrets", _("Only its owner can read the secrets."))


def has_space(instance: Instance) -> Finding:
    """Look at the free disk space."""
    free = shutil.disk_usage(instance.data).free / GIGABYTE
    facts = {"free": f"{free:.1f}", "folder": os.fspath(instance.data)}
    sentence = _("%(free)s GB are free on the disk of %(folder)s.") % facts
    if free < LEAST_FREE:
        return bad("disk", sentence, _("Make room now: a full disk stops the database."))
    if free < COMFORTABLE_FREE:
        return advice("disk", sentence, _("Make room soon."))
    return good("disk", sentence)
