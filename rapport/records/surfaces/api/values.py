"""Values that a program sends, read by the kinds of the fields it names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from rapport.records import access
from rapport.records.declare import Object
from rapport.records.kinds import Context, Invalid
from rapport.records.store import Rejected
from rapport.records.surfaces.api.forms import form_of, has_form


def read_values(
    body: Mapping[str, Any], declaration: type[Object], context: Context
) -> dict[str, Any]:
    """The values by field name. Raises Rejected with a sentence for every field at fault.

    A name that is not a field, or not this principal's to set, is a fault and never passed over:
    a program that sends `owner` must hear when it is not heeded.
    """
    allowed = access.fields(context.principal, declaration.name)
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name, raw in body.items():
        try:
            values[name] = _value(name, raw, declaration, allowed, context)
        except Invalid as fault:
            faults[name[:60]] = str(fault)
    if faults:
        raise Rejected(faults)
    return values


def _value(
    name: str, raw: Any, declaration: type[Object], allowed: access.Fields, context: Context
) -> Any:
    kind = declaration.fields.get(name)
    if kind is None or name not in allowed.readable:
        raise Invalid(
            _("%(objects)s have no field “%(field)s”.")
            % {"objects": declaration.label_plural, "field": name[:60]}
        )
    if name not in allowed.editable:
        raise Invalid(_("This field can't be set."))
    value = kind.parse(raw, context)
    if not has_form(raw, form_of(kind)):
        raise Invalid(
            _("%(field)s doesn't have the form that the API's description gives.")
            % {"field": kind.label}
        )
    return value
