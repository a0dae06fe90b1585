"""What a layout and its sections are called in every language that the house speaks."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import override

from rapport.records import registry
from rapport.records.kinds.base import Words


def name_of(object_name: str, team: str = "") -> dict[str, str]:
    """What a layout is called: its records, and whose it is."""
    if not registry.is_declared(object_name):
        return {"en": object_name}
    label = in_every_language(registry.get(object_name).label_plural)
    return {code: f"{text} · {team}" if team else text for code, text in label.items()}


def in_every_language(label: Words) -> dict[str, str]:
    """A label of ours as words by language."""
    said = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            said[code] = str(label)
    return said
