"""What a formula would give for the records that were changed last, before it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import F
from django.utils.safestring import SafeString

from rapport.records import access
from rapport.records.declare import Object
from rapport.records.expressions.columns import currency_node
from rapport.records.expressions.looking import Value
from rapport.records.expressions.nodes import Node
from rapport.records.expressions.types import MONEY
from rapport.records.kinds.base import Context
from rapport.records.metadata.column import CUSTOM, FORMS
from rapport.records.metadata.formula_building import build_formula
from rapport.records.metadata.formulas import Book
from rapport.records.models import CustomField, Rollup
from rapport.records.rollups.counting import count_for
from rapport.records.rollups.present import depth

MOST = 4


@dataclass(frozen=True, slots=True)
class Example:
    """A record, its page, and what the formula gives for it."""

    title: str
    url: str
    shown: SafeString


def tried(
    row: CustomField, node: Node, declaration: type[Object], context: Context, book: Book
) -> Sequence[Example]:
    """The last changed records with their values; nothing where the reader may not read them.

    An administrator may use fields in a formula that only others read: trying shows him none.
    """
    kind = build_formula(row, node, book.setting.zone, book.reckoning)
    if not access.reads(kind, context.principal):
        return ()
    kind.bind(row.name or "formula", declaration)
    nodes = [node, *([currency_node(node)] if node.type.name == MONEY else [])]
    forms = [kind.form, "formulatext"]
    values = {
        f"_made_{number}": Value(one, kind.zone, F(CUSTOM), FORMS[forms[number]].field)
        for number, one in enumerate(nodes)
    }
    rows = access.rows(context.principal, declaration.name).order_by("-updated_at")
    try:
        with transaction.atomic():
            _count(node, list(rows.values_list("pk", flat=True)[:MOST]))
            found = list(rows.annotate(**values).values_list("pk", *values)[:MOST])
            transaction.set_rollback(bool(node.stored))
    except OperationalError:
        # Somebody is changing one of these records, or it takes too long for a page.
        return ()
    titles = access.titles(
        context.principal, [(declaration.name, pk) for pk, *_made in found], context.language
    )
    return [
        Example(titles[pk].text, titles[pk].url, kind.show(kind.load(made), context))
        for pk, *made in found
        if pk in titles
    ]


def _count(node: Node, ids: Sequence[UUID]) -> None:
    """Count the measures that nobody has counted yet, for these records."""
    known = set(Rollup.objects.filter(state=Rollup.State.READY).values_list("pk", flat=True))
    new = [spec for spec in node.stored if spec.id not in known]
    for spec in sorted(new, key=depth):
        count_for([spec], ids)
