"""Reads names, marks and values off a condition as people write it, left to right."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from rapport.records.conditions.text.speaking import plain_word, spoken
from rapport.records.conditions.tree import ConditionError

#: Longest first, since one may begin another.
MARKS = (">=", "<=", "!=", ":", "=", ">", "<", "~")
ENDS = frozenset('(),"')
LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Word:
    """A value as it was written; quotes make it stand for nothing but itself."""

    text: str
    is_quoted: bool = False
    #: Whether a star followed: what begins so.
    is_open: bool = False


class Scanner:
    """A place in a text that moves on as it is read."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise ConditionError(
                _("A condition can have %(most)d characters at most.") % {"most": LONGEST}
            )
        self.text = text
        self.at = 0

    @property
    def rest(self) -> str:
        """The next character, or nothing at the end."""
        return self.text[self.at : self.at + 1]

    def skip_blanks(self) -> None:
        """Move on to what is written next."""
        while self.rest.isspace():
            self.at += 1

    def takes(self, mark: str) -> bool:
        """Whether `mark` stands here; it is read if so."""
        if not self.text.startswith(mark, self.at):
            return False
        self.at += len(mark)
        return True

    def takes_word(self, word: str) -> bool:
        """Whether `word` stands here alone, whatever its case and in the reader's language or in
        English; it is read if so."""
        return any(self._takes_alone(one) for one in spoken(word))

    def _takes_alone(self, word: str) -> bool:
        end = self.at + len(word)
        if plain_word(self.text[self.at : end]) != word:
            return False
        if end < len(self.text) and not (self.text[end].isspace() or self.text[end] == "("):
            return False
        self.at = end
        return True

    def mark(self) -> str:
        """The comparison that stands here, read; empty for none."""
        return next((mark for mark in MARKS if self.takes(mark)), "")

    def path(self) -> str:
        """A name or several with dots between, each plain or in quotes; empty for none."""
        start, steps = self.at, []
        while step := self._step():
            steps.append(step)
            if not (self.rest == "." and self._may_begin(self.at + 1)):
                return ".".join(steps)
            self.at += 1
        self.at = start
        return ""

    def _may_begin(self, at: int) -> bool:
        following = self.text[at : at + 1]
        return following.isalpha() or following in ('"', "_")

    def _step(self) -> str:
        if self.rest == '"':
            # A dot would part it.
            return self._quoted().replace(".", " ")
        start = self.at
        if not self._may_begin(start):
            return ""
        while self.rest.isalnum() or (self.rest and self.rest in "_-"):
            self.at += 1
        return self.text[start : self.at]

    def words(self) -> tuple[list[Word], bool]:
        """Values with commas between, and whether there was a comma."""
        found, has_comma = [], False
        while word := self.word():
            found.append(word)
            if not self.takes(","):
                return found, has_comma
            has_comma = True
        return found, has_comma or (not found and self.takes(","))

    def word(self) -> Word | None:
        """One value, plain up to a blank or a mark that ends it, or in quotes."""
        if self.rest == '"':
            return Word(self._quoted(), is_quoted=True, is_open=self.takes("*"))
        start = self.at
        while self.rest and not self.rest.isspace() and self.rest not in ENDS:
            self.at += 1
        text = self.text[start : self.at]
        if len(text) > 1 and text.endswith("*"):
            return Word(text[:-1], is_open=True)
        return Word(text) if text else None

    def _quoted(self) -> str:
        start, made = self.at, []
        self.at += 1
        while self.rest and self.rest != '"':
            self.at += self.rest == "\\" and self.at + 1 < len(self.text)
            made.append(self.rest)
            self.at += 1
        if not self.takes('"'):
            raise self.problem(_("The quotes that begin here don't end."), start)
        return "".join(made)

    def problem(self, sentence: str, at: int, field: str = "") -> ConditionError:
        """An error that names the place."""
        here = self.text[at : at + 20].strip()
        where = (
            _("Look at character %(n)d: “%(text)s”.") % {"n": at + 1, "text": here}
            if here
            else _("The text ends there.")
        )
        return ConditionError(f"{sentence} {where}", field, character=at, sentence=sentence)


def quoted(text: str) -> str:
    """The text in quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
