"""The parts of a postal address, for every record that has one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.contacts.parts.country import country
from rapport.records import kinds as k

_EVERYWHERE = ("address", "mailing", "billing", "business", "work", "home", "primary")


def _synonyms(*words: str) -> tuple[str, ...]:
    """The words alone and as Salesforce, HubSpot, Google and Outlook prefix them."""
    prefixed = tuple(f"{prefix} {word}" for prefix in _EVERYWHERE for word in words[:2])
    return (*words, *prefixed, *(f"address 1 {word}" for word in words[:2]))


class Address(models.Model):
    """Street, city, region, postal code, country and, where known, the place on the map."""

    street = k.text(
        _("Street"),
        icon="pin",
        synonyms=_synonyms(
            "street", "street address", "address.street", "address", "address line 1", "address1",
            "addr", "calle", "dirección", "domicilio", "straße", "strasse", "anschrift", "rue",
            "adresse",
        ),
    )  # fmt: skip
    city = k.text(
        _("City"),
        index=True,
        synonyms=_synonyms(
            "city", "town", "address.city", "locality", "ciudad", "población", "localidad", "ort",
            "stadt", "ville", "suburb",
        ),
    )  # fmt: skip
    region = k.text(
        _("State or region"),
        synonyms=_synonyms(
            "state", "region", "address.region", "province", "state/region", "state/province",
            "county",
            "provincia", "estado", "comunidad", "bundesland", "région", "state code",
        ),
    )  # fmt: skip
    postal_code = k.text(
        _("Postal code"),
        synonyms=_synonyms(
            "postal code", "zip", "address.postal_code", "zip code", "zip/postal code", "postcode",
            "code postal", "código postal", "cp", "plz", "postleitzahl",
        ),
    )  # fmt: skip
    country = country(
        _("Country"),
        index=True,
        icon="globe",
        synonyms=_synonyms(
            "country", "country/region", "address.country", "country code", "country region",
            "nation", "país", "land", "pays",
        ),
    )  # fmt: skip
    latitude = k.decimal(
        _("Latitude"),
        low=-90,
        high=90,
        places=6,
        synonyms=("lat", "geo latitude", "latitud", "breite"),
    )
    longitude = k.decimal(
        _("Longitude"),
        low=-180,
        high=180,
        places=6,
        synonyms=("lng", "lon", "long", "geo longitude", "longitud"),
    )

    class Meta:
        abstract = True
