"""What somebody makes of a view for himself: a tab, a favourite, the one his list opens with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.models import ViewUse
from rapport.records.store import Missing
from rapport.records.views.checking import OBJECT

CHOICES = {"tab": "is_tab", "favourite": "is_favourite", "default": "is_default"}


@transaction.atomic
def choose(principal: Principal, view_id: UUID, what: str, is_on: bool) -> None:
    """Make a view one's tab, favourite or default, or no longer so. Raises Missing, KeyError."""
    column = CHOICES[what]
    about = access.rows(principal, OBJECT).filter(pk=view_id).values_list("object", flat=True)
    name = about.first()
    if name is None or principal.user_id is None:
        raise Missing(_("This view is gone, or not yours to see."))
    if what == "default" and is_on:
        others = ViewUse.objects.filter(user=principal.user_id, view__object=name, is_default=True)
        others.exclude(view=view_id).update(is_default=False)
    values: dict[str, Any] = {column: is_on}
    ViewUse.objects.update_or_create(user_id=principal.user_id, view_id=view_id, defaults=values)
