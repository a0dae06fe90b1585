"""Whom a price is for."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.models import Link
from rapport.records.store import Rejected


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer's companies, tags and country, as far as prices ask."""

    companies: tuple[UUID, ...] = ()
    tags: tuple[UUID, ...] = ()
    country: str = ""


def customer_of(principal: Principal, key: UUID | None) -> Customer:
    """A company, or a person and the company he works at. Raises Rejected for one unseen."""
    if key is None:
        return Customer()
    found = access.rows(principal, "company").filter(pk=key).values_list("country").first()
    if found is not None:
        return Customer((key,), _tags([key]), found[0])
    person = access.rows(principal, "person").filter(pk=key)
    row = person.values_list("country", "company_id", "company__country").first()
    if row is None:
        raise Rejected({"customer": _("There is no such customer for you.")})
    country, company, of_company = row
    if company is None:
        return Customer((), _tags([key]), country)
    return Customer((company,), _tags([key, company]), country or of_company)


def _tags(keys: list[UUID]) -> tuple[UUID, ...]:
    links = Link.objects.filter(from_id__in=keys, role="tag", to_object="tag")
    return tuple(links.values_list("to_id", flat=True))
