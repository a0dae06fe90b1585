"""Conditions read from text. Nothing is tried twice: each character is looked at a few times."""

from __future__ import annotations

from django.utils.translation import gettext as _

from rapport.records.conditions.compile import Compiler
from rapport.records.conditions.ground import Ground, ground_in, ground_of
from rapport.records.conditions.text.naming import (
    field_called,
    ground_over,
    set_called,
    suggestion,
)
from rapport.records.conditions.text.scanning import Scanner, Word
from rapport.records.conditions.text.shaping import simplified
from rapport.records.conditions.text.speaking import function_called, period_called
from rapport.records.conditions.text.values import compared, listed, meant
from rapport.records.conditions.tree import (
    DEEPEST,
    OPERATORS,
    Changed,
    Condition,
    ConditionError,
    Group,
    Measure,
    Related,
    Rule,
    Was,
    check_size,
)
from rapport.records.declare import Object
from rapport.records.kinds.base import Context

NOTHING = Group()


def from_text(text: str, declaration: type[Object], context: Context) -> Condition:
    """The condition that a text says, in its plainest tree.

    Raises ConditionError with a sentence that names the character and, where it can, the repair.
    """
    reader = TextReader(text, ground_of(declaration, context.principal), context)
    found = reader.read_all()
    check_size(found)
    return found


