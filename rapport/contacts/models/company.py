"""An organisation we know."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from rapport.contacts.models.address import Address
from rapport.contacts.models.lifecycle import Lifecycle
from rapport.contacts.parts.domains import domain_of
from rapport.records import kinds as k
from rapport.records.models import Record


class Company(Lifecycle, Address, Record):
    """An organisation we know: a customer, a supplier, a partner or one of their parts."""

    name = k.text(
        _("Name"),
        required=True,
        search=True,
        icon="org",
        synonyms=(
            "company name", "account name", "company", "organization", "organization name",
            "organisation",
            "business name", "store name", "empresa", "nombre de la empresa", "razón social",
            "firma",
            "account", "nom", "nombre",
        ),
    )  # fmt: skip
    website = k.url(
        _("Website"), icon="globe", synonyms=("website url", "web", "url", "homepage", "sitio web")
    )
    domain = k.text(
        _("Web domain"),
        index=True,
        key_form=r"[\w-]+(?:\.[\w-]+)+",
        icon="at",
        synonyms=("company domain name", "domain", "domain name", "dominio"),
    )
    industry = k.text(
        _("Industry"), index=True, icon="briefcase", synonyms=("sector", "branche", "industria")
    )
    employees = k.integer(
        _("Staff"),
        low=0,
        icon="users",
        synonyms=(
            "employees", "number of employees", "numberofemployees", "employee count", "headcount",
            "empleados", "mitarbeiter",
        ),
    )  # fmt: skip
    annual_revenue = k.money(
        _("Annual revenue"),
        base="annual_revenue_base",
        icon="money",
        synonyms=("revenue", "annualrevenue", "turnover", "ingresos", "facturación", "umsatz"),
    )
    currency = k.currency(
        _("Currency"), synonyms=("currency code", "moneda", "währung", "currencyisocode")
    )
    annual_revenue_base = k.base_amount(_("Annual revenue in our currency"))
    parent = k.relation(
        _("Part of"),
        "contacts.Company",
        to="company",
        related_name="parts",
        icon="org",
        synonyms=(
            "parent", "parent company", "parent account", "subsidiary of", "subsidiary_of",
            "empresa matriz", "muttergesellschaft",
        ),
    )  # fmt: skip
    number = k.text(
        _("Number"),
        index=True,
        icon="numbers",
        synonyms=(
            "customer number", "account number", "accountnumber", "número de cliente",
            "kundennummer",
            "kundennr",
        ),
    )  # fmt: skip
    description = k.long_text(
        _("Description"), synonyms=("notes", "about us", "comments", "descripción", "notas")
    )
    source = k.text(
        _("Source"), synonyms=("account source", "original source", "origen", "fuente", "quelle")
    )
    external_id = k.text(
        _("External ID"),
        index=True,
        icon="hash",
        synonyms=("external id", "id", "account id", "company id", "record id", "id externo"),
    )

    @staticmethod
    def derive(values: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
        """The domain follows the website unless it is given, and never has `www.` before it."""
        given = values.get("domain")
        if given or values.get("website"):
            values["domain"] = domain_of(given or values["website"])
        return values
