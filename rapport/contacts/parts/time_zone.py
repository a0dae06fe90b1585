"""Time zones by their names of the time zone database, typed by city or as other programs write."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from babel.core import get_global
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.kit.zones import zone_of_words
from rapport.records.kinds import Context, Invalid, column
from rapport.records.kinds.choice import Choice
from rapport.ui.html import escaped


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """Those in which people live."""
    return tuple(sorted(set(get_global("zone_territories")) & available_timezones()))


class TimeZone(Choice):
    """Where the clock of somebody is."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, {zone: zone.replace("_", " ") for zone in zones()}, **options)

    def find(self, text: str) -> str:
        found = zone_of_words(text, zones())
        if not found:
            sentence = _("“%(text)s” is no time zone. Use a name such as Europe/Berlin.")
            raise Invalid(sentence % {"text": text[:40]})
        return found

    def show(self, value: Any, context: Context) -> SafeString:
        return escaped(self.plain(value, context))


time_zone = column(TimeZone)