class TextReader:
    """Reads one text; the ground changes as it goes into related records."""

    def __init__(self, text: str, ground: Ground, context: Context) -> None:
        self.scan = Scanner(text)
        self.ground = ground
        self.context = context
        self.depth = 0

    def read_all(self) -> Condition:
        """All of the text. Raises ConditionError."""
        found = self._either()
        if self.scan.rest:
            raise self.scan.problem(_("This has no place here."), self.scan.at)
        return simplified(found)

    # Groups ----------------------------------------------------------------------------------

    def _either(self) -> Condition:
        """Parts with `or` between; what has nothing between binds closer."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.scan.problem(_("These conditions are nested too deeply."), self.scan.at)
        sides = [self._together()]
        while self._takes_word("or"):
            sides.append(self._together())
        self.depth -= 1
        if len(sides) > 1 and NOTHING in sides:
            raise self.scan.problem(_("“or” needs a condition on both sides."), self.scan.at)
        return Group(tuple(sides), "any") if len(sides) > 1 else sides[0]

    def _together(self) -> Group:
        parts = []
        while not self._is_at_end():
            parts.append(self.part())
            self._takes_word("and")
        return Group(tuple(parts))

    def _is_at_end(self) -> bool:
        self.scan.skip_blanks()
        if not self.scan.rest or self.scan.rest in "),":
            return True
        before = self.scan.at
        is_or = self.scan.takes_word("or")
        self.scan.at = before
        return is_or

    def _takes_word(self, word: str) -> bool:
        self.scan.skip_blanks()
        return self.scan.takes_word(word)

    def part(self) -> Condition:
        """One condition, or several in parentheses, perhaps refused."""
        if self.scan.takes("-") or self.scan.takes_word("not"):
            return self._refused()
        if self.scan.rest == "(":
            return self._in_parentheses()
        return self._single()

    def _refused(self) -> Condition:
        self.scan.skip_blanks()
        is_group = self.scan.rest == "("
        self._deeper()
        found = self.part()
        self.depth -= 1
        if isinstance(found, Related) and found.has == "any" and not is_group:
            return Related(found.related, found.where, "none")
        return Group((found,), "none")

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.scan.problem(_("These conditions are nested too deeply."), self.scan.at)

    def _in_parentheses(self) -> Condition:
        start = self.scan.at
        self.scan.takes("(")
        found = self._either()
        self._close(start)
        return found

    def _close(self, start: int) -> None:
        self.scan.skip_blanks()
        if not self.scan.takes(")"):
            raise self.scan.problem(_("The parenthesis that begins here doesn't end."), start)

    # Single conditions -----------------------------------------------------------------------

    def _single(self) -> Condition:
        start = self.scan.at
        path = self.scan.path()
        if not path:
            raise self.scan.problem(_("A condition begins with a field, like city:Madrid."), start)
        if self.scan.rest == "(" and (function := function_called(path)):
            return self._function(function, start)
        mark = self.scan.mark()
        if not mark:
            raise self.scan.problem(
                _("“%(word)s” says nothing of a field. Write it like city:Madrid.")
                % {"word": path[:40]},
                start,
            )
        if mark == ":" and self.scan.rest == "(":
            return self._related(path, start)
        return self._rule(path, mark, start)

    def _rule(self, path: str, mark: str, start: int) -> Condition:
        steps, name, op = self._resolved(path, start)
        ground = self._over(steps, start)
        kind = ground.field(name)
        before = self.scan.at
        words, has_comma = self.scan.words()
        if not words and not has_comma:
            raise self.scan.problem(_("A value is missing."), before, name)
        field = ".".join((*steps, name))
        if op:
            made: Condition = Rule(field, op, listed(op, words, has_comma))
        else:
            made = meant(field, kind, mark, words, has_comma)
        is_asked_well = isinstance(made, Rule) and kind is not None and made.op in kind.operators
        self._check(made, before if is_asked_well else start)
        return made

    def _resolved(self, path: str, start: int) -> tuple[list[str], str, str]:
        """The related records on the way, the field, and an operator that is named after it."""
        *before, last = path.split(".")
        op = ""
        if before and last in OPERATORS and not self._is_field(before, last):
            op, last = last, before.pop()
        steps, ground = self._steps(before, start)
        name = field_called(last, ground)
        if not name:
            raise self._unknown(path, last, ground, start)
        return steps, name, op

    def _is_field(self, before: list[str], last: str) -> bool:
        ground = self.ground
        for step in before:
            found = ground.related(set_called(step, ground))
            if found is None:
                return False
            ground = ground_in(found, self.context.principal)
        return bool(field_called(last, ground))

    def _steps(self, names: list[str], start: int) -> tuple[list[str], Ground]:
        """The related records that names lead over. Raises ConditionError."""
        ground, steps = self.ground, []
        for name in names:
            found = ground.related(step := set_called(name, ground))
            if found is None:
                raise self._unknown(".".join(names), name, ground, start)
            steps.append(step)
            ground = ground_in(found, self.context.principal)
        return steps, ground

    def _over(self, steps: list[str], start: int) -> Ground:
        ground = ground_over(steps, self.ground, self.context.principal)
        if ground is None:
            raise self._unknown(".".join(steps), steps[0], self.ground, start)
        return ground

    def _unknown(self, path: str, name: str, ground: Ground, start: int) -> ConditionError:
        sentence = _("%(objects)s have no field “%(field)s”.") % {
            "objects": ground.label,
            "field": path[:60],
        }
        hint = suggestion(name, ground)
        return self.scan.problem(f"{sentence} {hint}" if hint else sentence, start, path[:60])

    def _check(self, condition: Condition, start: int) -> None:
        """Whether it can be asked at all, while it is known where it stands."""
        ground = self.ground
        if isinstance(condition, Rule) and ground.beyond:
            head = condition.field.partition(".")[0]
            ground = ground if head in ground.fields else ground.beyond
        elif ground.beyond:
            ground = ground.beyond
        try:
            Compiler(self.context).ask(condition, ground)
        except ConditionError as problem:
            raise self.scan.problem(str(problem), start, problem.field) from None

    # What is related -------------------------------------------------------------------------

    def _related(self, path: str, start: int) -> Related:
        steps, ground = self._steps(path.split("."), start)
        where = self._inside(ground, self.scan.at)
        return Related(".".join(steps), where)

    def _inside(self, ground: Ground, start: int) -> Condition:
        """Conditions in parentheses about related records."""
        before, self.ground = self.ground, ground
        found = self._in_parentheses()
        self.ground = before
        return simplified(found)

    # Functions -------------------------------------------------------------------------------

    def _function(self, name: str, start: int) -> Condition:
        inside = self.scan.at
        self.scan.takes("(")
        self.scan.skip_blanks()
        made: Condition
        if name == "changed":
            made = self._changed(inside)
        elif name == "was":
            made = self._was(inside)
        else:
            return self._measure(name, inside, start)
        self._check(made, start)
        return made

    def _measure(self, measure: str, inside: int, start: int) -> Measure:
        steps, of, ground = self._measured(measure)
        where: Condition = NOTHING
        if self._takes_word("where"):
            before, self.ground = self.ground, ground
            where = simplified(self._either())
            self.ground = before
        self._close(inside)
        place = self.scan.at
        mark = self.scan.mark()
        words, has_comma = self.scan.words() if mark else ([], False)
        if len(words) != 1 or has_comma:
            raise self.scan.problem(
                _("Compare it with one value, like %(measure)s(…)>10.") % {"measure": measure},
                place,
            )
        op, value = compared(mark, words[0])
        made = Measure(".".join(steps), measure, op, value, of, where)
        self._check(made, start)
        return made

    def _measured(self, measure: str) -> tuple[list[str], str, Ground]:
        """The related records, the field of them that is measured, and their ground."""
        start = self.scan.at
        names = self.scan.path().split(".")
        if not names[0]:
            raise self.scan.problem(
                _("Say of what, like %(measure)s(deals).") % {"measure": measure}, start
            )
        if measure != "count" and len(names) > 1:
            steps, ground = self._steps(names[:-1], start)
            if of := field_called(names[-1], ground):
                return steps, of, ground
        steps, ground = self._steps(names, start)
        return steps, "", ground

    def _changed(self, inside: int) -> Changed:
        name = self._field_here()
        sides: dict[str, list[str] | str] = {}
        for side in ("from", "to"):
            if self._takes_word(side):
                sides[side] = self._value()
        when = self._period()
        self.scan.skip_blanks()
        if self.scan.rest not in ("", ")"):
            example = "changed(stage from proposal to won during last_30_days)"
            raise self.scan.problem(
                _("Write it like %(example)s.") % {"example": example}, self.scan.at
            )
        self._close(inside)
        return Changed(name, when, sides.get("from"), sides.get("to"))

    def _was(self, inside: int) -> Was:
        start = self.scan.at
        rule = self._single()
        when = self._period()
        self._close(inside)
        if not isinstance(rule, Rule):
            raise self.scan.problem(_("“was” takes a rule with a field."), start)
        return Was(rule, when)

    def _field_here(self) -> str:
        start = self.scan.at
        path = self.scan.path()
        name = field_called(path, self.ground) if path else ""
        if not name:
            raise self._unknown(path, path, self.ground, start)
        return name

    def _value(self) -> list[str] | str:
        self.scan.skip_blanks()
        before = self.scan.at
        words, has_comma = self.scan.words()
        if not words:
            raise self.scan.problem(_("A value is missing."), before)
        texts = [word.text for word in words]
        return texts if has_comma else texts[0]

    def _period(self) -> str:
        if not self._takes_word("during"):
            return ""
        self.scan.skip_blanks()
        word = self.scan.word() or Word("")
        return period_called(word.text)
