"""What was typed into a list's search box: words to seek, and conditions among them."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from rapport.records.conditions.ground import Ground, ground_of
from rapport.records.conditions.text.naming import field_called, set_called, suggestion
from rapport.records.conditions.text.parsing import TextReader
from rapport.records.conditions.text.scanning import MARKS, Scanner
from rapport.records.conditions.text.shaping import as_group, simplified
from rapport.records.conditions.text.speaking import function_called
from rapport.records.conditions.tree import Condition, ConditionError, Group, check_size
from rapport.records.declare import Object
from rapport.records.kinds.base import Context

#: A name, a mark and right behind it a value; no address with a protocol.
NEARLY = re.compile(r"-?(\w{3,40})(?::(?!//)|[=<>~])\S")


def split_search(text: str, declaration: type[Object], context: Context) -> tuple[str, Group]:
    """The words, and the conditions that stand among them.

    Only what begins with a field, related records or a measure there is, and a mark, is a
    condition: `Re: hello` and `10:30` stay words. Raises ConditionError for a condition that
    can't be asked.
    """
    ground = ground_of(declaration, context.principal)
    if not any(mark in text for mark in (*MARKS, "(")):
        return text, Group()
    reader = _SearchReader(text, ground, context)
    found = as_group(reader.split())
    check_size(found)
    return " ".join(reader.free), found


class _SearchReader(TextReader):
    """Reads conditions where there are some, and takes all else as words."""

    def __init__(self, text: str, ground: Ground, context: Context) -> None:
        super().__init__(text, ground, context)
        self.free: list[str] = []

    def split(self) -> Condition:
        parts: list[Condition] = []
        while True:
            self.scan.skip_blanks()
            if not self.scan.rest:
                return simplified(Group(tuple(parts)))
            if self._begins():
                parts.append(self._alternatives())
            else:
                self.free.append(self._free_word())

    def _alternatives(self) -> Condition:
        """Conditions that stand together, perhaps with `or` and others behind."""
        sides = [self._run()]
        while True:
            before = self.scan.at
            if not (self._takes_word("or") and self._begins_next()):
                self.scan.at = before
                return Group(tuple(sides), "any") if len(sides) > 1 else sides[0]
            sides.append(self._run())

    def _run(self) -> Group:
        parts = [self.part()]
        while self._begins_after_and():
            parts.append(self.part())
        return Group(tuple(parts))

    def _begins_after_and(self) -> bool:
        before = self.scan.at
        self._takes_word("and")
        if self._begins_next():
            return True
        self.scan.at = before
        return False

    def _begins_next(self) -> bool:
        self.scan.skip_blanks()
        return self._begins()

    def _free_word(self) -> str:
        start = self.scan.at
        while self.scan.rest and not self.scan.rest.isspace():
            self.scan.at += 1
        word = self.scan.text[start : self.scan.at]
        self._check_spelling(word, start)
        return word

    def _check_spelling(self, word: str, start: int) -> None:
        """Raises ConditionError for what is nearly a condition: `ctiy:Madrid`."""
        found = NEARLY.match(word)
        if found and (hint := suggestion(found[1], self.ground, cutoff=0.75)):
            sentence = _("%(objects)s have no field “%(field)s”.") % {
                "objects": self.ground.label,
                "field": found[1][:60],
            }
            raise self.scan.problem(f"{sentence} {hint}", start, found[1][:60])

    def _begins(self) -> bool:
        """Whether a condition begins here; nothing is read."""
        ahead = Scanner(self.scan.text)
        ahead.at = self.scan.at
        while ahead.takes("-") or ahead.takes("(") or ahead.takes_word("not"):
            ahead.skip_blanks()
        try:
            path = ahead.path()
        except ConditionError:
            return False
        if not path:
            return False
        if ahead.rest == "(":
            return bool(function_called(path))
        head = path.split(".")[0]
        is_known = field_called(head, self.ground) or set_called(head, self.ground)
        return bool(is_known) and bool(ahead.mark()) and not ahead.text.startswith("//", ahead.at)
