"""With whom a record is shared, as conditions ask for it: `shared:me`."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import Any, ClassVar

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.kinds.base import Context
from rapport.records.kinds.choice import Choice
from rapport.records.kinds.comparing import NotTold
from rapport.records.models import Share
from rapport.records.reaching import is_shareable
from rapport.records.sql import AmongRows

NAME = "shared"
ME, SOMEBODY = "me", "somebody"


class SharedWith(Choice):
    """Whether others share a record with whoever asks, or it is shared with anybody at all."""

    operators: ClassVar[tuple[str, ...]] = ("is", "not")
    stored = False

    def __init__(self, declaration: type[Object]) -> None:
        super().__init__(_("Shared with"), {ME: _("me"), SOMEBODY: _("somebody")}, icon="users")
        self.name = self.path = NAME
        self.shared = declaration.name

    def asked(self, op: str, argument: Any, context: Context) -> tuple[Q, Hashable]:
        """By the shares that hold today: his own are those of his teams and roles too."""
        principal, rows = context.principal, Share.objects.in_force().filter(object=self.shared)
        if argument == ME:
            rows = rows.filter(holder_id__in=principal.holder_ids)
            rows = rows.exclude(shared_by_id=principal.user_id)
        found = Q(AmongRows(F("pk"), rows.order_by().values("record_id")))
        key = (principal.holder_ids, principal.user_id) if argument == ME else ()
        return (~found if op == "not" else found), (argument, key)

    def holds(self, op: str, argument: Any, value: Any) -> bool:
        raise NotTold(self.type)


@lru_cache(maxsize=256)
def shared_kind(_edition: int, name: str) -> SharedWith | None:
    """The field for records of an object; None for those that can't be shared, and where a field
    of that name is there."""
    declaration = registry.get(name)
    if NAME in declaration.fields or not is_shareable(declaration):
        return None
    return SharedWith(declaration)
