"""What was said of the words of a column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LONGEST = 300
MAKE = "+"
"""What is chosen for a word of which a record is to be made."""


@dataclass(frozen=True, slots=True)
class Given:
    """What words of a column mean, and the names for which records are to be made."""

    values: dict[str, str]
    make: list[str]


def given(column: Mapping[str, Any], said: Mapping[str, str], meant: Mapping[str, str]) -> Given:
    """What is known of the words of a column once more is `said`: a key or name for a word, `+` to
    have a record made for it, nothing to have its name back that other files give it (`meant`)."""
    values, make = dict(column.get("values") or {}), list(column.get("make") or ())
    for word, key in said.items():
        name = meant.get(word, word)
        make = [one for one in make if one.casefold() != name.casefold()]
        values.pop(word, None)
        if key == MAKE:
            make.append(name)
        if key and key != MAKE:
            values[word] = key[:LONGEST]
        elif word in meant:
            values[word] = name
    return Given(values, make)
