"""What a person says words of a file mean, read from a form."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from django.http import QueryDict

from rapport.records.imports.given import Given, given
from rapport.records.models import ImportRun

VALUE = re.compile(r"value-(\d+)-(\d+)")


def chosen_values(
    run: ImportRun,
    data: QueryDict,
    meant: Mapping[str, Mapping[str, str]],
) -> list[Given]:
    """What was chosen for words of each column; what the form does not ask stays, and a key for
    which nothing is chosen keeps the name that other files give it (`meant`)."""
    said: dict[int, dict[str, str]] = defaultdict(dict)
    for name in data:
        found = VALUE.fullmatch(name)
        word = data.get(f"word-{found[1]}-{found[2]}", "") if found else ""
        if found and word:
            said[int(found[1])][word] = data.get(name, "")
    return [
        given(one, said.get(place, {}), meant.get(one["column"], {}))
        for place, one in enumerate(run.mapping)
    ]
