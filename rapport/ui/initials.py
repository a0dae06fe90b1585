"""Initials of a name, as people write them in their own script."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_ARABIC_ARTICLE = "ال"
_UNKNOWN = "?"


# A list shows the same owners and companies in row after row.
@lru_cache(maxsize=4096)
def initials(name: str, org: bool = False) -> str:
    """Return one to three characters for an avatar.

    First and last word for people, the first two for organisations. Scripts without capitals
    whose single words are short names (Chinese, Japanese, Korean) give two characters. Arabic
    letters are kept apart, since joined they would read as a word.
    """
    words = _words(name)
    if not words:
        return _UNKNOWN
    if len(words) == 1:
        return "".join(list(_letters(words[0]))[:2])
    chosen = (words[0], words[1] if org else words[-1])
    first, second = (next(_letters(_without_article(word))) for word in chosen)
    between = " " if _script(first) == "ARABIC" else ""
    return first + between + second


def _words(name: str) -> list[str]:
    # Composed, so that a letter and its accent count as one.
    words = unicodedata.normalize("NFC", name).replace(".", ". ").split()
    words = [word for word in words if any(character.isalnum() for character in word)]
    # Particles (de, van, del) are small and stand between names; a name all in small letters stays.
    named = [word for word in words if not word.islower()]
    return named or words


def _letters(word: str) -> Iterator[str]:
    """Yield the word's letters and digits, capital, each with the marks that follow it."""
    letter = ""
    for character in word:
        if letter and unicodedata.combining(character):
            letter += character
            continue
        if letter:
            yield letter
        letter = _capital(character) if character.isalnum() else ""
    if letter:
        yield letter


def _capital(character: str) -> str:
    capital = character.upper()
    return capital if len(capital) == 1 else character


def _without_article(word: str) -> str:
    has_article = word.startswith(_ARABIC_ARTICLE) and len(word) > len(_ARABIC_ARTICLE) + 1
    return word.removeprefix(_ARABIC_ARTICLE) if has_article else word


def _script(character: str) -> str:
    return unicodedata.name(character[0], "").partition(" ")[0]
