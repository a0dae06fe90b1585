"""Which fields of a lead go where when it is converted: to the deal, the company, the person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.html import format_html
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.kinds import Choice, Context, Kind
from rapport.records.reading import Row, context_for, read_record
from rapport.records.store import Rejected

INTO = ("deal", "company", "person")
#: Where fields of a lead go unless somebody says otherwise; those of one's own to their twins.
USUAL = {"source": "deal.source", "interest": "deal.description"}
#: What only says how the lead itself stands.
STAYS = {"status", "answered_at", "set_aside_for", "returns_on", "owner", "person", "company"}
#: What a deal says only once it is closed.
ENDS = {"deal.lost_note", "deal.lost_reason", "deal.won_reason", "deal.closed_at"}
TEXTS = ("text", "long_text")
PLAIN = (*TEXTS, "choice", "integer", "decimal", "date", "url", "boolean")


@dataclass(frozen=True, slots=True)
class Mapped:
    """A field of a lead that says something, where it goes, and where it might go."""

    kind: Kind
    value: Any
    to: str
    choices: Sequence[str]


def read_mapping(
    principal: Principal, lead: UUID, said: Mapping[str, str] | None = None
) -> list[Mapped]:
    """Each filled field of a lead with where it goes: as `said`, else as usual. Raises Rejected."""
    fields = registry.get("lead").fields
    names = [name for name in access.fields(principal, "lead").readable if _may_go(fields[name])]
    row = read_record(principal, "lead", lead, names, context_for(principal), titled=False)
    values = (row or Row(lead, 0, {})).values
    targets = _targets(principal)
    _check(said or {}, {name: _fitting(fields[name], targets) for name in names})
    found = []
    for name in (one for one in fields if one in values and not fields[one].blank(values[one])):
        choices = _fitting(fields[name], targets)
        to = _usual(fields[name], choices) if said is None else said.get(name, "")
        found.append(Mapped(fields[name], values[name], to, choices))
    return found


def values_for(name: str, mapping: Sequence[Mapped], context: Context) -> dict[str, Any]:
    """What goes to the record of that object, by its fields; no choice that it does not offer."""
    fields, found = registry.get(name).fields, {}
    for one in mapping:
        target, _dot, field = one.to.partition(".")
        if target == name and _fits(fields[field], one.value):
            found[field] = _turned(one, fields[field], context)
    return found


def _may_go(kind: Kind) -> bool:
    return kind.stored and kind.editable and kind.name not in STAYS and not kind.staged


def _targets(principal: Principal) -> list[tuple[str, Kind]]:
    found = []
    for name in INTO:
        editable = access.fields(principal, name).editable
        kinds = registry.get(name).fields
        open_to = [one for one in kinds if one in editable and f"{name}.{one}" not in ENDS]
        found += [(f"{name}.{one}", kinds[one]) for one in open_to if kinds[one].stored]
    return found


def _fitting(kind: Kind, targets: Sequence[tuple[str, Kind]]) -> list[str]:
    return [path for path, other in targets if _goes(kind, other)]


def _goes(kind: Kind, other: Kind) -> bool:
    """Whether a field can take what another holds: of one sort, or in words."""
    if other.type in TEXTS and kind.type in PLAIN:
        return not getattr(other, "joined_from", ())
    is_same = kind.type == other.type and kind.type in (*PLAIN, "choices", "money", "datetime")
    return is_same and (not isinstance(kind, Choice) or isinstance(other, Choice))


def _usual(kind: Kind, choices: Sequence[str]) -> str:
    twin = f"deal.{kind.name}"
    if kind.is_custom and twin in choices:
        other = registry.get("deal").fields[kind.name]
        return twin if other.is_custom and other.type == kind.type else ""
    usual = USUAL.get(kind.name, "")
    return usual if usual in choices else ""


def _check(said: Mapping[str, str], choices: Mapping[str, Sequence[str]]) -> None:
    """Raises Rejected for what can't go there, and for two fields that go to one."""
    faults, met = {}, set()
    for name, to in said.items():
        if to and to not in choices.get(name, ()):
            faults["fields"] = _("%(field)s can't go there. Choose another field for it.") % {
                "field": name[:60]
            }
        elif to and to in met:
            faults["fields"] = _("Two fields can't go to the same one: %(field)s.") % {"field": to}
        met.add(to)
    if faults:
        raise Rejected(faults)


def _turned(one: Mapped, to: Kind, context: Context) -> Any:
    if one.kind.type == to.type:
        return one.value
    text = one.kind.plain(one.value, context)
    return format_html("<p>{}</p>", text) if to.type == "long_text" else text


def _fits(kind: Kind, value: Any) -> bool:
    if not isinstance(kind, Choice):
        return True
    return set(value if isinstance(value, list) else [value]) <= set(kind.options)
