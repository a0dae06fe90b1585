"""Columns that say which record a row is, or that it is none any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.imports.mapping import Suggestion
from rapport.records.imports.mapping.headings import key
from rapport.records.imports.running.parsing import YES
from rapport.records.imports.running.plan import GONE, RECORD_ID

NO = frozenset({"false", "0", "no", "n", "f"})
GONE_NAMES = frozenset({"isdeleted", "deleted", "fivetrandeleted"})
LEFT_TO_KEYS = (None, "external_id")


def with_record_id(
    principal: Principal,
    name: str,
    suggestions: list[Suggestion],
    samples: Sequence[Sequence[str]],
    *,
    keeps_keys: bool = False,
) -> list[Suggestion]:
    """The suggestions, with the first column that holds keys of our own records going to those.

    The values alone say it: another program's keys are in no column of ours. Where records move
    in with their keys, the first column of keys has them.
    """
    for place, (one, values) in enumerate(zip(suggestions, samples, strict=True)):
        keys = _keys(values) if one.target in LEFT_TO_KEYS else []
        if keys and keeps_keys:
            reason = _("It holds the keys of the records in the other Rapport.")
            found = replace(one, target=RECORD_ID, confidence=0.99, reason=reason)
            return [*suggestions[:place], found, *suggestions[place + 1 :]]
        if keys and access.rows(principal, name).filter(pk__in=keys).exists():
            reason = _("It holds the keys of records that are here.")
            found = replace(one, target=RECORD_ID, confidence=0.99, reason=reason)
            return [*suggestions[:place], found, *suggestions[place + 1 :]]
    return suggestions


def with_gone(
    suggestions: Sequence[Suggestion], samples: Sequence[Sequence[str]]
) -> list[Suggestion]:
    """The suggestions, with columns that say whether the other program has deleted a record going
    there: nobody wants back what was thrown away."""
    return [
        replace(one, target=GONE, confidence=0.99, reason=_("Rows deleted there stay out."))
        if says_gone(one.column, values) and one.target is None
        else one
        for one, values in zip(suggestions, samples, strict=True)
    ]


def says_gone(column: str, values: Sequence[str]) -> bool:
    """Whether a column of this name and these values says that records were deleted."""
    return key(column) in GONE_NAMES and {value.strip().casefold() for value in values} <= YES | NO


def gone_places(columns: Sequence[str], samples: Sequence[Sequence[str]]) -> list[int]:
    """Where the columns stand that say that a record was deleted."""
    pairs = enumerate(zip(columns, samples, strict=True))
    return [place for place, (column, values) in pairs if says_gone(column, values)]


def is_gone(cells: Sequence[str], places: Sequence[int]) -> bool:
    """Whether the other program has deleted the record of a row."""
    return any(cells[place].strip().casefold() in YES for place in places)


def _keys(values: Sequence[str]) -> list[UUID]:
    """The values as keys, or nothing where one is none."""
    try:
        return [UUID(text) for text in (value.strip() for value in values) if len(text) == 36]
    except ValueError:
        return []
