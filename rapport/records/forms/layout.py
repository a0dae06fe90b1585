"""Which fields stand together on a form and on a record's page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from rapport.records.declare import Object


@dataclass(frozen=True, slots=True)
class Part:
    """A titled group of field names."""

    label: str
    names: tuple[str, ...]


def form_parts(declaration: type[Object], allowed: Collection[str]) -> Sequence[Part]:
    """The declared sections less what is not allowed, then what upper domains have added."""
    parts = [
        Part(str(section.label), tuple(name for name in section.fields if name in allowed))
        for section in declaration.sections
    ]
    placed = {name for section in declaration.sections for name in section.fields}
    rest = tuple(
        name
        for name, kind in declaration.fields.items()
        if name in allowed
        and name not in {*placed, declaration.title}
        and not kind.is_custom
        and (not placed or kind.is_beside)
    )
    label = _("More from other parts") if parts else str(declaration.label)
    custom = tuple(n for n, kind in declaration.fields.items() if n in allowed and kind.is_custom)
    own = Part(_("Own fields"), custom)
    return [part for part in (*parts, own, Part(label, rest)) if part.names]
