"""How much of a private record others see."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from rapport.records.kinds.base import NONE, Context
from rapport.records.kinds.choice import Choice
from rapport.ui.components import icon
from rapport.ui.html import Markup

SUBJECT, METADATA, NOTHING = "subject", "metadata", "nothing"
#: From the most that others see of a private record to the least.
LEVELS = {
    SUBJECT: _("Private: others see its title"),
    METADATA: _("Private: others see when and with whom"),
    NOTHING: _("Private: others see nothing"),
}
#: At which others see when it was and with whom.
GLIMPSED = (SUBJECT, METADATA)
ELSEWHERE = {"true": METADATA, "yes": METADATA, "1": METADATA, "private": METADATA}
LOCKED = Markup('<span class="row gap-1">{}{}</span>')


class Private(Choice):
    """Whether only the owner of a record, and those it is shared with, see it; and how much of it
    others see on timelines: its title, when and with whom it was, or nothing."""

    nothing = _("Not private")

    def __init__(self, **rest: Any) -> None:
        options = {
            "icon": "lock", "personal": NONE, "elsewhere": ELSEWHERE,
            "synonyms": ("is private", "visibility", "privado", "privat"),
        }  # fmt: skip
        super().__init__(_("Private"), LEVELS, **{**options, **rest})

    def show(self, value: Any, context: Context) -> SafeString:
        if not value:
            return SafeString("")
        return LOCKED(icon("lock", small=True), self.plain(value, context))
