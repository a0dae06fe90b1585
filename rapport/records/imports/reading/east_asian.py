"""Encodings of Chinese, Japanese and Korean, told apart by how common their characters are.

Nearly any run of high bytes is valid in several of them at once, but only in the right one do
mostly everyday characters come out; each standard keeps these in known rows.
"""

from __future__ import annotations

import codecs
from collections import Counter
from dataclasses import dataclass

FEWEST = 3


def decoded(sample: bytes, encoding: str) -> str | None:
    """The text, or None where it is not valid; a character may be cut off at the end."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return None


@dataclass(frozen=True, slots=True)
class EastAsian:
    """One encoding family: its variants, the worth of its syllables, its everyday ideographs."""

    variants: tuple[str, ...]
    kana: float
    hangul: float
    first: bytes
    last: bytes
    trail: int = 0

    def encoding(self, sample: bytes) -> str:
        """The first variant in which the sample is valid, its cut end aside; else empty."""
        return next((one for one in self.variants if decoded(sample, one) is not None), "")

    def commonness(self, sample: bytes) -> float:
        """Mean worth of the characters beyond ASCII, from -1 to 1; 0 where they are too few."""
        variant = self.encoding(sample)
        if not variant:
            return -1.0
        counts = Counter(letter for letter in decoded(sample, variant) or "" if letter >= "\x80")
        if counts.total() < FEWEST:
            return 0.0
        worth = sum(count * self.worth(letter, variant) for letter, count in counts.items())
        return worth / counts.total()

    def worth(self, letter: str, variant: str) -> float:
        """How much one character speaks for this encoding."""
        if "\u3040" <= letter <= "\u30ff":
            return self.kana
        if "\uac00" <= letter <= "\ud7a3":
            raw = letter.encode(variant)
            return self.hangul if raw[0] >= 0xB0 and raw[1] >= 0xA1 else 0.0
        if "\uff61" <= letter <= "\uff9f" or "\ue000" <= letter <= "\uf8ff":
            return -1.0
        if "\u3000" <= letter <= "\u303f" or "\uff00" <= letter <= "\uff60":
            return 0.6
        if "\u3131" <= letter <= "\u318e":
            return max(0.0, self.hangul)
        if "\u4e00" <= letter <= "\u9fff":
            raw = letter.encode(variant)
            return float(self.first <= raw[:1] <= self.last and raw[-1] >= self.trail)
        return -0.1


EAST_ASIAN = (
    EastAsian(("cp949",), -0.3, 1.0, b"\xff", b"\x00"),
    EastAsian(("cp932",), 1.0, -1.0, b"\x88", b"\x98"),
    EastAsian(("euc_jp", "euc_jis_2004"), 1.0, -1.0, b"\xb0", b"\xcf"),
    EastAsian(("gb18030",), 0.0, -1.0, b"\xb0", b"\xd7", trail=0xA1),
    EastAsian(("big5", "cp950", "big5hkscs"), 0.0, -1.0, b"\xa4", b"\xc6"),
)
"""On a tie the first wins: Korean bytes also give everyday ideographs in the Japanese and Chinese
encodings, while those give hardly any Hangul."""
