"""A booking page of the demo company, so that one can try at once what visitors meet."""

from __future__ import annotations

from django.utils.translation import gettext as _

from rapport.accounts.models import User
from rapport.records.store import ChangeInProgress


def add_booking_page(made: ChangeInProgress) -> None:
    """A first call with whoever of the firm has time."""
    users = User.objects.filter(is_active=True, is_service=False).order_by("name", "pk")
    made.create("booking_page", {
        "name": _("First call"), "slug": "first-call", "mode": "turns", "lengths": ["15", "30"],
        "hosts": [{"user": user.pk} for user in users[:3]], "way": "online",
        "place": "https://meet.example.com/first-call", "buffer_before": 0, "buffer_after": 15,
        "purpose": _("We look at what you need and say honestly whether we are the right ones."),
        "questions": [{"text": _("What is it about?"), "is_required": False}],
        "consent": _("You may use what I type here to prepare the meeting."), "source": "Web",
        "remind": "d1",
    })  # fmt: skip
