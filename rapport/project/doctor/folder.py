"""The data folder: closed to others, and not full."""

import os
import shutil
import stat

from rapport.project.instance import Instance

from .finding import Finding, advice, bad, good

GIGABYTE = 2**30
LEAST_FREE = 0.5
COMFORTABLE_FREE = 5.0


def is_private(instance: Instance) -> Finding:
    """Look at who may read the secrets."""
    open_ones = [
        path.name
        for path in (instance.secrets, *instance.secrets.iterdir())
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    if open_ones:
        names = ", ".join(sorted(open_ones))
        return bad(
            "secrets",
            f"Other users of this machine may read {names} in {instance.data}. "
            f"Close it with: chmod -R go= '{instance.secrets}'",
        )
    return good("secrets", "Only its owner can read the secrets.")


def has_space(instance: Instance) -> Finding:
    """Look at the free disk space."""
    free = shutil.disk_usage(instance.data).free / GIGABYTE
    sentence = f"{free:.1f} GB are free on the disk of {os.fspath(instance.data)}."
    if free < LEAST_FREE:
        return bad("disk", f"{sentence} Make room now: a full disk stops the database.")
    if free < COMFORTABLE_FREE:
        return advice("disk", f"{sentence} Make room soon.")
    return good("disk", sentence)
