"""What a layout may be: a sentence at what it can't be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.layouts.arrangement import Arrangement, from_json, must_be_asked
from rapport.records.models.custom_field import CustomField
from rapport.records.store.errors import Rejected


def check_layout(values: Mapping[str, Any], before: Mapping[str, Any]) -> None:
    """Raises Rejected with a sentence for every part that can't be."""
    name = values.get("object") or before.get("object", "")
    if before and name != before["object"]:
        raise Rejected({"object": _("A layout stays with its object. Make another one instead.")})
    if not registry.is_declared(name):
        raise Rejected({"object": _("These records are not here any more.")})
    if not values.get("arrangement"):
        return
    arrangement, declaration = from_json(values["arrangement"]), registry.get(name)
    fault = _unknown(arrangement, declaration) or _left_out(arrangement, declaration)
    if fault:
        raise Rejected({"arrangement": fault})


def _unknown(arrangement: Arrangement, declaration: type[Object]) -> str:
    """Names that no field has, nor a removed one that may be brought back."""
    names = (arrangement.placed | arrangement.hidden) - declaration.fields.keys()
    if not names:
        return ""
    removed = CustomField.objects.filter(object=declaration.name, name__in=names)
    wrong = names - set(removed.values_list("name", flat=True))
    if not wrong:
        return ""
    return _("%(objects)s have no field “%(field)s”.") % {
        "objects": declaration.label_plural,
        "field": min(wrong)[:60],
    }


def _left_out(arrangement: Arrangement, declaration: type[Object]) -> str:
    """What the form would not ask for, though a record can't be without it."""
    named = arrangement.placed | arrangement.hidden
    for name in sorted(named - arrangement.on_form):
        if must_be_asked(declaration, name):
            return _("“%(field)s” has to stand on the form: records can't be saved without it.") % {
                "field": declaration.fields[name].label
            }
    return ""
