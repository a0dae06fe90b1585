"""How much one answer may hold: an agent reads all of it, so a page too long helps nobody."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from rapport.records.surfaces.api.problems import refuse_field

#: Characters of one answer as JSON: some 15,000 words that a model has to read.
MOST_CHARACTERS = 60_000

type Page = dict[str, Any]


def within_size(read: Callable[[int], Page], limit: int) -> Page:
    """A page of at most `limit` records, of fewer where they are too long; then it says so.

    `read` gives a page for a limit. Raises Problem where even one record is too long.
    """
    asked = limit
    while (page := read(limit)) and (size := length_of(page)) > MOST_CHARACTERS:
        if limit == 1:
            raise refuse_field("columns", _("One record is too long. Name the columns you need."))
        limit = max(1, min(limit - 1, limit * MOST_CHARACTERS // size))
    if limit < asked:
        words = {"n": limit}
        page["hint"] = (
            _("Only %(n)d fit into one answer. Name the columns you need, or narrow it down.")
            % words
        )
    return page


def check_size(found: Page) -> Page:
    """The answer, if it is not too long. Raises Problem with what to do."""
    if length_of(found) > MOST_CHARACTERS:
        raise refuse_field("columns", _("This is too long for one answer. Ask for less of it."))
    return found


def length_of(found: Page) -> int:
    """Characters of an answer as JSON."""
    return len(json.dumps(found, ensure_ascii=False))
