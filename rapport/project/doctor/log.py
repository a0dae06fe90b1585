"""The change log: sealed, and as it was sealed."""

from rapport.records.changes.anchoring import lost_anchors, read_anchors
from rapport.records.changes.forgetting import bad_tombstones
from rapport.records.changes.sealing import broken_seals
from rapport.records.models import Seal, Tombstone

from .finding import Finding, bad, good

MOST_ROWS = 500_000
MOST_NAMED = 3


def is_log_unbroken() -> Finding:
    """Check the chain of seals, and the rows under the newest."""
    broken = list(broken_seals(MOST_ROWS))
    if broken:
        said = "; ".join(f"seal {one.number}: {one.reason}" for one in broken[:MOST_NAMED])
        return bad(
            "seals",
            f"The change log is not as it was written ({len(broken)} broken: {said}). Keep this "
            "database as it is, and compare it with a backup.",
        )
    return good(
        "seals", f"The change log is as it was written, under {Seal.objects.count()} seals."
    )


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
            f"Values are gone from the change log that nobody was asked to forget ({said}). Keep "
            "this database as it is, and compare it with a backup.",
        )
    return good(
        "tombstones",
        f"Nothing was blanked in the change log but under {Tombstone.objects.count()} tombstones.",
    )


def is_log_whole() -> Finding:
    """Look for the seals that were written down outside the database."""
    lost = list(lost_anchors())
    if lost:
        one = lost[0]
        return bad(
            "anchors",
            f"The {one.sort} {one.number} of {one.at} is not in the database any more: the end of "
            "the change log was cut off, or an older backup was restored.",
        )
    count = len(read_anchors())
    return good("anchors", f"All {count} seals and tombstones written down outside are there.")
