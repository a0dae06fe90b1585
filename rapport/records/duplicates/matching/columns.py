"""Which column of a file holds what, guessed by the import's own mapper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapport.records.imports.mapping import Suggestion, Target, suggest

#: Fields that the mapper knows by its own words, with what they are to matching.
KNOWN = {
    "first_name": "given", "last_name": "family", "name": "name", "company": "company",
    "emails": "emails", "phones": "phones", "website": "website", "address.street": "street",
    "address.city": "city", "address.postal_code": "postcode", "address.region": "region",
    "address.country": "country", "birthday": "birth", "national_id": "national_id",
}  # fmt: skip
#: Fields that only say who is meant, or nothing: the mapper shall not take them for another.
BESIDE = ("middle_name", "prefix", "suffix", "job_title", "external_id", "description", "tags")
OWN = {
    "national_id": (
        "national id", "soc sec id", "ssn", "social security number", "personal number", "passport",
        "passport number", "nif", "cif", "nie", "dni", "tax id", "vat id", "vat number", "vat",
        "tax number", "steuernummer", "ust id", "ustid", "siren", "siret", "national insurance",
        "national insurance number", "id card", "curp", "rfc", "cpf", "cnpj", "codice fiscale",
    ),
    "street_number": (
        "house number", "street no", "house no", "hausnummer", "hausnr",
        "número de calle", "número de casa", "numéro de rue", "building number",
    ),
}  # fmt: skip
SURE = 0.6
LEGAL = re.compile(
    r"\b(gmbh|ag|ltd|limited|llc|inc|corp|plc|s\.?a\.?|s\.?l\.?u?|s\.?r\.?l|sas|bv|nv|oy|ab|aps|"
    r"kg|company|group|holding|university|bank|stiftung|foundation)\b\.?",
    re.IGNORECASE,
)
FIRMS = 0.25


@dataclass(frozen=True, slots=True)
class Roles:
    """What each name of `preparing.GIVEN` is made of: places of columns, in order."""

    places: dict[str, tuple[int, ...]]
    day_first: bool = True

    @property
    def given(self) -> tuple[str, ...]:
        """The names that are filled, in order."""
        return tuple(self.places)

    def texts(self, cells: Sequence[str]) -> list[str]:
        """The texts of one row, in the order of `given`."""
        return [
            joined(name, [cells[place] for place in places]) for name, places in self.places.items()
        ]


def joined(name: str, cells: Sequence[str]) -> str:
    """Several columns of one field as one text."""
    if len(cells) == 1 and name not in LISTED:
        return cells[0]
    if name in LISTED:
        return ";".join(cells).replace(" ::: ", ";").replace(",", ";")
    return " ".join(cell for cell in cells if cell)


LISTED = ("emails", "phones")


def roles_of(columns: Sequence[str], samples: Sequence[Sequence[str]]) -> Roles:
    """What the columns hold. `samples` has some values of each."""
    targets = [Target(name) for name in (*KNOWN, *BESIDE) if name not in OWN]
    targets += [Target(name, synonyms=words) for name, words in OWN.items()]
    found = suggest(columns, samples, targets, "en")
    places: dict[str, list[int]] = {}
    for place, one in enumerate(found):
        role = role_of(one)
        if role:
            places.setdefault(role, []).append(place)
    part_street(places)
    if are_firms(places, samples):
        places["company"] = [*places.pop("name"), *places.get("company", ())][:1]
    orders = {one.date_order for one in found if one.target == "birthday"}
    return Roles({name: tuple(one) for name, one in places.items()}, "mdy" not in orders)


def role_of(one: Suggestion) -> str:
    """What one column is to matching; nothing where the mapper is not sure."""
    if one.target is None or one.confidence < SURE or one.label_of:
        return ""
    return "number" if one.target == "street_number" else KNOWN.get(one.target, "")


def part_street(places: dict[str, list[int]]) -> None:
    """The first line of an address is the street, the others are what else helps to find it."""
    lines = places.get("street", [])
    if len(lines) > 1:
        places["street"], places["extra"] = lines[:1], lines[1:]


def are_firms(places: dict[str, list[int]], samples: Sequence[Sequence[str]]) -> bool:
    """Whether a bare name is that of an organisation."""
    if "name" not in places or {"given", "family", "birth"} & places.keys():
        return False
    values = samples[places["name"][0]]
    return sum(bool(LEGAL.search(one)) for one in values) >= max(len(values) * FIRMS, 1)
