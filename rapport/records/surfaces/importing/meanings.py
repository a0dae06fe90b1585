"""What a person says words of a file mean, read from the form of the columns."""

from __future__ import annotations

import re

from django.http import QueryDict

from rapport.records.models import ImportRun

VALUE = re.compile(r"value-(\d+)-(\d+)")
LONGEST = 300


def chosen_values(run: ImportRun, data: QueryDict) -> list[dict[str, str]]:
    """What was chosen for words of each column, by the word; what the form does not ask stays."""
    values: list[dict[str, str]] = [dict(one.get("values") or {}) for one in run.mapping]
    for name in data:
        found = VALUE.fullmatch(name)
        if found is None or int(found[1]) >= len(values):
            continue
        place, word = int(found[1]), data.get(f"word-{found[1]}-{found[2]}", "")
        values[place].pop(word, None)
        if word and data.get(name):
            values[place][word] = data.get(name, "")[:LONGEST]
    return values
