"""Converting a lead on its page: is it here already, what goes where, and what is made."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapport.accounts.request import Request
from rapport.contacts.models import Lead
from rapport.records import access, registry
from rapport.records.forms.draft import Draft
from rapport.records.store import Rejected
from rapport.records.surfaces.moments import read_key
from rapport.records.surfaces.redirects import own_address, send_to
from rapport.records.surfaces.seen import Seen, look_at
from rapport.sales.actions import convert_lead
from rapport.sales.asking import WHAT_TO_CONVERT, bound_to
from rapport.sales.parts.lead_mapping import Mapped, read_mapping
from rapport.sales.queries import companies_like, company_of, people_like
from rapport.ui.toasts import toast_after_redirect

MAP, SEEN = "map.", "_companies"
NEW, OTHER = "new", "other"


@require_http_methods(["GET", "POST"])
def convert(request: Request, lead_id: UUID) -> HttpResponse:
    """Ask what is to become of a lead (GET) or do it (POST)."""
    declaration = registry.get("lead")
    seen = look_at(request, declaration, lead_id, [declaration.title])
    if seen.is_trashed or not seen.may("edit"):
        raise access.Denied(_("This record is not yours to change."))
    kinds = bound_to("lead", WHAT_TO_CONVERT)
    draft = Draft(declaration, seen.context, kinds, {}, "a")
    draft.values = {name: kind.initial() for name, kind in kinds.items()}
    if request.method == "GET":
        return _ask(request, seen, draft)
    values = {**draft.read(request.POST).values, **_chosen(request)}
    lead = _lead(request, lead_id)
    if lead.converted_at:
        draft.errors[""] = _("This lead was converted already.")
    elif values.get("is_new_company") and _are_unseen(request, lead, values["company_name"]):
        draft.errors[""] = _(
            "Companies like this one are here already. Choose one of them, or press Convert again"
            " to make a new one."
        )
    return _ask(request, seen, draft, 422) if draft.errors else _do(request, seen, draft, values)


def _lead(request: Request, lead_id: UUID) -> Lead:
    found: Lead = (
        access.rows(request.principal, "lead", "edit").select_related("person").get(pk=lead_id)
    )
    return found


def _do(request: Request, seen: Seen, draft: Draft, values: dict[str, Any]) -> HttpResponse:
    try:
        made = convert_lead(request.principal, [seen.id], values)
    except Rejected as refused:
        draft.errors |= refused.fields
        return _ask(request, seen, draft, 422)
    toast_after_redirect(request, _("Converted: %(name)s") % {"name": seen.name}, f"/undo/{made}/")
    return send_to(request, own_address(request.GET.get("next", ""), seen.url))


def _chosen(request: Request) -> dict[str, Any]:
    """Which company and person, and what goes where."""
    post, found = request.POST, dict[str, Any]()
    company, person = post.get("pick_company", OTHER), read_key(post.get("pick_person", ""))
    is_named = bool(post.get("company_name", "").strip())
    if company == NEW or (company == OTHER and is_named and not post.get("company")):
        found |= {"company": None, "is_new_company": is_named}
    elif company != OTHER:
        found |= {"company": read_key(company), "company_name": ""}
    mapped = {name: str(post[name]) for name in post if name.startswith(MAP)}
    fields = {name.removeprefix(MAP): to for name, to in mapped.items()}
    return found | ({"person": person} if person else {}) | ({"fields": fields} if fields else {})


def _are_unseen(request: Request, lead: Lead, name: str) -> bool:
    """Whether companies are called like the new one that the page did not show yet."""
    shown = request.POST.get(SEEN, "").split(",")
    found = companies_like(request.principal, lead, name)
    return any(str(one.id) not in shown for one in found)


def _ask(request: Request, seen: Seen, draft: Draft, status: int = 200) -> HttpResponse:
    lead = _lead(request, seen.id)
    name = request.POST.get("company_name", "").strip()
    companies = companies_like(request.principal, lead)
    companies += [one for one in companies_like(request.principal, lead, name) if name
                  and one.id not in {known.id for known in companies}]  # fmt: skip
    own = company_of(request.principal, lead)
    usual = str(own) if own else next((str(one.id) for one in companies if one.is_sure), OTHER)
    titles = access.titles(
        request.principal, [("company", own)] if own else [], request.principal.language
    )
    answer = render(request, "sales/lead_convert.html", {
        "declaration": seen.declaration, "seen": seen, "draft": draft, "fields": draft.fields,
        "dialog_action": request.get_full_path(), "draft_key": f"lead:{seen.id}:convert",
        "own": titles.get(own) if own else None, "own_key": str(own or ""),
        "companies": [(str(one.id), one) for one in companies], "new": NEW, "other": OTHER,
        "shown": ",".join(str(one.id) for one in companies),
        "company": request.POST.get("pick_company", usual),
        "people": [(str(one.id), one) for one in people_like(request.principal, lead)],
        "person": request.POST.get("pick_person", ""),
        "lines": [_line(request, one, seen) for one in read_mapping(request.principal, lead.pk)],
    }, status=status)  # fmt: skip
    answer["HX-Retarget"], answer["HX-Reswap"] = "#dialog", "innerHTML"
    return answer


def _line(request: Request, one: Mapped, seen: Seen) -> dict[str, Any]:
    """A field of the lead with the fields it may go to, by object."""
    name, groups = f"{MAP}{one.kind.name}", dict[str, list[tuple[str, str, bool]]]()
    to = request.POST.get(name, one.to)
    for path in one.choices:
        target, _dot, field = path.partition(".")
        other = registry.get(target)
        label = str(other.fields[field].label)
        groups.setdefault(str(other.label), []).append((path, label, path == to))
    said = one.kind.plain(one.value, seen.context)
    return {"name": name, "label": one.kind.label, "said": said, "groups": groups.items()}
