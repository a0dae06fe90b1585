"""Column names without their dress: case, accents, punctuation, camel case, tool prefixes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

CAMEL = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")
WORD = re.compile(r"[^\W_]+")
LETTERS_DIGITS = re.compile(r"^([^\W\d_]{2,})(\d{1,2})$")
CUSTOM = re.compile(r"(?<=[^\W_])__?c$", re.IGNORECASE)
COPIED = re.compile(r"^property_(?:hs_)?(?=.)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """A column name, taken apart."""

    text: str
    words: tuple[str, ...]
    number: int = 0
    """The number in the name, as in “Phone 2”; 0 without one."""
    custom: bool = False
    """Whether Salesforce marks it as a field that its user added."""

    @property
    def key(self) -> str:
        """All of it in one piece: “E-mail 1 - Value” is email1value."""
        return "".join(self.words)

    @property
    def stem(self) -> str:
        """The same without the number."""
        return "".join(word for word in self.words if not word.isdecimal())

    @property
    def stem_words(self) -> tuple[str, ...]:
        return tuple(word for word in self.words if not word.isdecimal())


@lru_cache(maxsize=4096)
def heading(text: str) -> Heading:
    """The column name `text`, taken apart."""
    custom = bool(CUSTOM.search(text.strip()))
    bare = COPIED.sub("", CUSTOM.sub("", text.strip()))
    words: list[str] = []
    for word in WORD.findall(plain(CAMEL.sub(" ", bare))):
        parted = LETTERS_DIGITS.match(word)
        words += parted.groups() if parted else [word]
    numbers = [int(word) for word in words if word.isdecimal() and len(word) < 3]
    return Heading(text, tuple(joined(words)), numbers[0] if numbers else 0, custom)


def joined(words: list[str]) -> list[str]:
    """The same words, with “e mail” as one."""
    found: list[str] = []
    for word in words:
        if found and found[-1] == "e" and word in ("mail", "mails"):
            found[-1] = f"e{word}"
        else:
            found.append(word)
    return found


def plain(text: str) -> str:
    """Small letters without accents; ß becomes ss."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def key(text: str) -> str:
    """The name in one piece, for comparison."""
    return heading(text).key


def word_set(text: str) -> frozenset[str]:
    """The words of a text, for tables that are read more often than they are written."""
    return frozenset(text.split())
