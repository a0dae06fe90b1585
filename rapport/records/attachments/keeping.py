"""Taking files in and letting them go, inside a change."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.routes import MOST_BYTES
from rapport.records import access
from rapport.records.attachments.names import clean_name
from rapport.records.attachments.sniffing import HEAD, sniff
from rapport.records.models import Attachment
from rapport.records.store import ChangeInProgress, Missing

#: Files that one form takes.
MOST_AT_ONCE = 20
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


class NotKept(ValueError):
    """Why a file was not taken; a sentence."""


def largest_form() -> int:
    """The bytes of a form with as many files as it takes, each as large as may be."""
    return MOST_AT_ONCE * settings.LARGEST_ATTACHMENT + MOST_BYTES


def attach(made: ChangeInProgress, name: str, record_id: UUID, upload: UploadedFile) -> Attachment:
    """Keep a file with a record that the change's principal may edit.

    Raises NotKept, Denied, Missing.
    """
    _check_edit(made, name, record_id)
    limit = settings.LARGEST_ATTACHMENT
    given = clean_name(upload.name or "")
    size = upload.size or 0
    if size > limit:
        raise NotKept(
            _("“%(name)s” is too large: %(size)s, and %(most)s is the most a file may have.")
            % {"name": given, "size": filesizeformat(size), "most": filesizeformat(limit)}
        )
    key = _keep(upload, given)
    try:
        with transaction.atomic():
            return Attachment.objects.create(
                object=name,
                record_id=record_id,
                name=given,
                size=upload.size or 0,
                content_type=sniff(_head(upload)),
                storage_key=key,
                sha256=_digest(upload),
                added_at=timezone.now(),
                added_by_id=made.principal.user_id,
            )
    except BaseException:
        _sweep(key)
        raise


@contextmanager
def together() -> Iterator[list[Attachment]]:
    """Files put into this list lose their content when the change around them comes to nothing."""
    kept: list[Attachment] = []
    try:
        yield kept
    except BaseException:
        for one in kept:
            _sweep(one.storage_key)
        raise


def detach(made: ChangeInProgress, attachment: Attachment) -> None:
    """Take a file from its record; undo brings it back. Raises Denied, Missing."""
    _check_edit(made, attachment.object, attachment.record_id)
    Attachment.objects.filter(pk=attachment.pk).delete()


def _check_edit(made: ChangeInProgress, name: str, record_id: UUID) -> None:
    access.check(made.principal, "edit", name)
    if not access.reachable(made.principal, name, [record_id], "edit"):
        raise Missing(_("This record is gone, or not yours to change."))


def _keep(upload: UploadedFile, given: str) -> str:
    """Write the content; the key has nothing of what the sender chose."""
    code = uuid4().hex
    key = f"attachments/{code[:2]}/{code[2:]}"
    try:
        return str(default_storage.save(key, _Chunks(upload)))
    except OSError as problem:
        _sweep(key)
        if problem.errno in NO_SPACE:
            raise NotKept(
                _("“%(name)s” was not kept: the server's disk is full. Tell whoever runs it.")
                % {"name": given}
            ) from problem
        raise


class _Chunks(File):
    """The upload without its temporary file, which storage would move away from under us."""

    def __init__(self, upload: UploadedFile) -> None:
        super().__init__(upload.file, name=None)
        self.upload = upload

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        return self.upload.chunks(chunk_size)


def _sweep(key: str) -> None:
    try:
        default_storage.delete(key)
    except OSError:
        return


def _head(upload: UploadedFile) -> bytes:
    upload.seek(0)
    return bytes(upload.read(HEAD))


def _digest(upload: UploadedFile) -> str:
    found = hashlib.sha256()
    for chunk in upload.chunks():
        found.update(chunk)
    return found.hexdigest()
