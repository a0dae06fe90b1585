"""Sharing a record and taking it back, inside a change."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.queries import workspace
from rapport.records import access, registry
from rapport.records.models import Share
from rapport.records.reaching import SHARE, is_shareable
from rapport.records.sharing.holders import Holder
from rapport.records.sharing.noticing import tell_of_share
from rapport.records.store import ChangeInProgress, Missing, Rejected


def share(
    made: ChangeInProgress,
    name: str,
    record_id: UUID,
    holder: Holder,
    level: str,
    until: date | None = None,
) -> Share:
    """Let the holder see a record (`view`) or edit it (`edit`), up to and with a day of the
    workspace; what was shared with him before gives way.

    Whoever edits the record by his roles may do that, not by a share. Raises Denied, Missing,
    Rejected.
    """
    check_sharing(made, name, record_id)
    check_terms(level, until)
    kept = _keep(made, name, record_id, holder, level, until)
    tell_of_share(made.principal, kept)
    return kept


def _keep(
    made: ChangeInProgress,
    name: str,
    record_id: UUID,
    holder: Holder,
    level: str,
    until: date | None,
) -> Share:
    before = Share.objects.filter(record_id=record_id, holder_id=holder.id)
    kept = before.select_for_update(of=("self",)).first()
    if kept is None:
        return Share.objects.create(
            object=name, record_id=record_id, holder_kind=holder.kind, holder_id=holder.id,
            holder_name=holder.name, level=level, until=until,
            shared_by_id=made.principal.user_id,
        )  # fmt: skip
    kept.level, kept.until, kept.holder_name = level, until, holder.name
    kept.save(update_fields=["level", "until", "holder_name"])
    return kept


def withdraw(made: ChangeInProgress, given: Share) -> None:
    """End a share now; undo brings it back. Raises Denied, Missing."""
    check_sharing(made, given.object, given.record_id)
    Share.objects.filter(pk=given.pk).delete()


def check_terms(level: str, until: date | None) -> None:
    """Raises Rejected for a level that there is not, and for a day that is over."""
    if level not in Share.Level.values:
        raise Rejected({"level": _("Choose what they may do with it.")})
    if until is not None and until < today():
        raise Rejected({"until": _("That day is over. Choose today or a later one.")})


def check_sharing(made: ChangeInProgress, name: str, record_id: UUID) -> None:
    """Raises Denied, Missing unless the principal of the change may share the record."""
    check_shareable(made.principal, name)
    if not access.reachable(made.principal, name, [record_id], SHARE):
        raise Missing(_("This record is gone, or not yours to share."))


def check_shareable(principal: Principal, name: str) -> None:
    """Raises Denied unless the principal may share any records of the object at all."""
    declaration = registry.get(name)
    if not is_shareable(declaration):
        words = {"objects": declaration.label_plural}
        raise access.Denied(_("%(objects)s can't be shared one by one.") % words)
    access.check(principal, SHARE, name)


def today() -> date:
    """What day it is for the workspace."""
    return datetime.now(ZoneInfo(workspace().timezone)).date()
