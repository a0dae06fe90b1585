"""The pages of health and of slow statements, for owners."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from rapport.accounts.request import Request
from rapport.project.backups.work import this_instance
from rapport.project.doctor import Grade, glance
from rapport.project.observing import figures, slowness
from rapport.setup.access import owners_only

DAYS = 7
ORDER = {Grade.BAD: 0, Grade.ADVICE: 1, Grade.GOOD: 2}


@owners_only
@never_cache
@require_safe
def health(request: Request) -> HttpResponse:
    """Say in sentences what is well, what is not, and what to do."""
    findings = sorted(glance(this_instance()), key=lambda one: ORDER[one.grade])
    shown = {
        "findings": findings,
        "bad": sum(one.grade == Grade.BAD for one in findings),
        "advice": sum(one.grade == Grade.ADVICE for one in findings),
        "failed": figures.failed_jobs(DAYS),
    }
    return render(request, "project/health.html", shown)


@owners_only
@never_cache
@require_safe
def slow(request: Request) -> HttpResponse:
    """Show which statements cost the most time, without any value."""
    shown = {
        "counted": slowness.counted_by_server(),
        "met": slowness.met_here(),
        "limit": int(slowness.SLOW_SECONDS * 1000),
    }
    return render(request, "project/slow.html", shown)
