"""The change log: sealed, as it was sealed, and followed by those who read it."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.project.observing.figures import followers
from rapport.records.changes.anchoring import lost_anchors, read_anchors
from rapport.records.changes.forgetting import bad_tombstones
from rapport.records.changes.sealing import broken_seals
from rapport.records.models import Seal, Tombstone

from .finding import Finding, advice, bad, good, said_moment

MOST_ROWS = 500_000
MOST_NAMED = 3
#: The worker seals every ten minutes, and readers hear of a change at once.
SEALED_AFTER, FOLLOWED_AFTER = timedelta(minutes=45), timedelta(minutes=10)
UNSEALED = """
SELECT at FROM records_change WHERE xid > (SELECT coalesce(max(last), 0) FROM records_seal)
  ::text::xid8 ORDER BY xid, id LIMIT 1
"""


def is_log_sealed() -> Finding:
    """Look for changes that should be under a seal by now."""
    with connection.cursor() as cursor:
        cursor.execute(UNSEALED)
        found = cursor.fetchone()
    if found and timezone.now() - found[0] > SEALED_AFTER:
        return bad(
            "sealing",
            _("Changes since %(at)s are not sealed yet.") % {"at": said_moment(found[0])},
            _("The worker seals every ten minutes: see whether it runs, and what its log says."),
            "/jobs/",
        )
    newest = Seal.objects.order_by("-number").first()
    if newest is None:
        return good("sealing", _("Nothing had to be sealed yet."))
    at = {"at": said_moment(newest.at)}
    return good("sealing", _("The change log was last sealed on %(at)s.") % at)


def is_log_unbroken(most_rows: int = MOST_ROWS) -> Finding:
    """Check the chain of seals, and so many rows under the newest."""
    broken = list(broken_seals(most_rows))
    if broken:
        said = "; ".join(f"seal {one.number}: {one.reason}" for one in broken[:MOST_NAMED])
        facts = {"n": len(broken), "which": said}
        return bad(
            "seals",
            ngettext(
                "The change log is not as it was written (%(n)d seal is broken: %(which)s).",
                "The change log is not as it was written (%(n)d seals are broken: %(which)s).",
                len(broken),
            )
            % facts,
            _keep(),
        )
    number = Seal.objects.count()
    said = (
        ngettext(
            "The change log is as it was written, under %(n)d seal.",
            "The change log is as it was written, under %(n)d seals.",
            number,
        )
        if most_rows
        else ngettext(
            "The only seal is signed.",
            "All %(n)d seals follow each other and are signed.",
            number,
        )
    )
    return good("seals", said % {"n": number})


def is_forgetting_accounted_for() -> Finding:
    """Check the chain of tombstones, and every row that was blanked."""
    broken = list(bad_tombstones())
    if broken:
        said = "; ".join(
            f"tombstone {one.number}: {one.reason}" if one.number else one.reason
            for one in broken[:MOST_NAMED]
        )
        return bad(
            "tombstones",
            _("Values are gone from the change log that nobody was asked to forget (%(which)s).")
            % {"which": said},
            _keep(),
        )
    number = Tombstone.objects.count()
    said = ngettext(
        "Nothing was blanked in the change log but under %(n)d tombstone.",
        "Nothing was blanked in the change log but under %(n)d tombstones.",
        number,
    )
    return good("tombstones", said % {"n": number})


def is_log_whole() -> Finding:
    """Look for the seals that were written down outside the database."""
    lost = list(lost_anchors())
    if lost:
        one = lost[0]
        facts = {"sort": one.sort, "number": one.number, "at": one.at}
        return bad(
            "anchors",
            _("The %(sort)s %(number)s of %(at)s is not in the database any more.") % facts,
            _(
                "The end of the change log was cut off, or an older backup was restored. Find out "
                "which, and compare with a backup."
            ),
        )
    number = len(read_anchors())
    said = ngettext(
        "The only seal or tombstone written down outside is there.",
        "All %(n)d seals and tombstones written down outside are there.",
        number,
    )
    return good("anchors", said % {"n": number})


def is_log_followed() -> Finding:
    """Look for readers of the log that are behind."""
    late = [name for name, seconds in followers() if seconds > FOLLOWED_AFTER.seconds]
    if late:
        return advice(
            "following",
            _("Behind the change log by more than %(minutes)d minutes: %(names)s.")
            % {"minutes": FOLLOWED_AFTER.seconds // 60, "names": ", ".join(late)},
            _("After a large import that is usual for a while; else read the worker's log."),
            "/jobs/",
        )
    return good("following", _("Search, sums, notices and webhooks are up to date."))


def _keep() -> str:
    return _("Keep this database as it is, and compare it with a backup.")
