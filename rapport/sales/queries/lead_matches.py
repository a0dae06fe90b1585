"""Who and which company a lead may be about, of those that are here already."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.contacts.models import Lead
from rapport.records import access, registry
from rapport.records.duplicates.look_ups import Similar, find_similar
from rapport.records.reading import context_for, read_record

#: What tells people and companies apart.
TELLING = {
    "person": ("name", "emails", "phones", "external_id"),
    "company": ("name", "domain", "website", "emails", "phones", "external_id"),
}
#: Where anybody may have an address, so that it says nothing of a company.
FOR_ALL = frozenset({
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com",
    "icloud.com", "me.com", "aol.com", "gmx.net", "gmx.de", "gmx.com", "web.de", "proton.me",
    "protonmail.com", "mail.com", "msn.com", "yandex.com",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Match:
    """A record that may be the same, its name, why in words, and whether that is sure."""

    id: UUID
    title: str
    url: str
    why: str
    is_sure: bool


def people_like(principal: Principal, lead: Lead) -> list[Match]:
    """Others that may be the lead's person, of those the asker sees."""
    values = _values(principal, "person", lead.person_id)
    return _matches(principal, "person", values, {lead.person_id})


def companies_like(principal: Principal, lead: Lead, name: str = "") -> list[Match]:
    """Companies that may be the lead's: called like `name` or its own one, or of the web domain
    that its person writes from."""
    own = company_of(principal, lead)
    values = _values(principal, "company", own) if own else _written_from(principal, lead)
    if name:
        values = {"name": name}
    return _matches(principal, "company", values, {own} if own else ())


def company_of(principal: Principal, lead: Lead) -> UUID | None:
    """The company of a lead, or else of its person, if the asker sees it."""
    key = lead.company_id or lead.person.company_id
    return key if key and access.reachable(principal, "company", [key], "view") else None


def _values(principal: Principal, name: str, key: UUID) -> Mapping[str, Any]:
    readable = access.fields(principal, name).readable
    wanted = [one for one in TELLING[name] if one in readable]
    row = read_record(principal, name, key, wanted, context_for(principal), titled=False)
    return row.values if row else {}


def _written_from(principal: Principal, lead: Lead) -> Mapping[str, Any]:
    ways = _values(principal, "person", lead.person_id).get("emails") or []
    domains = [way["normalised"].rpartition("@")[2] for way in ways]
    return {"domain": next((one for one in domains if one not in FOR_ALL), "")}


def _matches(
    principal: Principal, name: str, values: Mapping[str, Any], but: Collection[UUID]
) -> list[Match]:
    declaration = registry.get(name)
    if not any(values.values()) or not access.may(principal, "view", name):
        return []
    found = find_similar(principal, declaration, values, is_typing=True)
    found = [one for one in found if one.id not in but]
    titles = access.titles(principal, [(name, one.id) for one in found], principal.language)
    return [
        Match(one.id, titles[one.id].text, titles[one.id].url, _why(name, one), one.is_sure)
        for one in found
        if one.id in titles
    ]


def _why(name: str, one: Similar) -> str:
    fields: Sequence[Any] = [registry.get(name).fields[field].label for field in one.fields]
    said = {"fields": ", ".join(str(label).lower() for label in fields)}
    return (_("same %(fields)s") if one.is_sure else _("similar %(fields)s")) % said
