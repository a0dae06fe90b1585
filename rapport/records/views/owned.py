"""A view for oneself has somebody whose it is: nobody would see it again, not even its maker."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records.models import SavedView
from rapport.records.store import Rejected


def note_nothing(_ids: Sequence[UUID]) -> None:
    """There is nothing to remember."""


def check_owned(_principal: Principal, ids: Sequence[UUID], _noted: None) -> None:
    """Raises Rejected for a view for oneself that would be nobody's."""
    if SavedView.objects.filter(pk__in=ids, audience="me", owner=None, deleted_at=None).exists():
        raise Rejected({"owner": _("What is private needs an owner.")})
