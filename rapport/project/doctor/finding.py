from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from rapport.kit.formats import format_moment


class Grade(StrEnum):
    """How bad it is."""

    GOOD = "good"
    ADVICE = "advice"
    BAD = "bad"


#: What each thing looked at is called, in the order of the list.
LABELS: dict[str, Promise] = {
    "server": _("Server"),
    "version": _("Version"),
    "secrets": _("Secrets"),
    "disk": _("Disk"),
    "backups": _("Backups"),
    "database": _("Database"),
    "roles": _("Database roles"),
    "log": _("Change log, protection"),
    "migrations": _("Migrations"),
    "triggers": _("Change log, writing"),
    "sealing": _("Change log, sealing"),
    "seals": _("Change log, seals"),
    "tombstones": _("Change log, forgetting"),
    "anchors": _("Change log, end"),
    "following": _("Following the log"),
    "worker": _("Worker"),
    "crashes": _("Processes"),
    "sums": _("Sums of boards"),
    "jobs": _("Jobs"),
    "webhooks": _("Webhooks"),
    "quiet": _("Speaking to others"),
    "extras": _("Extras"),
    "owner": _("Owner"),
    "mail": _("Mail"),
    "address": _("Address"),
}


@dataclass(frozen=True)
class Finding:
    """One thing looked at: its name for programs, a grade, a sentence for people, what to do about
    it, and the page where that is done."""

    name: str
    grade: Grade
    sentence: str
    remedy: str = ""
    url: str = ""

    @property
    def label(self) -> Promise:
        """What it is called."""
        return LABELS[self.name]


def good(name: str, sentence: str, url: str = "") -> Finding:
    """All is well."""
    return Finding(name, Grade.GOOD, sentence, url=url)


def advice(name: str, sentence: str, remedy: str, url: str = "") -> Finding:
    """It works, but something could be safer or is not set up."""
    return Finding(name, Grade.ADVICE, sentence, remedy, url)


def bad(name: str, sentence: str, remedy: str, url: str = "") -> Finding:
    """Something does not work or a protection is missing."""
    return Finding(name, Grade.BAD, sentence, remedy, url)


def said_moment(at: datetime) -> str:
    """Date and time in the reader's zone and language."""
    # Babel parts the hour from AM with a blank that not every terminal can write.
    return format_moment(timezone.localtime(at), get_language() or "en").replace("\u202f", " ")
