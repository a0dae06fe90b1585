"""Which measures formulas use: a row for each, and a job for what is new or gone."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from rapport.accounts.models import User
from rapport.accounts.principals import Principal, principal_of, service
from rapport.records import registry
from rapport.records.completeness import marks
from rapport.records.expressions.nodes import Node
from rapport.records.expressions.rollups import Spec, kinds_read
from rapport.records.jobs import enqueue
from rapport.records.kinds.base import Kind
from rapport.records.models import Cursor, Rollup

CURSOR = "rollups"
JOB = "count_rollups"


def settle(nodes: Iterable[Node], user: User | None) -> None:
    """Have a row for each measure that these formulas use and for no other.

    A job counts the new ones and takes the values of the others away.
    """
    wanted = {spec.id: spec for node in nodes for spec in node.stored}
    present = {row.pk: row for row in Rollup.objects.all()}
    gone = [present[key] for key in present.keys() - wanted.keys()]
    new = [wanted[key] for key in wanted.keys() - present.keys()]
    if not gone and not new:
        return
    if not present:
        # What was written while nothing was measured is counted, not followed.
        Cursor.objects.filter(name=CURSOR).delete()
    Rollup.objects.filter(pk__in=[row.pk for row in gone]).delete()
    Rollup.objects.bulk_create(
        Rollup(pk=one.id, object=one.object, definition=one.definition()) for one in new
    )
    enqueue(
        _asker(user), JOB, _("Count related records for formulas"),
        gone=[[row.object, row.pk.hex] for row in gone],
    )  # fmt: skip


def _asker(user: User | None) -> Principal:
    return principal_of(user) if user else service("formulas")


def spec_of(row: Rollup) -> Spec:
    """What a row measures. Raises TypeError for a definition of another release."""
    return Spec(row.object, **row.definition)


def in_order(rows: Iterable[Rollup]) -> list[Rollup]:
    """The rows, those first that others are measured of."""
    return sorted(rows, key=lambda row: depth(spec_of(row)))


def together(rows: Iterable[Rollup]) -> list[list[Rollup]]:
    """Rows in order that can be counted at once: of one object, none measured of another."""
    found: dict[tuple[int, str], list[Rollup]] = {}
    for row in rows:
        found.setdefault((depth(spec_of(row)), row.object), []).append(row)
    return [found[key] for key in sorted(found)]


def depth(spec: Spec) -> int:
    """How many measures lie one behind the other."""
    return 1 + max((depth(one) for one in _behind(spec)), default=0)


def _behind(spec: Spec) -> set[Spec]:
    if spec.is_mark or not is_there(spec):
        return set()
    return {one for kind in kinds_read(spec) for one in _stored_in(kind)}


def _stored_in(kind: Kind) -> frozenset[Spec]:
    node = getattr(kind, "node", None)
    return node.stored if isinstance(node, Node) else frozenset()


def is_there(spec: Spec) -> bool:
    """Whether what is measured is declared in this process."""
    if spec.is_mark:
        return marks.is_known(spec)
    try:
        return bool(spec.set)
    except LookupError:
        return False


def objects_of(spec: Spec) -> str:
    """The table whose records have the measure."""
    return registry.get(spec.object).model._meta.db_table
