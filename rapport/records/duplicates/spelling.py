"""A name in the letters of other alphabets: who types Ivanov hears of Иванов, and the other way.

The matcher spells whole columns in Latin letters. A record that is being written is looked up in
names as they stand, so the written name is spelt in the alphabets that they may stand in. What the
letters leave open, such as a soft sign, costs a little likeness and no more.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from rapport.records.duplicates.matching import libraries

#: Longest first where one begins another.
CYRILLIC = {
    "shch": "щ", "sch": "ш", "zh": "ж", "kh": "х", "ts": "ц", "tz": "ц", "ch": "ч", "sh": "ш",
    "yu": "ю", "iu": "ю", "ya": "я", "yo": "е", "ye": "е", "ck": "к", "a": "а", "b": "б",
    "c": "к", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и", "j": "й", "k": "к",
    "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р", "s": "с", "t": "т",
    "u": "у", "v": "в", "w": "в", "x": "кс", "y": "й", "z": "з",
}  # fmt: skip
GREEK = {
    "th": "θ", "ch": "χ", "kh": "χ", "ph": "φ", "ps": "ψ", "ou": "ου", "mp": "μπ", "nt": "ντ",
    "a": "α", "b": "μπ", "c": "κ", "d": "δ", "e": "ε", "f": "φ", "g": "γ", "h": "χ", "i": "ι",
    "j": "τζ", "k": "κ", "l": "λ", "m": "μ", "n": "ν", "o": "ο", "p": "π", "q": "κ", "r": "ρ",
    "s": "σ", "t": "τ", "u": "ου", "v": "β", "w": "ω", "x": "ξ", "y": "υ", "z": "ζ",
}  # fmt: skip


def spellings(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The text in Latin letters, and in other alphabets that it may be known in, each once; of
    what is written in Latin letters the first is the text as it stands."""
    latin = text if is_latin(text) else in_latin(text)
    others = [] if latin == text else [text]
    if latin.isascii():
        others += [_in_cyrillic(latin), _in_greek(latin)]
    return tuple(filter(is_latin, [latin])), tuple(dict.fromkeys(others))


def is_latin(text: str) -> bool:
    """Whether all letters are Latin ones, with accents or without."""
    return text.isascii() or all(
        unicodedata.name(one, "LATIN").startswith("LATIN") for one in text if one.isalpha()
    )


def likeness(one: str, other: str) -> float:
    """The share of three-letter pieces that two texts have in common in Latin letters, 0 to 1,
    counted as pg_trgm counts (Jaccard's index of the sets of pieces)."""
    pieces, others = _pieces(one), _pieces(other)
    return len(pieces & others) / max(len(pieces | others), 1)


def _pieces(text: str) -> set[str]:
    words = re.findall(r"[a-z0-9]+", in_latin(text).lower())
    padded = [f"  {word} " for word in words]
    return {word[at : at + 3] for word in padded for at in range(len(word) - 2)}


def in_latin(text: str) -> str:
    """The text in Latin letters, as far as this server knows how: for scripts other than Latin
    that takes a library."""
    if text.isascii() or not libraries.are_there():
        return text
    from anyascii import anyascii

    return str(anyascii(text))


def _speller(letters: Mapping[str, str]) -> Callable[[str], str]:
    pattern = re.compile("|".join(sorted(letters, key=len, reverse=True)))
    return lambda text: pattern.sub(lambda found: letters[found[0]], text.lower())


_in_cyrillic = _speller(CYRILLIC)
_greek = _speller(GREEK)


def _in_greek(text: str) -> str:
    return re.sub(r"σ\b", "ς", _greek(text))
