"""The parts of the market of the sample company."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from rapport.records.store import ChangeInProgress

#: By name, the region and the countries of each.
GROUND = {
    _("Nordic countries"): ("EMEA", ("FI", "NO")),
    _("Western and Central Europe"): ("EMEA", ("BE", "CZ", "DE", "FR", "GB", "NL")),
    _("Middle East and Africa"): ("EMEA", ("AE", "KE", "NG")),
    _("The Americas"): ("AMER", ("BR", "CL")),
    _("Asia and Pacific"): ("APAC", ("JP", "KR", "NZ")),
}


def add_territories(made: ChangeInProgress, companies: Iterable[tuple[UUID, str]]) -> None:
    """Each company in the territory of its country."""
    places: dict[str, UUID] = {}
    for name, (region, countries) in GROUND.items():
        key = made.create("territory", {"name": name, "region": region})
        places |= dict.fromkeys(countries, key)
    for company, country in companies:
        made.update("company", company, {"territory": places[country]})
