"""Reads numbers, texts, names and marks off a formula, left to right."""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from rapport.records.expressions.errors import FormulaError, placed
from rapport.records.expressions.tree import LONGEST, Constant, Name
from rapport.records.kinds.base import is_storable

NUMBER = re.compile(r"\d{1,17}(?:\.\d{1,10})?")
WORD = re.compile(r"[^\W\d]\w*")
#: Longest first, since one may begin another.
MARKS = ("<=", ">=", "<>", "!=", "=", "<", ">", "+", "-", "*", "/", "&", "%")


class Scanner:
    """A place in a text that moves on as it is read."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise FormulaError(
                _("A formula can have %(most)d characters at most.") % {"most": LONGEST}
            )
        if not is_storable(text):
            raise FormulaError(_("The formula holds a character that can't be stored."))
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
        self.skip_blanks()
        if not self.text.startswith(mark, self.at):
            return False
        self.at += len(mark)
        return True

    def takes_word(self, word: str) -> bool:
        """Whether this word stands here, whatever its case; it is read if so."""
        self.skip_blanks()
        found = WORD.match(self.text, self.at)
        if found is None or found.group().casefold() != word:
            return False
        self.at = found.end()
        return True

    def mark(self) -> str:
        """The operator that stands here, not read; empty for none."""
        self.skip_blanks()
        return next((one for one in MARKS if self.text.startswith(one, self.at)), "")

    def number(self) -> Constant:
        """The number that begins here. Raises FormulaError."""
        start = self.at
        found = NUMBER.match(self.text, start)
        follows = self.text[found.end() : found.end() + 1] if found else ""
        if found is None or follows == "." or follows.isalnum() or follows == "_":
            raise self.problem(
                _("Write numbers like 1250.5, with at most 17 digits and 10 decimals."), start
            )
        self.at = found.end()
        return Constant(Decimal(found.group()), start)

    def quoted(self, mark: str = '"') -> str:
        """The text between two marks; the mark twice stands for itself. Raises FormulaError."""
        start = self.at
        made: list[str] = []
        self.at += 1
        while self.rest:
            if self.rest == mark:
                self.at += 1
                if self.rest != mark:
                    return "".join(made)
            made.append(self.rest)
            self.at += 1
        raise self.problem(_("The quotes that begin here don't end."), start)

    def name(self) -> Name | None:
        """A name or several with dots between; None for none. Raises FormulaError."""
        start, steps = self.at, []
        while step := self._step():
            steps.append(step)
            if self.rest != ".":
                break
            self.at += 1
        if steps and not step:
            raise self.problem(_("A name is missing behind the dot."), self.at)
        return Name(tuple(steps), start, self.at) if steps else None

    def _step(self) -> str:
        if self.rest == "[":
            end = self.text.find("]", self.at)
            if end < 0:
                raise self.problem(_("The bracket that begins here doesn't end."), self.at)
            found, self.at = self.text[self.at + 1 : end].strip(), end + 1
            return found
        match = WORD.match(self.text, self.at)
        if match is None:
            return ""
        self.at = match.end()
        return match.group()

    def until_closed(self) -> tuple[str, int, int]:
        """What stands up to the parenthesis that ends here, with its place; not the parenthesis."""
        self.skip_blanks()
        start, depth = self.at, 0
        while self.rest and not (self.rest == ")" and depth == 0):
            if self.rest == '"':
                self._pass_quoted()
                continue
            depth += {"(": 1, ")": -1}.get(self.rest, 0)
            self.at += 1
        text = self.text[start : self.at].rstrip()
        return text, start, start + len(text)

    def _pass_quoted(self) -> None:
        start = self.at
        self.at += 1
        while self.rest and self.rest != '"':
            self.at += 2 if self.rest == "\\" else 1
        if not self.rest:
            raise self.problem(_("The quotes that begin here don't end."), start)
        self.at += 1

    def problem(self, sentence: str, at: int) -> FormulaError:
        """An error that names the place."""
        return placed(sentence, self.text, at)
