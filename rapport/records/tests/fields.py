"""Fields for tests: those that are declared, and custom ones on the sample rooms."""

from __future__ import annotations

from typing import Any

from rapport.accounts.actions import NOBODY
from rapport.records import registry
from rapport.records.metadata.actions import add_field
from rapport.records.metadata.kinds import KINDS
from rapport.records.models import CustomField

SIZES = [
    {"key": "small", "label": {"en": "Small", "es": "Pequeño"}, "tone": "good"},
    {"key": "large", "label": {"en": "Large"}},
]
EXTRA: dict[str, dict[str, Any]] = {
    "choice": {"options": SIZES},
    "choices": {"options": SIZES},
    "relation": {"to": "rental"},
}

#: A field of each type, at the last object that has it; how it is asked for, the engine decides.
OF_EACH_TYPE = {
    kind.type: (one.name, name)
    for one in registry.all_objects()
    for name, kind in one.fields.items()
}


def make_field(kind: str = "text", name: str = "", on: str = "room", **facts: Any) -> CustomField:
    """A custom field as an administrator makes it."""
    label = facts.pop("label", None) or {"en": f"Own {kind}", "es": f"Propio {kind}"}
    facts = {**EXTRA.get(kind, {}), **facts}
    given = {"kind": kind, "name": name or f"own_{kind}", "label": label, **facts}
    return add_field(registry.get(on), given, NOBODY)


def make_every_kind() -> None:
    """A field of each kind, called `own_` and the kind."""
    for kind in KINDS:
        make_field(kind)
