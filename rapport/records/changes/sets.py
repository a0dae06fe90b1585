"""Change sets as a whole: their chunks, and whether they may still be taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.records.models import ChangeSet, Merge

WINDOW = timedelta(days=30)


class CannotUndo(RuntimeError):
    """Why a change set can't be undone; a sentence."""


def family(change_set_id: UUID) -> list[UUID]:
    """The set itself and those made as its chunks."""
    chunks = ChangeSet.objects.filter(parent=change_set_id).order_by("at", "id")
    return [change_set_id, *chunks.values_list("pk", flat=True)]


def is_within_window(at: datetime) -> bool:
    """Whether a change of that moment may still be taken back."""
    return at >= timezone.now() - WINDOW


def is_merge(change_set_id: UUID) -> bool:
    """Whether a change set made several records one, or brought that back; it may be taken back
    for ever."""
    made = ChangeSet.objects.filter(pk=change_set_id).first()
    while made is not None and made.undo_of is not None:
        made = made.undo_of
    return made is not None and Merge.objects.filter(change_set=made.pk).exists()


def undoable(change_set_id: UUID) -> ChangeSet:
    """The change set. Raises CannotUndo when it is unknown, too old or undone already."""
    made = ChangeSet.objects.filter(pk=change_set_id).first()
    if made is None:
        raise CannotUndo(_("This change is not in the log."))
    if not is_within_window(made.at) and not is_merge(made.pk):
        raise CannotUndo(_("This change is older than 30 days."))
    if ChangeSet.objects.filter(undo_of=made).exists():
        raise CannotUndo(_("This change has been undone already."))
    return made
