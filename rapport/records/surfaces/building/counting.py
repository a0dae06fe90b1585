"""How many records a condition would show, as somebody builds it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import OperationalError, connection, transaction
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from psycopg.errors import QueryCanceled

from rapport.kit.formats import format_decimal
from rapport.records.conditions import sentence
from rapport.records.reading import Total
from rapport.records.reading import count as count_rows
from rapport.records.reading.counting import estimate
from rapport.records.surfaces.building.making import Made
from rapport.records.surfaces.listing.state import ListState
from rapport.ui.html import escaped, trusted

#: Longer than this nobody waits for a number while building.
PATIENCE = "SET LOCAL statement_timeout = '1500ms'"
NOTHING = SafeString("")


@dataclass(frozen=True, slots=True)
class Tally:
    """The number in words, the condition as a sentence, what is not counted, and the faults."""

    words: SafeString = NOTHING
    sentence: str = ""
    unfinished: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""

    @property
    def as_json(self) -> str:
        """The faults by part, for the script that puts them there."""
        return json.dumps(dict(self.faults))


def tally(state: ListState, made: Made) -> Tally:
    """Count the rows of a list whose condition was made of parts: one statement, for a while."""
    return Tally(
        _words(_counted(state), state),
        sentence(made.condition, state.declaration, state.context)
        if made.condition.parts
        else _("Every record. Add a rule to narrow the list."),
        ngettext(
            "%(n)d part is not finished and not counted yet.",
            "%(n)d parts are not finished and not counted yet.",
            made.unfinished,
        )
        % {"n": made.unfinished}
        if made.unfinished
        else "",
        made.faults,
    )


def _counted(state: ListState) -> Total:
    source = state.source()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(PATIENCE)
            return count_rows(source)
    except OperationalError as problem:
        if not isinstance(problem.__cause__, QueryCanceled):
            raise
    return Total(estimate(source), False)


def _words(total: Total, state: ListState) -> SafeString:
    declaration = state.declaration
    is_one = total.exact and total.value == 1
    label = declaration.label if is_one else declaration.label_plural
    places = {
        "n": escaped(format_decimal(total.value, state.context.language)),
        "objects": escaped(str(label).lower()),
    }
    if not total.exact:
        return trusted(_("about <b>%(n)s</b> %(objects)s match") % places)
    text = ngettext(
        "<b>%(n)s</b> %(objects)s matches", "<b>%(n)s</b> %(objects)s match", total.value
    )
    return trusted(text % places)
