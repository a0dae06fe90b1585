"""Where a telephone rings: the time zone that a number or a country tells of."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache, lru_cache

from babel.core import get_global

#: Countries of several zones, and the one that most people of them live in.
MAIN = {
    "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo",
    "CA": "America/Toronto", "CD": "Africa/Kinshasa", "CL": "America/Santiago",
    "CN": "Asia/Shanghai", "CY": "Asia/Nicosia", "DE": "Europe/Berlin", "EC": "America/Guayaquil",
    "ES": "Europe/Madrid", "FM": "Pacific/Pohnpei", "GL": "America/Nuuk", "ID": "Asia/Jakarta",
    "KI": "Pacific/Tarawa", "KZ": "Asia/Almaty", "MH": "Pacific/Majuro", "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City", "MY": "Asia/Kuala_Lumpur", "NZ": "Pacific/Auckland",
    "PF": "Pacific/Tahiti", "PG": "Pacific/Port_Moresby", "PS": "Asia/Hebron",
    "PT": "Europe/Lisbon", "RU": "Europe/Moscow", "UA": "Europe/Kiev", "US": "America/New_York",
    "UZ": "Asia/Tashkent", "XK": "Europe/Belgrade", "IC": "Atlantic/Canary", "EA": "Africa/Ceuta",
}  # fmt: skip


@cache
def zones_of_countries() -> Mapping[str, str]:
    """The zone of each country (ISO code) of which one can be told."""
    found: dict[str, list[str]] = {}
    for zone, country in get_global("zone_territories").items():
        found.setdefault(country, []).append(zone)
    alone = {country: zones[0] for country, zones in found.items() if len(zones) == 1}
    return alone | MAIN


def zone_of_words(text: str, zones: Collection[str]) -> str:
    """Which of the zones a text names: by its name, by its city where only one has it, or as
    HubSpot writes it (`europe_slash_berlin`); empty for none."""
    wanted = text.casefold().replace("_slash_", "/").replace("_hyphen_", "-").replace(" ", "_")
    named = [zone for zone in zones if zone.casefold() == wanted]
    cities = [zone for zone in zones if zone.casefold().rpartition("/")[2] == wanted]
    found = named or cities
    return found[0] if len(found) == 1 else ""


@lru_cache(maxsize=4096)
def zone_of_number(number: str) -> str:
    """The zone of a telephone number in the form E.164; empty where it tells none, or several."""
    # Its tables are read by whoever asks for the first time.
    import phonenumbers
    from phonenumbers import timezone

    try:
        zones = timezone.time_zones_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return ""
    return zones[0] if len(zones) == 1 and "/" in zones[0] and "Etc/" not in zones[0] else ""
