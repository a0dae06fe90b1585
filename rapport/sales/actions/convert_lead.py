"""A lead that becomes business."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.accounts.principals import Principal
from rapport.contacts.models import Lead
from rapport.records import access, registry
from rapport.records.kinds import Choice, Kind
from rapport.records.reading import context_for, read_record
from rapport.records.store import ChangeInProgress, Missing, Rejected, change

BEFORE_OPPORTUNITY = ("", "subscriber", "lead")
#: Fields of leads that go to fields of deals of another name.
INTO = {"interest": "description"}


def convert_lead(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Qualify leads, each with its company and, unless `with_deal` is false, a deal.

    Values: `company` (a key) or `company_name` (found or made), `with_deal`, `deal_name`, `amount`,
    `pipeline`, `close_date`. All in one change set, which is returned. Raises Denied, Missing,
    Rejected.
    """
    access.check(principal, "edit", "lead")
    leads = list(
        access.rows(principal, "lead", "edit")
        .filter(pk__in=list(ids))
        .select_related("person")
        .order_by("id")
    )
    if not leads:
        raise Missing(_("This lead is gone, or not yours to change."))
    if any(lead.converted_at for lead in leads):
        raise Rejected({"status": _("This lead was converted already.")})
    title = ngettext("Converted a lead", "Converted %(n)d leads", len(leads)) % {"n": len(leads)}
    with change(principal, via=via, title=title) as made:
        for lead in leads:
            _convert(made, lead, values)
    return made.id


def _convert(made: ChangeInProgress, lead: Lead, values: Mapping[str, Any]) -> None:
    company = _company(made, lead, values)
    if lead.person.lifecycle in BEFORE_OPPORTUNITY or (company and not lead.person.company_id):
        _update_person(made, lead, company)
    if company:
        _update_company(made, company)
    if values.get("with_deal", True):
        _add_deal(made, lead, company, values)
    made.update("lead", lead.pk, {"status": "qualified", "company": company})


def _company(made: ChangeInProgress, lead: Lead, values: Mapping[str, Any]) -> UUID | None:
    """The company given, found by name or made; else that of the lead or of the person."""
    if values.get("company"):
        return UUID(str(values["company"]))
    name = " ".join(str(values.get("company_name") or "").split())
    if not name:
        return lead.company_id or lead.person.company_id
    same_name = registry.get("company").fields["name"].condition("is", name)
    known = access.rows(made.principal, "company").filter(same_name).order_by("id").first()
    return known.pk if known else made.create("company", {"name": name, "lifecycle": "opportunity"})


def _update_person(made: ChangeInProgress, lead: Lead, company: UUID | None) -> None:
    changed: dict[str, Any] = {}
    if lead.person.lifecycle in BEFORE_OPPORTUNITY:
        changed["lifecycle"] = "opportunity"
    if company and not lead.person.company_id:
        changed["company"] = company
    if access.reachable(made.principal, "person", [lead.person_id], "edit"):
        made.update("person", lead.person_id, changed)


def _update_company(made: ChangeInProgress, company: UUID) -> None:
    if "lifecycle" not in access.fields(made.principal, "company").editable:
        return
    early = access.rows(made.principal, "company", "edit").filter(lifecycle__in=BEFORE_OPPORTUNITY)
    if early.filter(pk=company).exists():
        made.update("company", company, {"lifecycle": "opportunity"})


def _add_deal(
    made: ChangeInProgress, lead: Lead, company: UUID | None, values: Mapping[str, Any]
) -> UUID:
    kept = {
        name: values[name]
        for name in ("amount", "pipeline", "close_date")
        if values.get(name) is not None
    }
    return made.create(
        "deal",
        {
            "name": values.get("deal_name") or _deal_name(made.principal, lead, company),
            "company": company,
            "source": lead.source,
            "lead": lead.pk,
            "owner": lead.owner_id or made.principal.user_id,
            "people": [{"person": lead.person_id, "role": ""}],
            **_carried(made.principal, lead),
            **kept,
        },
    )


def _carried(principal: Principal, lead: Lead) -> dict[str, Any]:
    """What the lead says that deals have room for too: what they ask for, and fields of one's own
    that both have by the same name."""
    leads, deals = registry.get("lead").fields, registry.get("deal").fields
    seen = access.fields(principal, "lead").readable
    editable = access.fields(principal, "deal").editable
    twins = {name: name for name, kind in leads.items() if _is_twin(kind, deals.get(name))}
    wanted = {name: to for name, to in (twins | INTO).items() if name in seen and to in editable}
    row = read_record(
        principal, "lead", lead.pk, list(wanted), context_for(principal), titled=False
    )
    found = {to: row.values[name] for name, to in wanted.items()} if row else {}
    return {to: value for to, value in found.items() if _fits(deals[to], value)}


def _is_twin(kind: Kind, other: Kind | None) -> bool:
    is_own = kind.is_custom and kind.stored and kind.editable
    return is_own and other is not None and other.is_custom and other.type == kind.type


def _fits(kind: Kind, value: Any) -> bool:
    """Whether there is something to carry, and of choices one that the other field offers too."""
    if kind.blank(value):
        return False
    if not isinstance(kind, Choice):
        return True
    return set(value if isinstance(value, list) else [value]) <= set(kind.options)


def _deal_name(principal: Principal, lead: Lead, company: UUID | None) -> str:
    found = access.rows(principal, "company").filter(pk=company).values_list("name", flat=True)
    return found.first() or lead.person.name or _("New deal")
