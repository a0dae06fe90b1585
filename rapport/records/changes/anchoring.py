"""What the newest seal and tombstone are, written down outside of the database.

A chain proves that nothing within it was altered, not that nothing was cut off at its end: who can
write to the database could take the newest rows and their seals away together. He finds no way to
this file; copied to a third place, it also holds against who can write to both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from rapport.records.models import Seal, Tombstone

FILE = "log-anchors.txt"


@dataclass(frozen=True, slots=True)
class Anchor:
    """One line: of what sort, its number, and its digest in hexadecimal."""

    at: str
    sort: str
    number: int
    digest: str
    signature: str

    def __str__(self) -> str:
        return f"{self.at} {self.sort} {self.number} {self.digest} {self.signature}"


def anchors_file() -> Path:
    """Where anchors are written, one a line, never changed."""
    return Path(settings.INSTANCE.data) / FILE


def drop_anchor() -> list[Anchor]:
    """Write down the newest seal and tombstone where they are not yet; what was written."""
    file = anchors_file()
    known = {(one.sort, one.number) for one in read_anchors()}
    made = [one for one in newest() if (one.sort, one.number) not in known]
    if made:
        with file.open("a", encoding="ascii") as written:
            written.writelines(f"{one}\n" for one in made)
    return made


def newest() -> list[Anchor]:
    """The newest seal and the newest tombstone as anchors, where there are any."""
    at = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    ends = (("seal", Seal.objects), ("tombstone", Tombstone.objects))
    found = []
    for sort, rows in ends:
        end = rows.order_by("-number").values_list("number", "digest").first()
        if end is not None:
            number, digest = end[0], bytes(end[1]).hex()
            found.append(Anchor(at, sort, number, digest, _signature(sort, number, digest)))
    return found


def read_anchors() -> list[Anchor]:
    """The lines of the file, oldest first; none where there is no file yet."""
    try:
        lines = anchors_file().read_text(encoding="ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    parts = [line.split() for line in lines if line.strip()]
    return [
        Anchor(one[0], one[1], int(one[2]), one[3], one[4])
        for one in parts
        if len(one) == len(Anchor.__slots__) and one[2].isascii() and one[2].isdigit()
    ]


def lost_anchors() -> Iterator[Anchor]:
    """Anchors of this instance whose seal or tombstone is gone or another one now, newest first.

    A line that this instance did not write proves nothing and is passed over.
    """
    kept = {
        (sort, number): bytes(digest).hex()
        for sort, rows in (("seal", Seal.objects), ("tombstone", Tombstone.objects))
        for number, digest in rows.values_list("number", "digest")
    }
    for one in reversed(read_anchors()):
        is_ours = constant_time_compare(one.signature, _signature(one.sort, one.number, one.digest))
        if is_ours and kept.get((one.sort, one.number)) != one.digest:
            yield one


def _signature(sort: str, number: int, digest: str) -> str:
    text = f"{sort} {number} {digest}"
    return salted_hmac("rapport.anchor", text, algorithm="sha256").hexdigest()[:32]
