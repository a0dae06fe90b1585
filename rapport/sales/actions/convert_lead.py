"""A lead that becomes business."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.accounts.principals import Principal
from rapport.contacts.models import Lead, Person
from rapport.records import access, registry
from rapport.records.duplicates.merging import check_reach, merge_within, note_merge
from rapport.records.reading import context_for, read_record
from rapport.records.store import ChangeInProgress, Missing, Rejected, change
from rapport.sales.parts.lead_mapping import Mapped, read_mapping, values_for

BEFORE_OPPORTUNITY = ("", "subscriber", "lead")


def convert_lead(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Qualify leads, each with its company and, unless `with_deal` is false, a deal.

    Values: `company` (a key) or `company_name` (found unless `is_new_company`, else made), `person`
    (somebody here already whom the lead is about), `with_deal`, `deal_name`, `amount`, `pipeline`,
    `close_date`, and `fields`, which says where fields of the lead go. All in one change set, which
    is returned. Raises Denied, Missing, Rejected.
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
    mapping = read_mapping(made.principal, lead.pk, values.get("fields"))
    if values.get("person"):
        _join_person(made, lead, UUID(str(values["person"])))
    company = _company(made, lead, values)
    if lead.person.lifecycle in BEFORE_OPPORTUNITY or (company and not lead.person.company_id):
        _update_person(made, lead, company)
    if company:
        _update_company(made, company)
    _fill(made, "person", lead.person_id, mapping)
    _fill(made, "company", company, mapping)
    if values.get("with_deal", True):
        carried = values_for("deal", mapping, context_for(made.principal))
        _add_deal(made, lead, company, values, carried)
    made.update("lead", lead.pk, {"status": "qualified", "company": company})


def _join_person(made: ChangeInProgress, lead: Lead, person: UUID) -> None:
    """Let the lead be about somebody who was here already: the two become one where the asker may
    merge them, else the lead goes over to the other. Raises Missing."""
    if person == lead.person_id:
        return
    if not access.reachable(made.principal, "person", [person], "view"):
        raise Missing(_("This person is gone, or not yours to see."))
    gone, declaration = lead.person_id, registry.get("person")
    made.update("lead", lead.pk, {"person": person})
    try:
        check_reach(made.principal, declaration, person, [gone])
    except (Missing, access.Denied):
        pass
    else:
        merge_within(made, declaration, person, [gone], {})
        note_merge("person", person, [gone], made.id)
    lead.person = Person.objects.get(pk=person)


def _fill(made: ChangeInProgress, name: str, key: UUID | None, mapping: Sequence[Mapped]) -> None:
    """Write what goes to a company or person, where it says nothing there yet."""
    given = values_for(name, mapping, context_for(made.principal))
    if not given or not key or not access.reachable(made.principal, name, [key], "edit"):
        return
    fields = registry.get(name).fields
    row = read_record(made.principal, name, key, given, context_for(made.principal), titled=False)
    blank = {one: value for one, value in given.items()
             if row and fields[one].blank(row.values.get(one))}  # fmt: skip
    if blank:
        made.update(name, key, blank)


def _company(made: ChangeInProgress, lead: Lead, values: Mapping[str, Any]) -> UUID | None:
    """The company given, found by name or made; else that of the lead or of the person."""
    if values.get("company"):
        return UUID(str(values["company"]))
    name = " ".join(str(values.get("company_name") or "").split())
    if not name:
        return lead.company_id or lead.person.company_id
    if values.get("is_new_company"):
        return made.create("company", {"name": name, "lifecycle": "opportunity"})
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
    made: ChangeInProgress,
    lead: Lead,
    company: UUID | None,
    values: Mapping[str, Any],
    carried: Mapping[str, Any],
) -> UUID:
    kept = {
        name: values[name]
        for name in ("amount", "pipeline", "close_date")
        if values.get(name) is not None
    }
    return made.create(
        "deal",
        {
            **carried,
            "name": values.get("deal_name") or _deal_name(made.principal, lead, company),
            "company": company,
            "lead": lead.pk,
            "owner": lead.owner_id or made.principal.user_id,
            "people": [{"person": lead.person_id, "role": ""}],
            **kept,
        },
    )


def _deal_name(principal: Principal, lead: Lead, company: UUID | None) -> str:
    found = access.rows(principal, "company").filter(pk=company).values_list("name", flat=True)
    return found.first() or lead.person.name or _("New deal")
