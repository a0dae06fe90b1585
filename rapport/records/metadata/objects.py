"""Declarations made of metadata rows: an object that an administrator made, with its model.

A model is made once per process and key, since Django can't have one twice; what is said of it may
change as often as anybody likes.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from rapport.records import kinds as k
from rapport.records.declare import Object, Section
from rapport.records.metadata.words import local
from rapport.records.models import CustomObject, Record

#: Custom models are in no module; this is what they say of it.
NOWHERE = "custom"
APP = "records"
_models: dict[str, type[Record]] = {}


class CustomDeclaration(Object):
    """An object that an administrator made."""

    is_custom: ClassVar[bool] = True


def declaration_of(row: CustomObject) -> type[CustomDeclaration]:
    """The declaration of a row."""
    label, plural = local(row.label, row.name), local(row.label_plural, row.plural)
    said: dict[str, Any] = {
        "__doc__": next(iter(row.description.values()), "") or row.name,
        "__module__": NOWHERE,
        "model": model_of(row),
        "name": row.name,
        "plural": row.plural,
        "label": label,
        "label_plural": plural,
        "icon": row.icon,
        "menu": _("More"),
        "order": 90,
        "title": "name",
        "sort": "name",
        "columns": ("name", "owner", "updated_at"),
        "sections": (Section(label, ("name", "owner")),),
        "quick": ("name",),
        "has_timeline": True,
        "access": row.access,
        "privacy": row.personal,
        "match": (("name",),),
    }
    return type(f"Custom{row.pk.hex}", (CustomDeclaration,), said)


def model_of(row: CustomObject) -> type[Record]:
    """The model of a row's table."""
    known = _models.get(row.table)
    if known is None:
        meta = type("Meta", (), {"db_table": row.table, "app_label": APP})
        known = _models[row.table] = type(
            f"Custom{row.pk.hex}",
            (Record,),
            {
                "__module__": NOWHERE,
                "Meta": meta,
                "name": k.text(_("Name"), required=True, search=True, personal=row.personal),
            },
        )
    return known


def forget_models() -> None:
    """Let go of all custom models, as a process that has met none."""
    for model in _models.values():
        apps.all_models[APP].pop(model.__name__.lower(), None)
    _models.clear()
    apps.clear_cache()
