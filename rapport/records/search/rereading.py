"""Files that were attached before this release could read them: read once more, by a job."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal, service
from rapport.records.jobs import Report, enqueue, register
from rapport.records.models import Attachment, Cursor, FileText, Job
from rapport.records.search.files import READABLE, read_file
from rapport.records.search.keeping import keep_again

CURSOR, JOB = "file_reading", "read_files"
#: Counted up whenever more kinds of files can be read than before: 2 came with Office documents.
EDITION = 2
#: Files whose records are found by their text together.
SOME = 20


def read_again_if_new() -> None:
    """Have a job read what an earlier release could not, once for each edition."""
    if Cursor.objects.filter(name=CURSOR, xid__gte=EDITION).exists():
        return
    with transaction.atomic():
        Cursor.objects.get_or_create(name=CURSOR)
        # Of several workers that start together one gets it.
        is_ours = Cursor.objects.filter(name=CURSOR, xid__lt=EDITION).update(xid=EDITION)
        if is_ours and unread().exists():
            enqueue(service("search"), JOB, _("Read files that could not be read before"))


def unread() -> QuerySet[Attachment]:
    """Files of kinds that can be read, of which no text is kept."""
    read = FileText.objects.values("attachment_id")
    return Attachment.objects.filter(content_type__in=READABLE).exclude(pk__in=read)


@register(JOB)
def read_files(job: Job, principal: Principal, report: Report) -> dict[str, Any]:
    """Read them in the order of their keys; after a crash it goes on where it was."""
    done, started = int(job.arguments.get("done", 0)), monotonic()
    total = done + _left(job).count()
    while some := list(_left(job).order_by("pk")[:SOME]):
        for one in some:
            read_file(one)
        _make_found(job, some, done + len(some))
        done += len(some)
        report(done, total, done / max(0.001, monotonic() - started))
    return {"rows": done}


def _left(job: Job) -> QuerySet[Attachment]:
    after = job.arguments.get("after")
    return unread().filter(pk__gt=UUID(after)) if after else unread()


def _make_found(job: Job, some: Sequence[Attachment], done: int) -> None:
    """Have the records found by the text, and note how far the job is."""
    keep_again({one.record_id for one in some})
    job.arguments = {**job.arguments, "after": str(some[-1].pk), "done": done}
    job.save(update_fields=["arguments"])
