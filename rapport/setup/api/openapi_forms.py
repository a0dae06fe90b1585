"""The part of the OpenAPI document on forms on web pages and on what was sent by them."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from rapport.accounts.principals import Principal
from rapport.contacts.models import Submission
from rapport.contacts.models.lead import CHANNELS
from rapport.records.surfaces.api.openapi_parts import (
    KEY,
    NOT_BLANK,
    PAGE_SIZE,
    PLACE,
    TEXT,
    TEXT_OR_NULL,
    json_content,
    operation,
    parameter,
    ruled,
)
from rapport.setup.api.openapi_parts import IF_MATCH, body, made, makes, one, reads, removes, shown

FLAG = {"type": "boolean"}
MOMENT = {"type": "string", "format": "date-time"}
MOST_FIELDS, MOST_SITES = 40, 100
LANGUAGES = [code for code, _name in settings.LANGUAGES]
WORDS = ("title", "intro", "button", "thanks", "consent")


def _by_language(schema: dict[str, Any]) -> dict[str, Any]:
    """An object that may have each of our languages."""
    parts = dict.fromkeys(LANGUAGES, schema)
    return {"type": "object", "properties": parts, "additionalProperties": False}


def _text(most: int) -> dict[str, Any]:
    return {**TEXT, "maxLength": most}


ROW = {
    "type": "object", "required": ["field"], "additionalProperties": False,
    "properties": {
        "field": _text(200), "required": FLAG, "key": _text(100), "label": _by_language(_text(200)),
    },
}  # fmt: skip
TEXTS = {
    "type": "object", "additionalProperties": False,
    "properties": dict.fromkeys(WORDS, _text(2000)),
}  # fmt: skip
FORM_SENT: dict[str, Any] = {
    "name": {**NOT_BLANK, "maxLength": 100},
    "slug": ruled(
        {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$", "maxLength": 60},
        "The last part of its address; no other form has it.",
    ),
    "is_on": FLAG,
    "fields": ruled(
        {"type": "array", "items": ROW, "minItems": 1, "maxItems": MOST_FIELDS},
        "Fields of person and lead such as person.emails, and company.name, each once, "
        "a name or an e-mail address among them.",
    ),
    "texts": _by_language(TEXTS),
    "needs_consent": ruled(FLAG, "If so, a text says what they agree to."),
    "sites": ruled(
        {"type": "array", "items": _text(300), "maxItems": MOST_SITES},
        "Web sites such as https://www.example.com.",
    ),
    "redirect_to": ruled(_text(500), "A page of one of the sites, or nothing."),
    "takes_posts": FLAG,
    "channel": {"type": "string", "enum": [*CHANNELS]},
    "source": _text(100),
    "campaign": _text(100),
    "keep_days": {"type": "integer", "minimum": 1, "maximum": 3650},
}
FORM: dict[str, Any] = {"id": KEY, **FORM_SENT, "has_secret": FLAG, "url": TEXT}
A_NEW_FORM = {
    "name": "Ask us", "slug": "ask-us", "is_on": True,
    "fields": [{"field": "person.emails", "required": True, "key": "", "label": {}}],
    "texts": {"en": {"title": "Ask us"}}, "needs_consent": False, "sites": [], "redirect_to": "",
    "takes_posts": False, "channel": "form", "source": "Website", "campaign": "", "keep_days": 90,
}  # fmt: skip
_ID = "01920000-0000-7000-8000-000000000006"
A_FORM = {
    "id": _ID, **A_NEW_FORM, "has_secret": False,
    "url": "https://crm.example.com/forms/ask-us/",
}  # fmt: skip
STATE = {"type": "string", "enum": [str(one) for one in Submission.Outcome.values]}
ANSWERS = {"type": "object", "additionalProperties": TEXT}
SUBMISSION: dict[str, Any] = {
    "id": KEY, "at": MOMENT, "state": STATE, "reason": TEXT, "answers": ANSWERS,
    "click": {"type": "object"}, "consent": TEXT, "lead": {**TEXT_OR_NULL, "format": "uuid"},
}  # fmt: skip
A_SUBMISSION = {
    "id": _ID, "at": "2026-11-23T09:30:00Z", "state": "taken", "reason": "",
    "answers": {"person.emails": "eva@example.com"}, "click": {"utm_source": "fair"},
    "consent": "", "lead": _ID,
}  # fmt: skip
FORM_ID = parameter("form_id", KEY, "path", required=True)


def form_paths(principal: Principal) -> dict[str, Any]:
    """The paths, for whoever may ask for them."""
    if not principal.administers:
        return {}
    form, sent = one(FORM, A_FORM), one(SUBMISSION, A_SUBMISSION)
    with_secret = one({**FORM, "secret": TEXT}, {**A_FORM, "has_secret": True, "secret": "…"})
    return {
        "/web-forms": {
            "get": reads("web-forms", "list_web_forms", "Forms on web pages",
                         {"200": json_content("All.", _list(form))}),
            "post": makes("web-forms", "create_web_form", "Add a form for web pages", made(form),
                          requestBody=body(FORM_SENT, A_NEW_FORM, ("name", "slug", "fields"))),
        },
        "/web-forms/{form_id}": {
            "parameters": [FORM_ID],
            "get": reads("web-forms", "get_web_form", "A form for web pages", shown(form)),
            "patch": _does("change_web_form", "Change a form for web pages", form,
                           requestBody=body(FORM_SENT, {"is_on": False})),
            "delete": removes("web-forms", "remove_web_form", "Remove a form for web pages"),
        },
        "/web-forms/{form_id}/secret": {
            "parameters": [FORM_ID],
            "post": _does("renew_web_form_secret",
                          "Another secret for programs; the old one is good for nothing",
                          with_secret),
        },
        "/web-forms/{form_id}/submissions": {
            "parameters": [FORM_ID],
            "get": reads(
                "web-forms", "list_submissions", "What was sent, the latest first",
                {"200": json_content("A page of them.", _list(sent, is_paged=True))},
                parameters=[parameter("state", STATE), parameter("limit", PAGE_SIZE),
                            parameter("after", PLACE)],
            ),
        },
        "/web-forms/{form_id}/submissions/{submission_id}/again": {
            "parameters": [FORM_ID, parameter("submission_id", KEY, "path", required=True)],
            "post": operation(
                "web-forms", "take_submission_again", "Try what became no lead once more",
                {"200": json_content("What came of it.", sent)}, 400, 403, 404, 409, 422,
            ),
        },
    }  # fmt: skip


def _list(schema: dict[str, Any], *, is_paged: bool = False) -> dict[str, Any]:
    parts = {"data": {"type": "array", "items": schema}}
    after = {"next": TEXT_OR_NULL} if is_paged else {}
    return {"type": "object", "required": [*parts, *after], "properties": {**parts, **after}}


def _does(identity: str, summary: str, schema: Any, **more: Any) -> dict[str, Any]:
    faults = (400, 403, 404, 409, 412, 413, 415, 422)
    return operation(
        "web-forms", identity, summary, shown(schema), *faults, parameters=[IF_MATCH], **more
    )
