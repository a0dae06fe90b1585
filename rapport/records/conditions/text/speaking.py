"""The words of a written condition in the reader's language, beside the English ones.

A translation may offer several words with `|` between. Case, accents and the sort of blank don't
matter: `Últimos-30-días` and `ultimos_30_dias` are one. What is read is always the English word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from django.utils.translation import get_language, pgettext_lazy

from rapport.records.kinds.periods import NAMED, is_period, period_words

KEYWORDS = {
    "or": pgettext_lazy("written condition", "or"),
    "and": pgettext_lazy("written condition", "and"),
    "not": pgettext_lazy("written condition", "not"),
    "where": pgettext_lazy("written condition", "where"),
    "during": pgettext_lazy("written condition", "during"),
    "from": pgettext_lazy("written condition", "from"),
    "to": pgettext_lazy("written condition", "to"),
}
FUNCTIONS = {
    "count": pgettext_lazy("written condition", "count"),
    "sum": pgettext_lazy("written condition", "sum"),
    "average": pgettext_lazy("written condition", "average"),
    "min": pgettext_lazy("written condition", "min"),
    "max": pgettext_lazy("written condition", "max"),
    "latest": pgettext_lazy("written condition", "latest"),
    "earliest": pgettext_lazy("written condition", "earliest"),
    "changed": pgettext_lazy("written condition", "changed"),
    "was": pgettext_lazy("written condition", "was"),
}
STATES = {
    "empty": pgettext_lazy("written condition", "empty"),
    "filled": pgettext_lazy("written condition", "filled"),
}
WHO = {
    "me": pgettext_lazy("written condition", "me"),
    "my_team": pgettext_lazy("written condition", "my_team"),
}
COUNTED = [f"{side}_2_{unit}s" for side in ("last", "next") for unit in ("day", "week", "month")]
ARTICLE = re.compile(r"^(?:the|el|la|los|las)_")


def spoken(word: str) -> frozenset[str]:
    """How a keyword may be written, the English way among them."""
    return _alternatives(get_language() or "en").get(word, frozenset({word}))


def function_called(text: str) -> str:
    """The function of that name, English or not; empty for none."""
    return _meant(text, FUNCTIONS)


def state_called(text: str) -> str:
    """`empty` or `filled`; empty for any other word."""
    return _meant(text, STATES)


def who_called(text: str) -> str:
    """`me` or `my_team`, where the text is one of them; else the text."""
    return _meant(text, WHO) or text


def period_called(text: str) -> str:
    """The period as conditions keep it, where the text names one; else the text."""
    if is_period(text):
        return text
    plain = ARTICLE.sub("", plain_word(text))
    named, counted = _periods(get_language() or "en")
    if plain in named:
        return named[plain]
    for pattern, word in counted:
        if found := pattern.fullmatch(plain):
            return word.replace("_2_", f"_{int(found[1])}_")
    return text


def plain_word(text: str) -> str:
    """A word as it is compared: small, without accents, with `_` for what parts it."""
    letters = unicodedata.normalize("NFKD", text.strip().casefold())
    return re.sub(
        r"[\s_-]+", "_", "".join(one for one in letters if not unicodedata.combining(one))
    )


def _meant(text: str, words: Mapping[str, object]) -> str:
    plain = plain_word(text)
    return next((word for word in words if plain in spoken(word)), "")


@lru_cache(maxsize=16)
def _alternatives(_language: str) -> Mapping[str, frozenset[str]]:
    every = {**KEYWORDS, **FUNCTIONS, **STATES, **WHO}
    return {
        word: frozenset({word, *map(plain_word, str(said).split("|"))})
        for word, said in every.items()
    }


@lru_cache(maxsize=16)
def _periods(language: str) -> tuple[Mapping[str, str], list[tuple[re.Pattern[str], str]]]:
    named = {ARTICLE.sub("", plain_word(str(label))): word for word, label in NAMED.items()}
    counted = []
    for word in COUNTED:
        said = ARTICLE.sub("", plain_word(period_words(word, language)))
        counted.append((re.compile(said.replace("2", r"(\d{1,4})")), word))
    return named, counted
