"""What was typed, as the queries that find it: which words a document must have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

#: Words that count; more are passed over.
MOST_WORDS = 8
#: Letters from which a word is sought in all text, and within other words.
LETTERS = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A search: as it was typed, and the words that the database takes it apart into."""

    typed: str
    words: tuple[str, ...]

    @property
    def is_short(self) -> bool:
        """Whether so little was typed that only beginnings of names can be meant."""
        return self.typed.isascii() and sum(map(len, self.words)) < LETTERS

    def named(self, object: str) -> str:
        """Documents in whose name every word begins one."""
        return _every([_begins(object, "=", word)] for word in self.words)

    def whole(self, object: str) -> str:
        """Documents in whose name every word stands as it is."""
        return _every([_is(object, "=", word)] for word in self.words)

    def told(self, object: str) -> str:
        """Documents in which every word begins one, be it in the name or elsewhere."""
        return _every(
            [_begins(object, "=", word), _begins(object, "-", word)] for word in self.words
        )

    def told_whole(self, object: str) -> str:
        """Documents in which every word stands as it is, somewhere."""
        return _every([_is(object, "=", word), _is(object, "-", word)] for word in self.words)


@dataclass(frozen=True, slots=True)
class Widened:
    """A search in which words may stand for others, by the typed ones."""

    asked: Asked
    others: Mapping[str, Sequence[str]]

    def named(self, object: str) -> str:
        """Documents whose name has every word, or one that it may stand for."""
        return _every(self._any(object, word, "=") for word in self.asked.words)

    def told(self, object: str) -> str:
        """The same wherever in the document."""
        return _every(self._any(object, word, "=-") for word in self.asked.words)

    def _any(self, object: str, word: str, marks: str) -> list[str]:
        others = self.others.get(word, ())
        begins = [_begins(object, mark, word) for mark in marks]
        return begins + [_is(object, mark, one) for mark in marks for one in others]


def _every(words: Iterable[Sequence[str]]) -> str:
    return " & ".join(f"({' | '.join(one)})" for one in words)


def _begins(object: str, mark: str, word: str) -> str:
    return f"{_is(object, mark, word)}:*"


def _is(object: str, mark: str, word: str) -> str:
    text = f"{object}{mark}{word}".replace("\\", "\\\\").replace("'", "''")
    return f"'{text}'"
