"""Names of files as people gave them, made harmless for pages, headers and disks."""

from __future__ import annotations

import unicodedata

LONGEST = 150


def clean_name(given: str) -> str:
    """The last part of a name without control or direction marks, its ending kept when cut.

    A mark that turns the direction of text makes `gnp.exe` look like `exe.png`.
    """
    last = given.replace("\\", "/").rpartition("/")[2]
    letters = [
        one for one in last if unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
    ]
    name = "".join(letters).strip().lstrip(".").strip()
    if len(name) > LONGEST:
        stem, dot, ending = name.rpartition(".")
        name = (
            stem[: LONGEST - len(ending) - 1] + dot + ending if len(ending) < 12 else name[:LONGEST]
        )
    return name or "file"
