"""The rules of administrators' fields, where a write may break one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal, service
from rapport.records.declare import Object
from rapport.records.kinds.base import Context
from rapport.records.store.errors import Rejected


def check_required(declaration: type[Object], values: Mapping[str, Any]) -> None:
    """Raises Rejected for a new record without what every record of the object has."""
    missing = {
        name: _("%(field)s can't be empty.") % {"field": kind.label}
        for name, kind in declaration.fields.items()
        if kind.required and kind.editable and kind.default is None and kind.blank(values.get(name))
    }
    if missing:
        raise Rejected(missing)


def check_new(principal: Principal, declaration: type[Object], values: Mapping[str, Any]) -> None:
    """Raises Rejected for a new record that would break a rule."""
    from rapport.records.metadata.rules import begins_with, check_rules, ruled

    if ruled(declaration):
        known = begins_with(declaration) | dict(values)
        check_rules(declaration, declaration.fields, known, principal.language)


def check_changed(
    principal: Principal, declaration: type[Object], record_id: UUID, values: Mapping[str, Any]
) -> None:
    """Raises Rejected for a change that would break a rule; reads the record only if it may."""
    from rapport.records.metadata.rules import check_rules, needed_by, touched_by
    from rapport.records.reading import read_record

    touched = touched_by(declaration, values)
    if not touched:
        return
    needed = {name for kind in touched for name in needed_by(kind)} & declaration.fields.keys()
    house = service("rules")
    row = read_record(house, declaration.name, record_id, needed, Context(house), titled=False)
    before = row.values if row else {}
    check_rules(declaration, values, {**before, **values}, principal.language)


def may_break(declaration: type[Object], values: Mapping[str, Any]) -> bool:
    """Whether giving these values to many records needs a look at each."""
    from rapport.records.metadata.rules import touched_by

    return bool(touched_by(declaration, values))
