"""The time zones of a calendar file: of the world where it is known, else as the file has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones


class Zones:
    """Zones by the names that a file gives them."""

    def __init__(self) -> None:
        self._own: dict[str, tzinfo] = {}
        self._world: dict[str, str] = {}

    def learn(self, lines: Sequence[str]) -> None:
        """Take in a time zone that the file describes; one that can't be read stays unknown."""
        from icalendar import Timezone

        told = dict(line.split(":", 1) for line in lines if ":" in line)
        name = told.get("TZID", "").strip()
        if world := world_name(told.get("X-LIC-LOCATION", "").strip()):
            self._world[name] = world
        elif not world_name(name):
            try:
                self._own[name] = Timezone.from_ical("\r\n".join(lines) + "\r\n").to_tz()
            except (ValueError, KeyError, IndexError, TypeError, AttributeError):
                return

    def find(self, name: str) -> tzinfo | None:
        """The zone of a name, None for one that nobody knows."""
        world = self.world(name)
        return ZoneInfo(world) if world else self._own.get(name)

    def world(self, name: str) -> str:
        """What the world calls a zone; nothing for one that only the file knows."""
        return self._world.get(name) or world_name(name)


@lru_cache(maxsize=512)
def world_name(name: str) -> str:
    """The IANA name in `Europe/Madrid`, `/mozilla.org/20070129_1/Europe/Madrid` or, as Windows has
    it, `Romance Standard Time`; nothing for any other."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    known, parts = available_timezones(), name.strip("/").split("/")
    for place in range(len(parts)):
        if (end := "/".join(parts[place:])) in known:
            return end
    return str(WINDOWS_TO_OLSON.get(name, ""))
