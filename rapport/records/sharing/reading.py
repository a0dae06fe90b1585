"""With whom a record is shared, and which of that lets somebody do what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.kinds.base import Title
from rapport.records.models import Share
from rapport.records.sharing.holders import USER, named
from rapport.records.store import Missing


@dataclass(frozen=True, slots=True)
class Held:
    """One share of a record as it is told: by whom it is held, at which level, until when."""

    id: UUID
    holder_kind: str
    holder_id: UUID
    name: str
    level: str
    until: date | None
    shared_at: datetime
    shared_by: UUID | None

    @property
    def kind_label(self) -> str:
        """Whether it is a person, a team or a role, in words."""
        return str(Share.Holder(self.holder_kind).label)

    @property
    def level_label(self) -> str:
        """What the holder may do, in words."""
        return str(Share.Level(self.level).label)


def held_by(record_id: UUID) -> Sequence[Held]:
    """The shares of a record that hold, in the order of their holders' names; whoever asks must
    have been let see the record."""
    shares = list(Share.objects.in_force().filter(record_id=record_id))
    names = named(shares)
    found = [
        Held(
            one.pk, one.holder_kind, one.holder_id, names[one.holder_id], one.level, one.until,
            one.shared_at, one.shared_by_id,
        )
        for one in shares
        if one.holder_id in names
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def share_of(principal: Principal, name: str, record_id: UUID, share_id: UUID) -> Share:
    """One share of a record that the principal sees. Raises Missing."""
    found = Share.objects.filter(pk=share_id, object=name, record_id=record_id).first()
    if found is not None and access.reachable(principal, name, [record_id], "view"):
        return found
    raise Missing(_("This record is not shared with them any more."))


@dataclass(frozen=True, slots=True)
class Received:
    """A record that is shared with somebody, as he finds it."""

    #: The share by which he has it.
    id: UUID
    declaration: type[Object]
    record_id: UUID
    name: str
    level: str
    until: date | None
    shared_at: datetime
    #: Who shared it, and with which team or role of his; empty where it was with himself.
    by: str
    through: str

    @property
    def url(self) -> str:
        """The page of the record."""
        return self.declaration.url(self.record_id)

    @property
    def level_label(self) -> str:
        """What he may do by it, in words."""
        return str(Share.Level(self.level).label)


def received(
    principal: Principal, most: int, after: UUID | None = None
) -> tuple[Sequence[Received], UUID | None]:
    """What others share with the principal and what he sees of it, the last shared first, from
    behind the share `after`; and the share to go on from, if there are more than `most`."""
    found = Share.objects.in_force().filter(holder_id__in=principal.holder_ids)
    found = found.exclude(shared_by_id=principal.user_id)
    if after is not None:
        found = found.filter(pk__lt=after)
    shares = list(found.order_by("-pk")[: most + 1])
    shown = [one for one in shares[:most] if registry.is_declared(one.object)]
    references = {(one.object, one.record_id) for one in shown}
    references |= {("user", one.shared_by_id) for one in shown if one.shared_by_id}
    titles = access.titles(principal, sorted(references), principal.language)
    through = named(one for one in shown if one.holder_kind != USER)
    told = [_received(one, titles, through) for one in shown if one.record_id in titles]
    return told, shares[most - 1].pk if len(shares) > most else None


def _received(one: Share, titles: Mapping[UUID, Title], through: Mapping[UUID, str]) -> Received:
    by = titles.get(one.shared_by_id) if one.shared_by_id else None
    return Received(
        one.pk, registry.get(one.object), one.record_id, titles[one.record_id].text, one.level,
        one.until, one.shared_at, by.text if by else "", through.get(one.holder_id, ""),
    )  # fmt: skip


def granting(
    principal: Principal, declaration: type[Object], record_id: UUID, action: str = "view"
) -> Sequence[Share]:
    """The shares by which `action` of this principal reaches the record, the oldest first; none
    where his role reaches all records or none."""
    one_by_one = access.reach(principal, declaration, action).one_by_one
    if one_by_one is None:
        return []
    return list(one_by_one.rows.filter(record_id=record_id).order_by("shared_at", "id"))
