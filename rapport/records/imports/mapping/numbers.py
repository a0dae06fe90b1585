"""Which mark parts the decimals in a column of numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

FIGURE = re.compile(r"[-+(]?\s*(\d[\d.,'’\s\u00a0\u202f]*)\s*\)?")
AROUND = re.compile(r"[$€£¥%\s\u00a0\u202f]|\b[A-Z]{3}\b")


def detect_decimal(samples: Iterable[str]) -> str:
    """`,` or `.` where the samples prove one, else empty: 1.234 alone proves nothing."""
    votes = {",": 0, ".": 0}
    for sample in samples:
        if mark := decimal_mark(figure(sample)):
            votes[mark] += 1
    best = max(votes, key=lambda mark: votes[mark])
    others = sum(votes.values()) - votes[best]
    return best if votes[best] and votes[best] > 4 * others else ""


def figure(text: str) -> str:
    """The digits and marks of a number, without currency, percent sign and blanks."""
    found = FIGURE.fullmatch(AROUND.sub("", text.strip()))
    return re.sub(r"['’\s]", "", found[1]) if found else ""


def decimal_mark(digits: str) -> str:
    """The decimal mark that one number proves, else empty."""
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and point >= 0:
        last, other = (",", ".") if comma > point else (".", ",")
        return last if digits.count(last) == 1 else other if digits.count(other) == 1 else ""
    mark = "," if comma >= 0 else "." if point >= 0 else ""
    if not mark:
        return ""
    if digits.count(mark) > 1:
        return "." if mark == "," else ","
    after = len(digits) - digits.index(mark) - 1
    before = digits.index(mark)
    return mark if after != 3 or before > 3 or digits.startswith(f"0{mark}") else ""


def looks_like_number(text: str) -> bool:
    """Whether a text is one number, with or without a currency or percent sign."""
    return bool(figure(text))
