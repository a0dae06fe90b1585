"""What a person says words of a file mean, read from the form of the columns."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.http import QueryDict

from rapport.records.models import ImportRun

VALUE = re.compile(r"value-(\d+)-(\d+)")
LONGEST = 300


def chosen_values(
    run: ImportRun, data: QueryDict, meant: Mapping[str, Mapping[str, str]]
) -> list[dict[str, str]]:
    """What was chosen for words of each column, by the word; what the form does not ask stays, and
    a key for which nothing is chosen keeps the name that other files give it (`meant`)."""
    values: list[dict[str, str]] = [dict(one.get("values") or {}) for one in run.mapping]
    for name in data:
        found = VALUE.fullmatch(name)
        if found is None or int(found[1]) >= len(values):
            continue
        place, word = int(found[1]), data.get(f"word-{found[1]}-{found[2]}", "")
        values[place].pop(word, None)
        if word and data.get(name):
            values[place][word] = data.get(name, "")[:LONGEST]
        elif word in (names := meant.get(run.mapping[place]["column"], {})):
            values[place][word] = names[word]
    return values
