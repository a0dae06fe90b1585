"""The columns of a file as the mapping page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.records.imports.learnt import Learnt
from rapport.records.imports.mapping import Suggestion
from rapport.records.imports.remembered import Remembered
from rapport.records.imports.running.leftover import reason_of
from rapport.records.imports.running.parsing import Parsed, RowParser
from rapport.records.imports.running.plan import Plan, label_of, plan_of, row_part
from rapport.records.kinds.base import Context
from rapport.records.models import ImportRun
from rapport.ui.html import trusted

PREVIEWED = 6


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its values, where it goes, and why."""

    place: int
    name: str
    samples: str
    field: str
    suggested: str
    percent: int
    reason: str
    is_remembered: bool

    @property
    def needs_a_look(self) -> bool:
        """Whether a person should decide."""
        if self.is_remembered:
            return False
        return self.percent < 75 or not self.field


def columns_of(
    run: ImportRun, suggestions: Sequence[Suggestion], before: Remembered | None
) -> list[Column]:
    """All columns; those that need a look come first. What stands as it was chosen `before` for
    such a file says so."""
    chosen = {one["place"]: one["field"] for one in run.mapping}
    made = [
        Column(
            place,
            one.column,
            " · ".join(one.samples),
            chosen.get(place, ""),
            one.target or "",
            int(one.confidence * 100),
            _reason(one, before, place, chosen.get(place, "")),
            is_remembered=before is not None and before.chosen[place] == chosen.get(place, ""),
        )
        for place, one in enumerate(suggestions)
    ]
    return sorted(made, key=lambda column: (not column.needs_a_look, column.place))


def _reason(one: Suggestion, before: Remembered | None, place: int, field: str) -> str:
    if before is None or before.chosen[place] != field:
        return one.reason
    return _("As in %(file)s, the last time.") % {"file": before.filename}


@dataclass(frozen=True, slots=True)
class Landing:
    """A row as it would land; `fault` says why it would not, `left` what it would go without."""

    number: int
    cells: list[SafeString]
    fault: str
    left: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows as they would land."""

    heads: list[str]
    rows: list[Landing]


def preview(run: ImportRun, learnt: Learnt, context: Context) -> Preview:
    """Parsed values of the first rows, with the reason where one can't be taken."""
    plan = plan_of(run)
    parser = RowParser(plan, context)
    heads = [label_of(plan.declaration, name) for name in plan.fields]
    rows = []
    for number, cells, problem in learnt.peek(PREVIEWED):
        parsed = parser.parse(number, cells) if not problem else None
        gone = _("Deleted in the other program: left out.") if parser.is_gone(cells) else ""
        fault = problem or gone or (parsed.problem if parsed else "") or ""
        shown = _cells(plan, parsed, context) if parsed else []
        left = reason_of(plan.declaration, parsed.left) if parsed else ""
        rows.append(Landing(number, shown, fault, left))
    return Preview(heads, rows)


def _cells(plan: Plan, parsed: Parsed, context: Context) -> list[SafeString]:
    return [_cell(plan, parsed, name, context) for name in plan.fields]


def _cell(plan: Plan, parsed: Parsed, name: str, context: Context) -> SafeString:
    head, dot, rest = name.partition(".")
    if said := row_part(plan.declaration, name):
        row = next(iter(parsed.beside.get(head, ())), {})
        return trusted(escape(said.plain(row[rest], context) if row.get(rest) else ""))
    if dot or head in plan.described:
        one = parsed.described.get(head)
        part = plan.described[head]
        shown = rest or part.declaration.title
        return _cell(part, one, shown, context) if one else SafeString("")
    kind: Any = plan.declaration.fields[name]
    if name in parsed.references:
        return trusted(escape(parsed.references[name]))
    if name in parsed.links:
        return trusted(escape(", ".join(parsed.links[name])))
    if name in parsed.ways:
        return trusted(escape(kind.plain(parsed.ways[name], context)))
    paths = kind.paths
    if all(path in parsed.own for path in paths[:1]) and paths:
        loaded = kind.load([parsed.own.get(path) for path in paths])
        return trusted(escape(kind.plain(loaded, context)))
    written = (
        [str(value) for value in kind.columns("").keys() & parsed.own.keys()] if not paths else []
    )
    return trusted(escape(" ".join(str(parsed.own[column]) for column in written)))
