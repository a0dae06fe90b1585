"""Cards on the pages of people and companies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from uuid import UUID

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.contacts.models import Company, Person
from rapport.contacts.queries import Job, jobs_from
from rapport.kit.formats import format_day
from rapport.records import access, registry
from rapport.records.compiled import Answers, Ask, Compiled, Given, JSONArray, compiled
from rapport.ui.components import avatar

SHOWN = 8
#: What the card of a company says besides its name.
FACTS = ("industry", "employees", "city")


def ask_company(principal: Principal, person: Person) -> Mapping[str, Ask]:
    """The company a person works at."""
    if person.company_id is None:
        return {}
    hidden = access.unread(principal, "company", *FACTS)
    query = _company(registry.edition(), access.reach(principal, registry.get("company")), hidden)
    return {"company": Ask(query, {"company": person.company_id})}


@lru_cache(maxsize=256)
def _company(_edition: int, reached: access.Reach, hidden: frozenset[str]) -> Compiled:
    found = access.reached_rows(registry.get("company"), reached).filter(pk=Given("company"))
    facts = JSONArray.without(hidden, "name", *FACTS)
    return compiled(found.order_by().values_list("pk", facts))


def company_panel(request: Request, person: Person, answers: Answers) -> SafeString | str:
    """The company a person works at."""
    for key, (name, industry, employees, city) in answers.get("company", ()):
        facts = [industry, _staff(employees), city]
        return format_html(
            '<a class="relc" href="/companies/{}/"><span class="row">{}<span>'
            '<span class="strong" dir="auto">{}</span><br>'
            '<span class="small muted">{}</span></span></span></a>',
            key, avatar(name, key, org=True, size="lg"), name,
            " · ".join(fact for fact in facts if fact),
        )  # fmt: skip
    return ""


def _staff(count: int | None) -> str:
    return ngettext("%(n)d employee", "%(n)d employees", count) % {"n": count} if count else ""


def employment_panel(request: Request, person: Person, answers: Answers) -> SafeString | str:
    """Where a person worked before, once there is more than the present."""
    principal = request.principal
    jobs = jobs_from(answers, person)
    if not any(job.start or job.end or not job.is_current for job in jobs):
        return ""
    return format_html_join(
        "", "{}", ((_job(job, principal.locale or principal.language),) for job in jobs)
    )


def _job(job: Job, language: str) -> SafeString:
    return format_html(
        '<a class="reli" href="/companies/{}/"><span class="medium trunc" dir="auto">{}</span>'
        '<span class="spread small muted"><span dir="auto">{}</span><span>{}</span></span></a>',
        job.company_id, job.company, job.role, _span(job, language),
    )  # fmt: skip


def _span(job: Job, language: str) -> str:
    start = format_day(job.start, language) if job.start else ""
    end = format_day(job.end, language) if job.end else ""
    if job.is_current:
        return _("since %(day)s") % {"day": start} if start else _("now")
    if start and end:
        return _("%(start)s to %(end)s") % {"start": start, "end": end}
    return _("until %(day)s") % {"day": end} if end else start


def ask_people(principal: Principal, company: Company) -> Mapping[str, Ask]:
    """Who works at a company."""
    hidden = access.unread(principal, "person", "job_title")
    query = _people(registry.edition(), access.reach(principal, registry.get("person")), hidden)
    return {"people": Ask(query, {"employer": company.pk})}


@lru_cache(maxsize=256)
def _people(_edition: int, reached: access.Reach, hidden: frozenset[str]) -> Compiled:
    found = access.reached_rows(registry.get("person"), reached)
    found = found.filter(company_id=Given("employer")).order_by("name", "id")
    card = JSONArray.without(hidden, "name", "job_title")
    return compiled(found.values_list("pk", card)[: SHOWN + 1])


def people_panel(request: Request, company: Company, answers: Answers) -> SafeString | str:
    """Who works at a company."""
    people = sorted(answers["people"], key=lambda one: (one[1][0].casefold(), one[0]))
    if not people:
        return ""
    cards = format_html_join("", "{}", ((_person(*person),) for person in people[:SHOWN]))
    if len(people) <= SHOWN:
        return cards
    return format_html(
        '{}<a class="reli link small" href="/people/?company={}">{}</a>', cards, company.pk,
        _("Show everybody"),
    )  # fmt: skip


def _person(key: UUID, facts: Sequence[str]) -> SafeString:
    name, job_title = facts
    return format_html(
        '<a class="reli" href="/people/{}/"><span class="row">{}<span>'
        '<span class="medium" dir="auto">{}</span><br>'
        '<span class="small muted" dir="auto">{}</span></span></span></a>',
        key, avatar(name, key), name or _("No name yet"), job_title or "",
    )  # fmt: skip


def ask_parts(principal: Principal, company: Company) -> Mapping[str, Ask]:
    """The companies that are part of a company."""
    query = _parts(registry.edition(), access.reach(principal, registry.get("company")))
    return {"parts": Ask(query, {"parent": company.pk})}


@lru_cache(maxsize=256)
def _parts(_edition: int, reached: access.Reach) -> Compiled:
    found = access.reached_rows(registry.get("company"), reached)
    found = found.filter(parent_id=Given("parent")).order_by("name", "id")
    return compiled(found.values_list("pk", JSONArray("name"))[:SHOWN])


def parts_panel(request: Request, company: Company, answers: Answers) -> SafeString | str:
    """The companies that are part of this one."""
    parts = sorted((name.casefold(), name, key) for key, (name,) in answers["parts"])
    return format_html_join(
        "",
        '<a class="reli" href="/companies/{}/"><span class="row">{}'
        '<span class="medium" dir="auto">{}</span></span></a>',
        ((key, avatar(name, key, org=True), name) for _folded, name, key in parts),
    )
