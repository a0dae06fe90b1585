"""Which rows of a page are shown in which tone: asked of the database, all in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Case, IntegerField, Q, Value, When

from rapport.records.conditions import Condition, ConditionError, ask
from rapport.records.declare import Object
from rapport.records.kinds.base import Context
from rapport.records.reading import Row
from rapport.records.views.definition import Colour


def tones_of(
    rows: Sequence[Row], colours: Sequence[Colour], declaration: type[Object], context: Context
) -> Mapping[UUID, str]:
    """The tone of each row that has one: of the first rule that holds.

    A rule that can't be asked colours nothing.
    """
    rules = [
        (one.tone, where)
        for one in colours
        if (where := _where(one.when, declaration, context)) is not None
    ]
    if not rows or not rules:
        return {}
    cases = [When(where, then=Value(number)) for number, (_tone, where) in enumerate(rules)]
    number = Case(*cases, default=None, output_field=IntegerField(null=True))
    found = declaration.model._default_manager.filter(pk__in=[row.id for row in rows])
    marked = found.annotate(_tone=number).values_list("pk", "_tone")
    return {key: rules[place][0] for key, place in marked if place is not None}


def _where(when: Condition, declaration: type[Object], context: Context) -> Q | None:
    try:
        # A condition without rules holds for all.
        return ask(when, declaration, context).where or Q(pk__isnull=False)
    except ConditionError:
        return None
