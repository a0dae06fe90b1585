"""Start-up checks: a slip in a declaration is a sentence with a hint, not a stack trace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core import checks

from rapport.records import registry
from rapport.records.declare import Object


def register() -> None:
    """Add the checks to Django's own."""
    checks.register(check_objects, "rapport")


def check_objects(**_options: Any) -> list[checks.CheckMessage]:
    """All faults of all declarations."""
    return [fault for declaration in registry.all_objects() for fault in _faults(declaration)]


def _faults(declaration: type[Object]) -> Iterator[checks.CheckMessage]:
    yield from _unknown_fields(declaration)
    for name, kind in declaration.fields.items():
        if kind.privacy is None and declaration.privacy is None:
            yield checks.Error(
                f"{declaration.__name__}.{name} doesn't say whether it is personal.",
                hint="Give personal=k.NONE, k.PERSONAL or k.SENSITIVE, or privacy= on the object.",
                id="records.E002",
            )
        if name in registry.RESERVED:
            yield checks.Error(
                f"{declaration.__name__}.{name} is a reserved word in addresses.",
                hint="Choose another API name.",
                id="records.E003",
            )
    if not (declaration.__doc__ or "").strip():
        yield checks.Error(
            f"{declaration.__name__} has no docstring.",
            hint="One sentence; it is shown in the interface, the API and the docs.",
            id="records.E004",
        )


def _unknown_fields(declaration: type[Object]) -> Iterator[checks.CheckMessage]:
    named: dict[str, tuple[str, ...]] = {
        "columns": declaration.columns,
        "quick": declaration.quick,
        "title": (declaration.title,),
        "sort": (declaration.sort.lstrip("-"),) if declaration.sort else (),
        "subtitle": (declaration.subtitle,) if declaration.subtitle else (),
        "header": declaration.header,
        "board": (declaration.board.by,) if declaration.board else (),
        "inherits": (declaration.inherits,) if declaration.inherits else (),
        "calendar": (declaration.calendar.start,) if declaration.calendar else (),
    }
    for section in declaration.sections:
        named[f"section {section.label}"] = section.fields
    for place, names in named.items():
        for name in names:
            if name not in declaration.fields:
                yield checks.Error(
                    f"{declaration.__name__}: {place} names “{name}”, which is not a field.",
                    hint=f"Fields are: {', '.join(sorted(declaration.fields))}.",
                    id="records.E001",
                )
