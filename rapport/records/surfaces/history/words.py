"""Change sets in sentences."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from rapport.records.changes.diary import COUNTED
from rapport.records.changes.telling import SetStory

ICONS = {"create": "plus", "trash": "trash", "restore": "restore", "delete": "trash"}
VIA_ICONS = {"import": "ul", "api": "key", "job": "gear", "command": "keyboard", "agent": "bolt"}


def via_words(via: str, agent: str = "") -> str:
    """Through what a change came; `agent` is what the token of an agent is called."""
    if agent:
        return _("by the agent “%(name)s”") % {"name": agent}
    known = {
        "web": _("by hand"),
        "api": _("through the API"),
        "import": _("through an import"),
        "job": _("by a job"),
        "command": _("through the command line"),
        "agent": _("by an agent"),
        "demo": _("with the sample data"),
    }
    return known.get(via, via)


def icon_of(story: SetStory) -> str:
    """The mark of a change set in the list."""
    if story.undo_of or story.part_undo_of:
        return "undo"
    if story.via in VIA_ICONS:
        return VIA_ICONS[story.via]
    verbs = {record.verb for record in story.records}
    return ICONS.get(verbs.pop(), "edit") if len(verbs) == 1 else "edit"


def verb_words(verb: str) -> str:
    """What was done with one record, in the past tense and without its name."""
    known = {
        "create": pgettext("verb", "created"),
        "trash": pgettext("verb", "moved to the trash"),
        "restore": pgettext("verb", "brought back"),
        "delete": pgettext("verb", "removed for good"),
    }
    return known.get(verb, pgettext("verb", "changed"))


def count_words(story: SetStory) -> str:
    """How many records a change set touched."""
    number = len(story.records) + story.more
    if number >= COUNTED:
        return _("%(n)d records or more") % {"n": COUNTED}
    return ngettext("%(n)d record", "%(n)d records", number) % {"n": number}
