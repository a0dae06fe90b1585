"""Questions about people and companies; nothing here writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from rapport.accounts.principals import Principal
from rapport.contacts.models import EmailAddress, Employment, Person, PhoneNumber
from rapport.records import access


@dataclass(frozen=True, slots=True)
class Job:
    """Work at a company, as a person's page tells it."""

    company_id: UUID
    company: str
    role: str
    start: date | None
    end: date | None
    is_current: bool


def jobs_of(principal: Principal, person: Person) -> list[Job]:
    """Where a person works and worked, the present first; companies he may not see are left out."""
    seen = dict(
        access.rows(principal, "company")
        .filter(pk__in=_companies_of(person))
        .values_list("pk", "name")
    )
    rows = Employment.objects.filter(person_id=person.pk).order_by(
        "-is_current", "-end", "-start", "-id"
    )
    found = [
        Job(row.company_id, seen[row.company_id], row.role, row.start, row.end, row.is_current)
        for row in rows
        if row.company_id in seen
    ]
    present = person.company_id
    if present in seen and present and not any(job.is_current for job in found):
        found.insert(0, Job(present, seen[present], person.job_title, None, None, True))
    return found


def _companies_of(person: Person) -> set[UUID]:
    ids = set(Employment.objects.filter(person_id=person.pk).values_list("company_id", flat=True))
    return ids | ({person.company_id} if person.company_id else set())


def people_at(principal: Principal, company_id: UUID) -> QuerySet[Any]:
    """The people who work at a company now, by name."""
    return access.rows(principal, "person").filter(company_id=company_id).order_by("name", "id")


def parties_with_email(addresses: Iterable[str]) -> dict[str, set[UUID]]:
    """Whose each normalised address is; one address may be several people's."""
    found: dict[str, set[UUID]] = {}
    rows = EmailAddress.objects.filter(normalised__in=list(addresses))
    for address, party in rows.values_list("normalised", "party_id"):
        found.setdefault(address, set()).add(party)
    return found


def parties_with_phone(numbers: Iterable[str]) -> dict[str, set[UUID]]:
    """Whose each number in the form E.164 is."""
    found: dict[str, set[UUID]] = {}
    rows = PhoneNumber.objects.filter(normalised__in=list(numbers))
    for number, party in rows.values_list("normalised", "party_id"):
        found.setdefault(number, set()).add(party)
    return found


def companies_with_domain(principal: Principal, domain: str) -> QuerySet[Any]:
    """Companies whose website has this domain, or one that contains it."""
    parents = [domain.split(".", n)[-1] for n in range(domain.count("."))]
    return access.rows(principal, "company").filter(Q(domain__in=parents or [domain]))
