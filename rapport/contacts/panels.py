"""Cards on the pages of people and companies."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.accounts.request import Request
from rapport.contacts.models import Company, Person
from rapport.contacts.queries import Job, jobs_of, people_at
from rapport.kit.formats import format_day
from rapport.records import access
from rapport.ui.components import avatar

SHOWN = 8


def company_panel(request: Request, person: Person) -> SafeString | str:
    """The company a person works at."""
    principal = request.principal
    company = access.rows(principal, "company").filter(pk=person.company_id).first()
    if company is None:
        return ""
    facts = [company.industry, _staff(company.employees), company.city]
    return format_html(
        '<a class="relc" href="/companies/{}/"><span class="row">{}<span>'
        '<span class="strong" dir="auto">{}</span><br>'
        '<span class="small muted">{}</span></span></span></a>',
        company.pk, avatar(company.name, company.pk, org=True, size="lg"), company.name,
        " · ".join(fact for fact in facts if fact),
    )  # fmt: skip


def _staff(count: int | None) -> str:
    return ngettext("%(n)d employee", "%(n)d employees", count) % {"n": count} if count else ""


def employment_panel(request: Request, person: Person) -> SafeString | str:
    """Where a person worked before, once there is more than the present."""
    principal = request.principal
    jobs = jobs_of(principal, person)
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


def people_panel(request: Request, company: Company) -> SafeString | str:
    """Who works at a company."""
    principal = request.principal
    people = list(people_at(principal, company.pk)[: SHOWN + 1])
    if not people:
        return ""
    cards = format_html_join("", "{}", ((_person(person),) for person in people[:SHOWN]))
    if len(people) <= SHOWN:
        return cards
    return format_html(
        '{}<a class="reli link small" href="/people/?company={}">{}</a>', cards, company.pk,
        _("Show everybody"),
    )  # fmt: skip


def _person(person: Any) -> SafeString:
    return format_html(
        '<a class="reli" href="/people/{}/"><span class="row">{}<span>'
        '<span class="medium" dir="auto">{}</span><br>'
        '<span class="small muted" dir="auto">{}</span></span></span></a>',
        person.pk, avatar(person.name, person.pk), person.name or _("No name yet"),
        person.job_title,
    )  # fmt: skip


def parts_panel(request: Request, company: Company) -> SafeString | str:
    """The companies that are part of this one."""
    principal = request.principal
    parts = access.rows(principal, "company").filter(parent_id=company.pk).order_by("name")[:SHOWN]
    return format_html_join(
        "",
        '<a class="reli" href="/companies/{}/"><span class="row">{}'
        '<span class="medium" dir="auto">{}</span></span></a>',
        ((part.pk, avatar(part.name, part.pk, org=True), part.name) for part in parts),
    )
