"""The change log: sealed, and as it was sealed."""

from rapport.records.changes.sealing import broken_seals
from rapport.records.models import Seal

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
