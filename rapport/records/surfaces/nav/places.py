"""Pages of domains that stand in the menu beside the objects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rapport.accounts.principals import Principal


@dataclass(frozen=True, slots=True)
class Place:
    """A page of a domain's own in a group of the menu, for whoever it is of use to."""

    menu: Any
    order: int
    label: Any
    url: str
    icon: str
    may: Callable[[Principal], bool]


places: list[Place] = []


#: Pages without an entry of their own, and the entry that they belong to, by their first segment.
parts: dict[str, str] = {}


def add_place(place: Place) -> None:
    """Put a page into the menu; once per process, where its address is declared."""
    places.append(place)


def add_part(url: str, of: str) -> None:
    """Let all pages under an address light the menu's entry of another one."""
    parts[url] = of
