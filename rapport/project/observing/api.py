"""Health for programs: the same findings as on the page, for owners."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.project.backups.work import this_instance
from rapport.project.doctor import Grade, glance
from rapport.project.observing import figures
from rapport.project.observing.views import DAYS
from rapport.records import access
from rapport.records.surfaces.api.collection import check_parameters
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.openapi_parts import json_content, problems

TEXT = {"type": "string"}
FINDING = {
    "type": "object",
    "required": ["name", "grade", "sentence", "remedy"],
    "properties": {
        "name": TEXT,
        "grade": {"type": "string", "enum": [one.value for one in Grade]},
        "sentence": TEXT,
        "remedy": TEXT,
    },
}
FAILED = {
    "type": "object",
    "required": ["what", "reason", "number", "at", "url", "request"],
    "properties": {
        "what": TEXT, "reason": TEXT, "number": {"type": "integer"},
        "at": {"type": "string", "format": "date-time"}, "url": TEXT, "request": TEXT,
    },
}  # fmt: skip
HEALTH = {
    "type": "object",
    "required": ["well", "findings", "failed"],
    "properties": {
        "well": {"type": "boolean"},
        "findings": {"type": "array", "items": FINDING},
        "failed": {"type": "array", "items": FAILED},
    },
}


def show_health(request: Request) -> HttpResponse:
    """What is well, what is not, what to do, and which jobs failed lately; for owners."""
    check_parameters(request.GET, frozenset())
    if not request.principal.is_owner:
        raise access.Denied(_("Only owners of the workspace see how the instance fares."))
    findings = list(glance(this_instance()))
    return answer_json(
        {
            "well": all(one.grade != Grade.BAD for one in findings),
            "findings": [
                {
                    "name": one.name,
                    "grade": one.grade,
                    "sentence": one.sentence,
                    "remedy": one.remedy,
                }
                for one in findings
            ],
            "failed": [asdict(one) for one in figures.failed_jobs(DAYS)],
        }
    )


def health_paths(principal: Principal) -> dict[str, Any]:
    """The part of the OpenAPI document that tells of it, to owners."""
    if not principal.is_owner:
        return {}
    answers = {"200": json_content("How it fares.", HEALTH)} | problems(401, 403, 422)
    operation = {
        "operationId": "show_health", "summary": "How the instance fares", "tags": ["health"],
        "responses": answers,
    }  # fmt: skip
    return {"/health": {"get": operation}}
