"""Which rows an action reaches, as a value that says all that decides it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import IsNull

from rapport.accounts.principals import Scope
from rapport.records import registry
from rapport.records.models import Link, Share
from rapport.records.models.share import ShareQuerySet
from rapport.records.ruled import Ruled
from rapport.records.sql import AmongRows

NOBODY = Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Shared:
    """Which records a principal sees of an object whose records say who sees them.

    His own, those for everyone, those that his team mates share with their team; all that are
    shared where `is_keeper`. Of these, the ones about objects that he may see.
    """

    audience: str
    reader: UUID | None
    mates: tuple[UUID, ...]
    is_keeper: bool
    about: str
    objects: tuple[str, ...]

    @property
    def where(self) -> Q:
        """The rows."""
        found = Q(owner_id=self.reader)
        if self.is_keeper:
            # What belongs to nobody is kept by them too.
            found |= Q(**{f"{self.audience}__in": ["team", "everyone"]}) | Q(owner_id__isnull=True)
        else:
            found |= Q(**{self.audience: "everyone"})
            found |= Q(**{self.audience: "team", "owner_id__in": list(self.mates)})
        return found & Q(**{f"{self.about}__in": list(self.objects)}) if self.about else found


@dataclass(frozen=True, slots=True)
class Shares:
    """The records of an object that are shared one by one, at one of these levels, with somebody
    who is all these: a user, members of teams, a holder of roles."""

    object: str
    holders: tuple[UUID, ...]
    levels: tuple[str, ...]

    @property
    def rows(self) -> ShareQuerySet:
        """The shares that hold today."""
        found = Share.objects.in_force().filter(object=self.object, level__in=self.levels)
        return found.filter(holder_id__in=self.holders)

    @property
    def where(self) -> Q:
        """The records: looked up once, so that an index serves beside the owners'."""
        return Q(AmongRows(F("pk"), self.rows.order_by().values("record_id")))


@dataclass(frozen=True, slots=True)
class Confided:
    """The records that are not private, and of those that are somebody's own and those that are
    shared with him; of others those at the levels that what asks shows no more than."""

    reader: UUID | None
    shares: Shares | None = None
    levels: tuple[str, ...] = ()
    #: Whether it is his own alone, private or not.
    is_own: bool = False

    @property
    def where(self) -> Q:
        """The records."""
        if self.is_own:
            return Q(owner_id=self.reader) if self.reader is not None else NOBODY
        found = Q(private__in=["", *self.levels]) if self.levels else Q(private="")
        if self.reader is not None:
            found |= Q(owner_id=self.reader)
        return found | self.shares.where if self.shares else found


@dataclass(frozen=True, slots=True)
class Followed:
    """The records of one object that are about others within reach, linked in a role or pointing
    at them by a column; without a reach, about any of those objects."""

    child: str
    role: str
    path: str
    objects: tuple[str, ...]
    reach: Reach | None = None

    @property
    def where(self) -> Q:
        """The records. Where all others are within reach most of these are, and each is asked
        alone; else they are looked up once, beginning at the others."""
        if self.path:
            return self._by_column()
        links = Link.objects.filter(from_object=self.child, role=self.role)
        links = links.filter(to_object__in=self.objects)
        if self.reach is None:
            # As EXISTS all links might be read to find those of the few records of a page.
            found = links.filter(from_id=OuterRef("pk")).order_by().values("to_id")[:1]
            return Q(IsNull(Subquery(found), False))
        links = links.filter(to_id__in=self._others(self.reach))
        return Q(AmongRows(F("pk"), links.order_by().values("from_id")))

    def _by_column(self) -> Q:
        if self.reach is None:
            return Q(**{f"{self.path}__isnull": False})
        return Q(AmongRows(F(self.path), self._others(self.reach)))

    def _others(self, reach: Reach) -> QuerySet[Any, Any]:
        (name,) = self.objects
        found = registry.get(name).model._default_manager.filter(deleted_at__isnull=True)
        return found.filter(reach.where).order_by().values("pk")


@dataclass(frozen=True, slots=True)
class Reach:
    """Which rows an action reaches, and all that decides it: a key for compiled queries."""

    scope: Scope
    owners: tuple[UUID | None, ...] = ()
    shared: Shared | None = None
    #: What meets one of these is reached as well.
    rules: tuple[Ruled, ...] = ()
    #: What is shared one by one is reached as well.
    one_by_one: Shares | None = None
    #: So is what is about others within reach.
    followed: tuple[Followed, ...] = ()
    #: Of all that, what is not kept private from the reader.
    confided: Confided | None = None

    @property
    def where(self) -> Q:
        """The rows, by literal owner ids so that an index serves it."""
        return self._kept(reduce(or_, self._grounds([one.where for one in self.rules])))

    @property
    def each(self) -> Q:
        """The same rows, each asked by itself whether it meets a rule: for those that come in an
        order of which a few are shown, since else all that a rule goes by is gathered first."""
        return self._kept(reduce(or_, self._grounds([one.each for one in self.rules])))

    @property
    def open(self) -> Reach:
        """The same if nothing were private."""
        return replace(self, confided=None) if self.confided else self

    def glimpsing(self, *levels: str) -> Reach:
        """The same with private records of others at these levels."""
        if self.confided is None:
            return self
        return replace(self, confided=replace(self.confided, levels=levels))

    @property
    def parts(self) -> tuple[Q, ...]:
        """The same rows ground by ground, one row perhaps by several: beside an OR no index leads
        to what another record's values decide."""
        return tuple(map(self._kept, self._grounds([one.where for one in self.rules])))

    def _kept(self, found: Q) -> Q:
        """Of these what the records themselves let be seen."""
        if self.shared:
            found &= self.shared.where
        return found & self.confided.where if self.confided else found

    def _grounds(self, ruled: list[Q]) -> list[Q]:
        found = [] if self.rules and self.scope == Scope.RULE else [self._by_owner()]
        found += ruled
        if self.one_by_one:
            found.append(self.one_by_one.where)
        return found + [one.where for one in self.followed]

    @property
    def has_more(self) -> bool:
        """Whether it reaches more than what belongs to its owners."""
        return bool(self.rules or self.one_by_one or self.followed)

    @property
    def is_nothing(self) -> bool:
        """Whether no row can be reached."""
        return self.scope == Scope.NONE

    def includes(self, owner: UUID | None) -> bool:
        """Whether it reaches whatever belongs to this owner."""
        if self.confided and owner != self.confided.reader:
            return False
        return self.scope == Scope.ALL or (owner is not None and owner in self.owners)

    def _by_owner(self) -> Q:
        match self.scope:
            case Scope.ALL:
                return Q()
            case Scope.TEAM | Scope.BELOW:
                return Q(owner_id__in=list(self.owners))
            case Scope.OWN | Scope.FOLLOW:
                return Q(owner_id=self.owners[0])
        return NOBODY
