"""Which rows an action reaches, as a value that says all that decides it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from rapport.accounts.principals import Scope
from rapport.records.ruled import Ruled

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
class Reach:
    """Which rows an action reaches, and all that decides it: a key for compiled queries."""

    scope: Scope
    owners: tuple[UUID | None, ...] = ()
    shared: Shared | None = None
    #: What meets one of these is reached as well.
    rules: tuple[Ruled, ...] = ()

    @property
    def where(self) -> Q:
        """The rows, by literal owner ids so that an index serves it."""
        found = self._by_owner()
        if self.rules:
            ruled = Q(*(one.where for one in self.rules), _connector=Q.OR)
            found = ruled if self.scope == Scope.RULE else found | ruled
        return found & self.shared.where if self.shared else found

    @property
    def is_nothing(self) -> bool:
        """Whether no row can be reached."""
        return self.scope == Scope.NONE

    def includes(self, owner: UUID | None) -> bool:
        """Whether it reaches whatever belongs to this owner."""
        return self.scope == Scope.ALL or (owner is not None and owner in self.owners)

    def _by_owner(self) -> Q:
        match self.scope:
            case Scope.ALL:
                return Q()
            case Scope.TEAM | Scope.BELOW:
                return Q(owner_id__in=list(self.owners))
            case Scope.OWN:
                return Q(owner_id=self.owners[0])
        return NOBODY
