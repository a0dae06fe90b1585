"""Records that rows describe in columns of their own: found or made before the rows are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from rapport.accounts.principals import Scope
from rapport.records import access
from rapport.records.imports.running.leftover import written_rows
from rapport.records.imports.running.limits import BROKEN
from rapport.records.imports.running.linking import write_links
from rapport.records.imports.running.matching import match
from rapport.records.imports.running.parsing import Parsed
from rapport.records.imports.running.plan import Plan
from rapport.records.imports.running.references import References
from rapport.records.imports.running.ruled import set_breakers_aside
from rapport.records.imports.running.side import set_side_apart, write_side
from rapport.records.imports.running.staging import Stage
from rapport.records.imports.running.writing import Writer
from rapport.records.kinds.base import Context, Kind
from rapport.records.kinds.rows import Rows
from rapport.records.store import ChangeInProgress

# A row that equals one above shares its fate: its target may be that row, which may have met a
# record, or may wait itself.
OUTCOMES = """
SELECT s.n, coalesce(above.verdict, s.verdict),
       CASE coalesce(above.verdict, s.verdict)
         WHEN '' THEN coalesce(above.id, s.id) ELSE coalesce(above.target, s.target) END,
       coalesce(above.candidates, s.candidates, '{}')
FROM stage AS s LEFT JOIN stage AS above ON s.verdict = 'same' AND above.id = s.target
"""


class Describing:
    """Takes one described part of the rows through the same steps as the rows themselves."""

    def __init__(
        self,
        kind: Kind,
        plan: Plan,
        run_id: UUID,
        context: Context,
        notes: Counter[str],
    ) -> None:
        self.kind = kind
        self.name = kind.name
        self.plan = plan
        self.policy: str = plan.policy
        self.context = context
        self.principal = context.principal
        self.run_id = run_id
        self.references = References(self.principal, plan.declaration, plan.lookups)
        self.references.notes = notes
        self.created = 0

    @property
    def made(self) -> int:
        """How many records were made so far."""
        return self.created + self.references.made

    def write(self, rows: Sequence[Parsed], made: ChangeInProgress) -> None:
        """Find or make the records and point the rows at them.

        A row whose record may be one of several waits for a person's word; one whose record can't
        be had goes without it, or fails where it must have it.
        """
        described = {
            row.number: row.described[self.name] for row in rows if self.name in row.described
        }
        if not described:
            return
        self.references.resolve(list(described.values()), made)
        good = [one for one in described.values() if not one.problem]
        outcomes = self._take(good, made)
        for row in rows:
            if row.number in described:
                self._point(row, described[row.number], outcomes)

    def _take(
        self, good: list[Parsed], made: ChangeInProgress
    ) -> dict[int, tuple[str, UUID, list[UUID]]]:
        declaration = self.plan.declaration
        set_side_apart(declaration, good)
        for one in good:
            one.own = declaration.model.derive(one.own, {})
        stage = Stage(declaration)
        columns = stage.fill(good)
        match(self.principal, declaration, self.policy, columns)
        self._set_aside()
        writer = Writer(self.principal, self.plan, self.run_id)
        writer.broken = set_breakers_aside(declaration, self.policy, good, self.context)
        self.created += writer.write(columns)
        for one in good:
            one.problem = writer.broken.get(one.number, "")
        targets = written_rows([one.number for one in good], self.plan.policy)
        write_links(self.references, declaration, good, targets, made)
        write_side(declaration, good, targets, self.plan.policy)
        with connection.cursor() as cursor:
            cursor.execute(OUTCOMES)
            outcomes = {n: (verdict, key, ids) for n, verdict, key, ids in cursor.fetchall()}
        stage.drop()
        return outcomes

    def _set_aside(self) -> None:
        """What would be new stays out where the principal may not make such records."""
        if access.scope(self.principal, self.plan.declaration, "create") == Scope.NONE:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE stage SET verdict = 'unmade' WHERE verdict = ''")

    def _point(
        self, row: Parsed, one: Parsed, outcomes: dict[int, tuple[str, UUID, list[UUID]]]
    ) -> None:
        verdict, key, candidates = outcomes.get(row.number, ("unmade", None, []))
        if verdict == "review":
            row.asked = (self.name, candidates)
        elif key is None or verdict in ("unmade", BROKEN):
            self._go_without(row, one.problem or self._unmade())
        elif isinstance(self.kind, Rows):
            row.beside.setdefault(self.name, []).append(self.kind.row_of(key, self.context))
        else:
            row.own |= self.kind.columns(key)
        row.left.update({f"{self.name}.{name}": why for name, why in one.left.items()})

    def _go_without(self, row: Parsed, why: str) -> None:
        if self.kind.required:
            row.problem = why
        else:
            row.left[self.name] = why

    def _unmade(self) -> str:
        label = self.plan.declaration.label
        return _("This %(object)s is not here, and you may not add one.") % {"object": label}


def about(kind: Kind) -> str:
    """Why a row waits that describes one of several records."""
    sentence = _(
        "%(field)s: the row may mean one of several records here. Say which, or a new one."
    )
    return sentence % {"field": kind.label}
