"""A bare “Name” beside the other half of a name is the half that is missing."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from rapport.records.imports.mapping.candidates import Candidate
from rapport.records.imports.mapping.conflicts import SURE, Column
from rapport.records.imports.mapping.targets import Targets

#: The half a file names, and the half its bare “Name” then is: Spanish, German and English lists.
OTHER_HALF = {"last_name": "first_name", "first_name": "last_name"}


def find_halves(
    columns: Sequence[Column], samples: Sequence[Sequence[str]], known: Targets
) -> None:
    """Let a column called just “Name” go to the half of the name that no other column has.

    One whose values hold the other column's is the whole name after all.
    """
    named = {
        column.best.standard: column
        for column in columns
        if column.best and column.best.target and column.best.confidence >= SURE
    }
    bare = named.get("name")
    halves = [half for half in OTHER_HALF if half in named]
    if bare is None or bare.best is None or len(bare.heading.words) != 1 or len(halves) != 1:
        return
    missing = known.find(OTHER_HALF[halves[0]])
    if missing and not _words(samples[bare.place]) & _words(samples[named[halves[0]].place]):
        reason = _("“%(column)s” has the other half.") % {"column": named[halves[0]].heading.text}
        bare.guesses.insert(0, Candidate(missing, bare.best.confidence, reason))


def _words(texts: Sequence[str]) -> set[str]:
    return {word for text in texts for word in text.casefold().split()}
