"""`{% load accounts %}`: a browser or an event in words, a moment as the reader writes it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rapport.kit.formats import format_moment

register = template.Library()

# The order matters: most browsers claim to be the ones further down as well.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@register.filter
def browser(agent: str) -> str:
    """Return "Firefox on Linux" for what the browser said of itself."""
    program = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    if program and system:
        return _("%(program)s on %(system)s") % {"program": program, "system": system}
    return program or system or _("A program")


@register.filter
def in_words(detail: Mapping[str, Any], roles: Mapping[str, str]) -> str:
    """Return what an event was about: roles from and to, a token's name, a role or a team."""
    if "before" in detail:
        before, after = (
            ", ".join(roles.get(one, one) for one in detail[key].split(", ")) or "–"
            for key in ("before", "after")
        )
        return f"{before} → {after}"
    role = detail.get("role", "")
    listed = ", ".join(roles.get(key, key) for key in detail.get("roles", ()))
    return detail.get("name") or roles.get(role, role) or detail.get("team", "") or listed


@register.filter
def moment(value: datetime) -> str:
    """Return date and time in the reader's zone and language."""
    return format_moment(timezone.localtime(value), get_language() or "en")
