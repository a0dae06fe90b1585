"""Converting a lead, for programs: what it may be the same as, what goes where, and doing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.contacts.models import Lead
from rapport.records import access
from rapport.records.kinds import Invalid, Kind
from rapport.records.kinds.choice import Boolean
from rapport.records.kinds.relation import Relation
from rapport.records.store import Missing, Rejected
from rapport.records.surfaces.api.bodies import read_object
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.forms import form_of, has_form
from rapport.records.surfaces.api.openapi_parts import (
    KEY,
    TEXT,
    json_body,
    json_content,
    operation,
    parameter,
    ruled,
)
from rapport.records.surfaces.pages import page_context
from rapport.sales.actions import convert_lead
from rapport.sales.asking import WHAT_TO_CONVERT, bound_to
from rapport.sales.models import Deal
from rapport.sales.parts.lead_mapping import Mapped, read_mapping
from rapport.sales.queries import Match, companies_like, people_like

BODY: Mapping[str, Kind] = {
    **WHAT_TO_CONVERT,
    "is_new_company": Boolean(gettext_lazy("New even if one is called so")),
    "person": Relation(gettext_lazy("Person"), "contacts.Person", to="person"),
}
FIELDS = {"type": "object", "additionalProperties": {"type": "string"}}


def show_conversion(request: Request, lead_id: UUID) -> HttpResponse:
    """People and companies that may be the same, with the reason, and what would go where."""
    lead = _lead(request, lead_id)
    return answer_json(
        {
            "people": [_match(one) for one in people_like(request.principal, lead)],
            "companies": [_match(one) for one in companies_like(request.principal, lead)],
            "fields": [_mapped(one) for one in read_mapping(request.principal, lead.pk)],
        }
    )


def create_conversion(request: Request, lead_id: UUID) -> HttpResponse:
    """Convert the lead; the change set undoes it."""
    _lead(request, lead_id)
    made = convert_lead(request.principal, [lead_id], _values(request), via="api")
    lead = _lead(request, lead_id)
    deals = access.rows(request.principal, "deal").filter(lead=lead_id).order_by("-pk")
    deal: Deal | None = deals.first()
    said = {"person": lead.person_id, "company": lead.company_id, "deal": deal and deal.pk}
    told = {name: str(key) if key else None for name, key in said.items()}
    return answer_json({"change_set": str(made), **told}, 201)


def _lead(request: Request, lead_id: UUID) -> Lead:
    access.check(request.principal, "edit", "lead")
    rows = access.rows(request.principal, "lead", "edit").select_related("person")
    found: Lead | None = rows.filter(pk=lead_id).first()
    if found is None:
        raise Missing(_("This lead is gone, or not yours to change."))
    return found


def _values(request: Request) -> dict[str, Any]:
    """What the body says. Raises Problem, Rejected."""
    body, values, context = read_object(request), dict[str, Any](), page_context(request)
    known = {*BODY, "fields"}
    faults = {name[:60]: _("This field can't be set.") for name in body.keys() - known}
    kinds = bound_to("lead", BODY)
    for name in (one for one in body if one in known):
        form = form_of(kinds[name]) if name in kinds else FIELDS
        try:
            if not has_form(body[name], form) or not _are_texts(name, body[name]):
                raise Invalid(_("This does not have the form that the API's description gives."))
            values[name] = kinds[name].parse(body[name], context) if name in kinds else body[name]
        except Invalid as refused:
            faults[name] = str(refused)
    if faults:
        raise Rejected(faults)
    # Nothing said of a deal is as it is on the page: one is made.
    return {name: value for name, value in values.items() if value is not None}


def _are_texts(name: str, value: Any) -> bool:
    return name != "fields" or all(isinstance(to, str) for to in value.values())


def _match(one: Match) -> dict[str, Any]:
    return {"id": str(one.id), "title": one.title, "why": one.why, "is_sure": one.is_sure}


def _mapped(one: Mapped) -> dict[str, Any]:
    return {"field": one.kind.name, "to": one.to, "choices": list(one.choices)}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _list(part: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": part}


def conversion_paths(principal: Principal) -> dict[str, Any]:
    """The path, for whoever may change leads."""
    if not access.may(principal, "edit", "lead"):
        return {}
    match = _object(id=KEY, title=TEXT, why=TEXT, is_sure={"type": "boolean"})
    mapped = _object(field=TEXT, to=TEXT, choices=_list(TEXT))
    found = _object(people=_list(match), companies=_list(match), fields=_list(mapped))
    key = {"type": ["string", "null"], "format": "uuid"}
    made = _object(change_set=KEY, person=KEY, company=key, deal=key)
    where = "Fields of the lead, and deal.field, company.field, person.field or nothing for each."
    schema = {
        "type": "object", "additionalProperties": False,
        "properties": {
            **{name: ruled(form_of(kind), "What is there, and yours to see.")
               for name, kind in bound_to("lead", BODY).items()},
            "fields": ruled(FIELDS, where),
        },
    }  # fmt: skip
    shown = operation(
        "leads", "show_conversion", "What a lead may be the same as, and what would go where",
        {"200": json_content("What was found.", found)}, 403, 404,
    )  # fmt: skip
    done = operation(
        "leads", "create_conversion", "Make a company, a person's place in it and a deal of a lead",
        {"201": json_content("What it is now.", made)}, 400, 403, 404, 409, 413, 415, 422,
        requestBody=json_body(schema),
    )  # fmt: skip
    return {
        "/leads/{lead_id}/conversion": {
            "parameters": [parameter("lead_id", KEY, "path", required=True)],
            "get": shown, "post": done,
        }
    }  # fmt: skip
