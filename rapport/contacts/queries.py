"""Questions about people and companies; nothing here writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString

from rapport.accounts.principals import Principal
from rapport.contacts.leads.panel import steps_drawn
from rapport.contacts.models import EmailAddress, Employment, Person, PhoneNumber, WebForm
from rapport.contacts.parts.country import Country
from rapport.contacts.web_forms.asking import TRAP, label_of, possible_fields, questions, words_of
from rapport.contacts.web_forms.panel import readable, readable_answers
from rapport.records import access, registry
from rapport.records.compiled import (
    Answers,
    Ask,
    Compiled,
    Given,
    JSONArray,
    ask_together,
    compiled,
)
from rapport.records.kinds import Kind
from rapport.records.kinds.base import Words

__all__ = [
    "Job",
    "ask_jobs",
    "companies_with_domain",
    "country_field",
    "decision_drawn",
    "form_drawn",
    "jobs_from",
    "jobs_of",
    "label_of",
    "parties_with_email",
    "parties_with_phone",
    "possible_fields",
    "readable",
    "readable_answers",
]  # fmt: skip


def form_drawn(form: WebForm) -> dict[str, Any]:
    """What the page of a web form shows, with its words in the reader's language."""
    names = ("title", "intro", "button", "consent")
    return {
        "form": form, "questions": questions(form), "trap": TRAP,
        **{name: words_of(form, name) for name in names},
    }  # fmt: skip


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
    return jobs_from(ask_together(ask_jobs(principal, person)), person)


def ask_jobs(principal: Principal, person: Person) -> Mapping[str, Ask]:
    """What `jobs_from` makes a list of."""
    reached = access.reach(principal, registry.get("company"))
    asks = {"jobs": Ask(_jobs(registry.edition(), reached), {"worker": person.pk})}
    if person.company_id:
        present = {"employer": person.company_id}
        asks["present"] = Ask(_employer(registry.edition(), reached), present)
    return asks


def jobs_from(answers: Answers, person: Person) -> list[Job]:
    """Where a person works and worked, the present first."""
    found = [_job(*row) for _person, rows in answers["jobs"] for row in rows]
    for key, (name,) in answers.get("present", ()):
        if not any(job.is_current for job in found):
            found.insert(0, Job(key, name, person.job_title, None, None, True))
    return found


def _job(
    company: str, name: str, role: str, start: str | None, end: str | None, is_current: bool
) -> Job:
    days = [date.fromisoformat(day) if day else None for day in (start, end)]
    return Job(UUID(company), name, role, days[0], days[1], is_current)


@lru_cache(maxsize=256)
def _jobs(_edition: int, reached: access.Reach) -> Compiled:
    seen = access.reached_rows(registry.get("company"), reached)
    job = JSONArray("company_id", "company__name", "role", "start", "end", "is_current")
    newest_first = ["-is_current", "-end", "-start", "-id"]
    rows = Employment.objects.filter(person_id=Given("worker"), company_id__in=seen.values("pk"))
    gathered = JSONBAgg(job, order_by=newest_first)
    by_person = rows.order_by().values("person_id").annotate(gathered=gathered)
    return compiled(by_person.values_list("person_id", "gathered"))


@lru_cache(maxsize=256)
def _employer(_edition: int, reached: access.Reach) -> Compiled:
    found = access.reached_rows(registry.get("company"), reached).filter(pk=Given("employer"))
    return compiled(found.order_by().values_list("pk", JSONArray("name")))


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


def decision_drawn(steps: Sequence[Mapping[str, Any]]) -> SafeString:
    """The rules tried on a lead as a list, for pages of upper domains."""
    return steps_drawn(steps)


def country_field(label: Words, **options: Any) -> Kind:
    """A field that holds a country, for rows of upper domains."""
    return Country(label, **options)
