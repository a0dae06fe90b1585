"""Full names: taken apart when typed, put together by the database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rapport.records.kinds import column
from rapport.records.kinds.other import Generated

EAST_ASIAN = re.compile("[ᄀ-ᇿ々぀-ヿ㄰-㆏ㇰ-ㇿ㐀-䶿一-鿿ꥠ-꥿가-퟿豈-﫿\U00020000-\U0003ffff]+")
PREFIXES = {
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "dame", "rev", "sr", "sra", "srta", "don",
    "doña", "herr", "frau", "m", "mme", "mlle", "hr", "fr", "ing", "lic", "dra",
}  # fmt: skip
SUFFIXES = {"jr", "sr", "ii", "iii", "iv", "phd", "ph.d", "md", "m.d", "mba", "esq", "cpa", "dds"}
PARTICLES = {
    "de", "del", "della", "der", "den", "di", "da", "das", "do", "dos", "du", "la", "las", "le",
    "los", "van",
    "von", "vom", "zu", "zum", "zur", "ter", "ten", "af", "av", "al", "el", "bin", "bint", "ibn",
    "ben",
    "mac", "st", "san", "santa", "y",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NameParts:
    """A full name in the parts that records keep."""

    prefix: str = ""
    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    suffix: str = ""


def split_name(text: str) -> NameParts:
    """The parts of a name as people write it: `Dr. Ada King Lovelace`, `Vogl, Katharina`,
    `田中美咲`."""
    text = " ".join(text.split())
    if EAST_ASIAN.fullmatch(text.replace(" ", "")):
        return _family_first(text)
    before, comma, after = text.partition(",")
    if comma and _bare(after) not in SUFFIXES:
        given = _given_first(after.split())
        return NameParts(given.prefix, " ".join([given.first_name, given.middle_name,
        given.last_name]).strip(),
                         "", before.strip(), given.suffix)  # fmt: skip
    return _given_first(text.replace(",", " ").split())


def _family_first(text: str) -> NameParts:
    family, space, given = text.partition(" ")
    if not space:
        family, given = (text[:1], text[1:]) if len(text) > 1 else ("", text)
    return NameParts(first_name=given.replace(" ", ""), last_name=family)


def _given_first(words: list[str]) -> NameParts:
    prefix: list[str] = []
    suffix: list[str] = []
    while len(words) > 1 and words[0].casefold().rstrip(".") in PREFIXES:
        prefix.append(words.pop(0))
    while len(words) > 2 and _bare(words[-1]) in SUFFIXES:
        suffix.insert(0, words.pop())
    first, rest = words[:1], words[1:]
    start = _family_begins(rest)
    return NameParts(
        " ".join(prefix),
        " ".join(first),
        " ".join(rest[:start]),
        " ".join(rest[start:]),
        " ".join(suffix),
    )


def _family_begins(words: list[str]) -> int:
    """Where the family name begins: at its first particle, else with the last word."""
    for place, word in enumerate(words[:-1]):
        if word.casefold() in PARTICLES:
            return place
    return max(len(words) - 1, 0)


def _bare(word: str) -> str:
    return word.strip().casefold().rstrip(".")


class FullName(Generated):
    """A full name; typing one sets its parts, of which the database makes it again."""

    type = "name"
    #: The parts it is made of again, in order.
    joined_from = ("first_name", "middle_name", "last_name")

    def __init__(self, label: Any, expression: Any, **options: Any) -> None:
        super().__init__(label, expression, **options)
        self.editable = True

    @property
    def written(self) -> tuple[str, ...]:
        return ("prefix", "first_name", "middle_name", "last_name", "suffix")

    def columns(self, value: Any) -> dict[str, Any]:
        parts = split_name(value or "")
        kept = {
            "first_name": parts.first_name,
            "middle_name": parts.middle_name,
            "last_name": parts.last_name,
        }
        known = {"prefix": parts.prefix, "suffix": parts.suffix}
        return kept | {name: text for name, text in known.items() if text}

    def yields_to(self, columns: Mapping[str, Any]) -> bool:
        """A name that comes in its parts is not taken apart again."""
        return bool(columns.get("first_name") or columns.get("last_name"))


full_name = column(FullName)
