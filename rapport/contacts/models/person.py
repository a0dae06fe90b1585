"""Somebody we know."""

from __future__ import annotations

from django.db.models import F, Func, TextField
from django.utils.translation import gettext_lazy as _

from rapport.contacts.models.address import Address
from rapport.contacts.models.lifecycle import Lifecycle
from rapport.contacts.parts.full_name import full_name
from rapport.contacts.parts.time_zone import time_zone
from rapport.records import kinds as k
from rapport.records.models import Record


class FullName(Func):
    """The database's own spelling of a full name."""

    function = "contacts_full_name"
    arity = 3
    output_field = TextField()


class Person(Lifecycle, Address, Record):
    """Somebody we know, with the ways to reach them and where they work."""

    prefix = k.text(
        _("Title"), synonyms=("salutation", "honorific", "name prefix", "tratamiento", "anrede")
    )
    first_name = k.text(
        _("First name"),
        synonyms=(
            "first name",
            "firstname",
            "given name",
            "forename",
            "nombre",
            "vorname",
            "prénom",
        ),
    )
    middle_name = k.text(
        _("Middle name"),
        synonyms=("middle name", "middlename", "additional name", "segundo nombre"),
    )
    last_name = k.text(
        _("Last name"),
        index=True,
        synonyms=(
            "last name", "lastname", "surname", "family name", "apellido", "apellidos", "nachname",
            "nom",
        ),
    )  # fmt: skip
    suffix = k.text(_("Suffix"), synonyms=("name suffix", "sufijo"))
    name = full_name(
        _("Name"),
        FullName(F("first_name"), F("middle_name"), F("last_name")),
        search=True,
        icon="user",
        synonyms=(
            "full name", "fullname", "contact name", "display name", "fn", "nombre completo",
            "contact",
            "ansprechpartner", "person",
        ),
    )  # fmt: skip
    job_title = k.text(
        _("Job title"),
        search=True,
        icon="briefcase",
        synonyms=(
            "title", "jobtitle", "position", "role", "organization title", "cargo", "puesto",
            "occupation",
        ),
    )  # fmt: skip
    department = k.text(
        _("Department"), synonyms=("organization department", "departamento", "abteilung")
    )
    company = k.relation(
        _("Company"),
        "contacts.Company",
        to="company",
        related_name="people",
        icon="org",
        synonyms=(
            "company name", "organization", "organization name", "organisation", "account name",
            "account",
            "employer", "associated company", "empresa", "compañía", "firma", "org", "société",
        ),
    )  # fmt: skip
    birthday = k.date(
        _("Birthday"),
        icon="cake",
        personal=k.Privacy(k.SENSITIVE, purpose="relationship", retention_days=3 * 365),
        synonyms=("birthdate", "date of birth", "bday", "cumpleaños", "geburtstag"),
    )
    language = k.text(
        _("Language"),
        icon="languages",
        synonyms=("preferred language", "idioma", "sprache", "langue"),
    )
    time_zone = time_zone(
        _("Time zone"), icon="clock",
        help=_("Where the telephone rings; without one it is told by number or country."),
        synonyms=(
            "timezone", "timezonesidkey", "hs_timezone", "time zone name", "zona horaria",
            "zeitzone", "fuseau horaire",
        ),
    )  # fmt: skip
    website = k.url(
        _("Website"), icon="globe", synonyms=("web page", "website url", "url", "sitio web")
    )
    linkedin = k.url(_("LinkedIn"), icon="link", synonyms=("linkedin url", "linkedin profile"))
    description = k.long_text(
        _("Description"), synonyms=("notes", "note", "comments", "about", "descripción", "notas")
    )
    source = k.text(
        _("Source"),
        synonyms=("lead source", "original source", "leadsource", "origen", "fuente", "quelle"),
    )
    external_id = k.text(
        _("External ID"),
        index=True,
        icon="hash",
        synonyms=(
            "external id", "id", "contact id", "record id", "customer id", "contactid",
            "id externo", "uid",
        ),
    )  # fmt: skip
