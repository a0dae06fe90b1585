"""Days on which a whole country rests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache


@lru_cache(maxsize=512)
def public_holidays(country: str, year: int) -> Mapping[date, str]:
    """The holidays of a country (ISO code) in a year by their names; none where none are known."""
    # Its tables are read by whoever asks for the first time.
    import holidays

    if country not in holidays.list_supported_countries():
        return {}
    return {day: str(name) for day, name in holidays.country_holidays(country, years=year).items()}
