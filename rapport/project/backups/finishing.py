"""The last steps of a restore, which a start after a power cut takes to their end.

By then all was brought in beside and looked at, so that going on is safe; a database that is here
already with files that are not would be neither what was nor what was wanted.
"""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from rapport.project.databases import DatabaseUrls
from rapport.project.instance import ANCHORS, Instance
from rapport.project.secrets import SESSION_KEY, write_secret

from . import scratch
from .faults import BackupFault
from .shelf import write_whole

DRAFT = "files.restored"
REPLACED = "files.replaced"
COMING = ".restored"
STOPPING = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


def put_in_place(
    instance: Instance,
    urls: DatabaseUrls,
    beside: DatabaseUrls | None = None,
    *,
    has_files: bool = False,
    key: str = "",
    sealing_keys: str = "",
) -> None:
    """Let a database that was looked at, the draft of files and keys take the instance's place.

    Raises BackupFault, with the instance as it was.
    """
    for name, text in ((SESSION_KEY, key), (instance.sealing_keys.name, sealing_keys)):
        if text:
            write_secret(instance.secrets, name + COMING, text)
    made = scratch.name_in(beside.owner) if beside else ""
    with _undisturbed():
        facts = {"database": made, "files": has_files}
        write_whole(instance.restore_mark, json.dumps(facts) + "\n")
        try:
            finish(instance, urls)
        except BackupFault:
            _forget(instance)
            raise


def finish(instance: Instance, urls: DatabaseUrls) -> None:
    """Take the steps that are not taken yet; each may be taken again. Raises BackupFault."""
    facts = json.loads((instance.restore_mark).read_text())
    if facts["database"]:
        scratch.swap(urls.owner, urls.app_role, facts["database"])
    if facts["files"]:
        _swap_files(instance)
        _set_anchors_aside(instance)
    for name in (SESSION_KEY, instance.sealing_keys.name):
        coming = instance.secrets / (name + COMING)
        if coming.exists():
            coming.replace(instance.secrets / name)
    _forget(instance)


def _forget(instance: Instance) -> None:
    (instance.restore_mark).unlink(missing_ok=True)
    for name in (SESSION_KEY, instance.sealing_keys.name):
        (instance.secrets / (name + COMING)).unlink(missing_ok=True)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Have Ctrl-C and its like wait: what takes a moment is not left in the middle."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _swap_files(instance: Instance) -> None:
    files = instance.files
    old, draft = (files.with_name(name) for name in (REPLACED, DRAFT))
    if draft.exists():
        shutil.rmtree(old, ignore_errors=True)
        if files.exists():
            files.rename(old)
        draft.rename(files)
    shutil.rmtree(old, ignore_errors=True)


def _set_anchors_aside(instance: Instance) -> None:
    """Ends of a log that is gone now would be missed for ever; they are kept under another name."""
    anchors = (instance.data / ANCHORS).resolve()
    if anchors.exists():
        now = datetime.now(tz=UTC)
        anchors.rename(anchors.with_name(f"log-anchors-until-{now:%Y%m%d-%H%M%S}.txt"))
