"""Formulas read from text. Nothing is tried twice: each character is looked at a few times."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from rapport.records.expressions.scanning import Scanner
from rapport.records.expressions.tree import (
    DEEPEST,
    MEASURES,
    MOST_PARTS,
    Call,
    Constant,
    Name,
    Part,
    Rollup,
)

#: What binds two sides, the loosest first; each with the function it stands for.
LEVELS: tuple[dict[str, str], ...] = (
    {"=": "equal", "<>": "unequal", "!=": "unequal", "<": "less", "<=": "at_most",
     ">": "more", ">=": "at_least"},
    {"&": "concat"},
    {"+": "add", "-": "subtract"},
    {"*": "multiply", "/": "divide"},
)  # fmt: skip
WORDS = {"true": True, "false": False, "blank": None}


def parse(text: str) -> Part:
    """The formula that a text says. Raises FormulaError with the character and the repair."""
    return _Reader(text).read_all()


class _Reader:
    """Reads one text."""

    def __init__(self, text: str) -> None:
        self.scan = Scanner(text)
        self.depth = 0
        self.parts = 0

    def read_all(self) -> Part:
        # A spreadsheet's formula begins so; what is pasted from one works.
        self.scan.takes("=")
        found = self._any()
        self.scan.skip_blanks()
        if self.scan.rest:
            raise self.scan.problem(self._surplus(), self.scan.at)
        return found

    def _surplus(self) -> str:
        match self.scan.rest:
            case ")":
                return _("This parenthesis closes nothing.")
            case "," | ";":
                return _("A comma only stands between the values of a function.")
        return _("An operator such as + or & is missing here.")

    # Operators -------------------------------------------------------------------------------

    def _any(self) -> Part:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.scan.problem(_("The formula is nested too deeply."), self.scan.at)
        found = self._either()
        self.depth -= 1
        return found

    def _either(self) -> Part:
        return self._joined("or", self._both)

    def _both(self) -> Part:
        return self._joined("and", self._refused)

    def _joined(self, word: str, side: Callable[[], Part]) -> Part:
        found = side()
        self.scan.skip_blanks()
        at = self.scan.at
        while self.scan.takes_word(word):
            found = self._call(word, (found, side()), at)
            self.scan.skip_blanks()
            at = self.scan.at
        return found

    def _refused(self) -> Part:
        self.scan.skip_blanks()
        start = self.scan.at
        if self._begins_call() or not self.scan.takes_word("not"):
            return self._level(0)
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.scan.problem(_("The formula is nested too deeply."), start)
        found = self._call("not", (self._refused(),), start)
        self.depth -= 1
        return found

    def _begins_call(self) -> bool:
        """Whether a word with a parenthesis right behind it stands here."""
        before = self.scan.at
        is_call = self.scan.name() is not None and self.scan.takes("(")
        self.scan.at = before
        return is_call

    def _level(self, number: int) -> Part:
        if number == len(LEVELS):
            return self._signed()
        found = self._level(number + 1)
        while (mark := self.scan.mark()) in LEVELS[number]:
            at = self.scan.at
            self.scan.takes(mark)
            found = self._call(LEVELS[number][mark], (found, self._level(number + 1)), at)
        return found

    def _signed(self) -> Part:
        signs = []
        while self.scan.mark() in ("-", "+"):
            signs.append((self.scan.mark(), self.scan.at))
            self.scan.takes(signs[-1][0])
            if len(signs) > DEEPEST:
                raise self.scan.problem(_("The formula is nested too deeply."), self.scan.at)
        found = self._single()
        while self.scan.mark() == "%":
            at = self.scan.at
            self.scan.takes("%")
            found = self._call("percent", (found,), at)
        for sign, at in reversed(signs):
            found = self._call("negative", (found,), at) if sign == "-" else found
        return found

    def _call(self, function: str, arguments: tuple[Part, ...], at: int) -> Call:
        self._count(at)
        return Call(function, arguments, at)

    def _count(self, at: int) -> None:
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise self.scan.problem(
                _("A formula can have %(most)d parts at most.") % {"most": MOST_PARTS}, at
            )

    # Values ----------------------------------------------------------------------------------

    def _single(self) -> Part:
        self.scan.skip_blanks()
        start, rest = self.scan.at, self.scan.rest
        self._count(start)
        if rest.isdecimal() and rest.isascii():
            return self.scan.number()
        if rest == '"':
            return Constant(self.scan.quoted(), start)
        if rest == "'":
            return Constant(self.scan.quoted("'"), start)
        if rest == "(":
            return self._in_parentheses(start)
        name = self.scan.name()
        if name is None:
            raise self.scan.problem(_("A value is missing: a field, a number or a text."), start)
        before = self.scan.at
        if self.scan.takes("("):
            return self._function(name, before)
        word = name.steps[0].casefold()
        if len(name.steps) == 1 and word in WORDS and self.scan.text[start] != "[":
            return Constant(WORDS[word], start)
        return name

    def _in_parentheses(self, start: int) -> Part:
        self.scan.takes("(")
        found = self._any()
        self._close(start)
        return found

    def _close(self, start: int) -> None:
        if not self.scan.takes(")"):
            raise self.scan.problem(
                _("The parenthesis that begins at character %(n)d doesn't end.") % {"n": start + 1},
                self.scan.at,
            )

    def _function(self, name: Name, opened: int) -> Part:
        function = name.steps[0].casefold()
        if len(name.steps) > 1:
            raise self.scan.problem(_("No function has a dot in its name."), name.at)
        arguments: list[Part] = []
        while not self.scan.takes(")"):
            if arguments and not (self.scan.takes(",") or self.scan.takes(";")):
                self._close(opened)
            arguments.append(self._any())
            if function in MEASURES and len(arguments) == 1 and self.scan.takes_word("where"):
                return self._rollup(function, arguments[0], name, opened)
        if function == "blank" and not arguments:
            return Constant(None, name.at)
        return Call(function, tuple(arguments), name.at)

    def _rollup(self, measure: str, of: Part, name: Name, opened: int) -> Rollup:
        if not isinstance(of, Name):
            raise self.scan.problem(
                _("“where” follows related records, like %(measure)s(deals where …).")
                % {"measure": measure},
                name.at,
            )
        where, at, end = self.scan.until_closed()
        self._close(opened)
        if not where:
            raise self.scan.problem(_("A condition is missing behind “where”."), at)
        return Rollup(measure, of, where, name.at, at, end)
