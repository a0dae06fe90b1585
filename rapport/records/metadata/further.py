"""What else is carried as files: parts that bring their own way of being written and taken in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rapport.accounts.oauth import carrying as apps


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a configuration; `take` raises Rejected, LookupError or ValidationError."""

    name: str
    #: What its files may say.
    known: tuple[str, ...]
    present: Callable[[], dict[str, dict[str, Any]]]
    take: Callable[[UUID, Mapping[str, Any]], None]
    drop: Callable[[UUID], None]


FURTHER: dict[str, Part] = {
    "apps": Part("apps", apps.APP_PARTS, apps.present_apps, apps.take_app, apps.drop_app)
}


def carry(part: Part) -> None:
    """Have a part of an upper domain carried along, after all that it may name."""
    FURTHER[part.name] = part
