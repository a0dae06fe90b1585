"""Which of day, month and year comes first in a column of dates."""

from __future__ import annotations

import re
from collections.abc import Iterable

NUMERIC = re.compile(r"\s*(\d{1,4})[-/. ]{1,2}(\d{1,2})[-/. ]{1,2}(\d{1,4})(?!\d)")
WORDED = re.compile(
    r"\s*(?:\d{1,2}(?:st|nd|rd|th)?\.?[-\s]+(?:de\s+)?[^\W\d_]{3,}|[^\W\d_]{3,}\.?\s+\d{1,2})"
    r"(?:\.|,)?[-\s,]+(?:de\s+)?\d{2,4}"
)
COMPACT = re.compile(r"\s*(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\s*$")


def detect_order(samples: Iterable[str]) -> str:
    """`ymd`, `dmy` or `mdy` where the samples prove one, else empty; typing errors are outvoted."""
    votes = {"ymd": 0, "dmy": 0, "mdy": 0}
    dotted = 0
    for sample in samples:
        found = NUMERIC.match(sample)
        if not found:
            votes["ymd"] += bool(COMPACT.match(sample))
            continue
        first, second, _third = (int(part) for part in found.groups())
        if len(found[1]) == 4:
            votes["ymd"] += 1
        elif first > 12 >= second and first <= 31:
            votes["dmy"] += 1
        elif second > 12 >= first and second <= 31:
            votes["mdy"] += 1
        elif "." in found[0]:
            dotted += 1
    best = max(votes, key=lambda order: votes[order])
    others = sum(votes.values()) - votes[best]
    if votes[best] and votes[best] > 4 * others:
        return best
    return "dmy" if dotted and not others and not votes[best] else ""


def looks_like_date(text: str) -> bool:
    """Whether a text is a day, with or without a time."""
    found = NUMERIC.match(text)
    if found:
        parts = [int(part) for part in found.groups()]
        lengths = sorted(len(part) for part in found.groups())
        return lengths[-1] in (2, 4) and sum(0 < part <= 31 for part in parts) >= 2
    return bool(COMPACT.match(text) or WORDED.match(text))
