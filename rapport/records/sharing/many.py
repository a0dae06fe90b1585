"""Sharing many records with one person, team or role at once, inside a change."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.records import access
from rapport.records.models import Share
from rapport.records.reaching import SHARE
from rapport.records.sharing.holders import Holder, holder_of
from rapport.records.sharing.verbs import check_shareable, check_terms
from rapport.records.store import ChangeInProgress, Rejected


@dataclass(frozen=True, slots=True)
class Wish:
    """With whom to share, at which level, up to and with which day."""

    holder: Holder
    level: str
    until: date | None = None

    @classmethod
    def read(cls, sent: Mapping[str, Any]) -> Wish:
        """From what a form or a program sent. Raises Rejected."""
        holder = _holder(str(sent.get("holder_kind")), str(sent.get("holder_id")))
        level, text = str(sent.get("level", "")), sent.get("until")
        try:
            until = date.fromisoformat(str(text)) if text else None
        except ValueError:
            raise Rejected({"until": _("Write the day as 2026-11-01.")}) from None
        check_terms(level, until)
        return cls(holder, level, until)

    def as_json(self) -> dict[str, Any]:
        """As `read` takes it."""
        return {
            "holder_kind": self.holder.kind,
            "holder_id": str(self.holder.id),
            "level": self.level,
            "until": self.until.isoformat() if self.until else None,
        }


def share_many(
    made: ChangeInProgress, name: str, ids: Collection[UUID], wish: Wish
) -> Sequence[Share]:
    """Share those of the records that the principal may share, in one statement.

    What was shared with the holder before gives way. Nobody is told: of slices of many records
    he would hear once a slice. Raises Denied.
    """
    check_shareable(made.principal, name)
    reached = sorted(access.reachable(made.principal, name, ids, SHARE))
    shares = [_share(made, name, one, wish) for one in reached]
    Share.objects.bulk_create(
        shares,
        update_conflicts=True,
        unique_fields=["record_id", "holder_id"],
        update_fields=["level", "until", "holder_name"],
    )
    return shares


def _share(made: ChangeInProgress, name: str, record_id: UUID, wish: Wish) -> Share:
    return Share(
        object=name, record_id=record_id, holder_kind=wish.holder.kind, holder_id=wish.holder.id,
        holder_name=wish.holder.name, level=wish.level, until=wish.until,
        shared_by_id=made.principal.user_id,
    )  # fmt: skip


def _holder(kind: str, key: str) -> Holder:
    try:
        found = holder_of(kind, UUID(key))
    except ValueError:
        found = None
    if found is None:
        raise Rejected({"holder": _("Choose with whom.")})
    return found
