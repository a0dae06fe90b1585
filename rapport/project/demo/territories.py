"""The parts of the market of the sample company."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from rapport.records.store import ChangeInProgress

GROUND = {
    _("Nordic countries"): ("FI", "NO"),
    _("Western and Central Europe"): ("BE", "CZ", "DE", "FR", "GB", "NL"),
    _("Asia and Pacific"): ("JP", "KR", "NZ"),
    _("The Americas"): ("BR", "CL"),
    _("Middle East and Africa"): ("AE", "KE", "NG"),
}


def add_territories(made: ChangeInProgress, companies: Iterable[tuple[UUID, str]]) -> None:
    """Each company in the territory of its country."""
    places: dict[str, UUID] = {}
    for name, countries in GROUND.items():
        places |= dict.fromkeys(countries, made.create("territory", {"name": name}))
    for company, country in companies:
        made.update("company", company, {"territory": places[country]})
