"""Inputs that name other records: typed words for everybody, a list to choose from with script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

_NAME = re.compile(r'\bname="([^"]*)"')


def pick_one(to: str, attributes: SafeString, key: Any, text: str) -> SafeString:
    """A text input with the record's name, and beside it, hidden, the key it stood for."""
    return format_html(
        '<span class="lookup" data-lookup="{}"><input type="text" class="in" autocomplete="off" '
        '{} value="{}"><input type="hidden" name="{}.id" value="{}"></span>',
        to,
        attributes,
        text,
        name_in(attributes),
        key or "",
    )


def pick_many(
    to: str, attributes: SafeString, chosen: Iterable[tuple[str, str]], text: str = ""
) -> SafeString:
    """A tick box for each record named so far, and a text input for more of them."""
    name = name_in(attributes)
    return format_html(
        '<div class="lookup many" data-lookup="{}" data-lookup-many="{}" data-remove="{}">{}'
        '<input type="text" class="in" autocomplete="off" {} value="{}"></div>',
        to or "any",
        name,
        _("Remove"),
        format_html_join(
            "",
            '<label class="token"><input type="checkbox" class="check" name="{}.id" value="{}" '
            'checked><span dir="auto">{}</span></label>',
            ((name, key, label) for key, label in chosen),
        ),
        attributes,
        text,
    )


def picked_one(data: QueryDict, name: str) -> dict[str, str]:
    """What `pick_one` sent: the words, and the key they stood for when the page was made."""
    return {"text": data.get(name, "").strip(), "id": data.get(f"{name}.id", "").strip()}


def picked_many(data: QueryDict, name: str) -> dict[str, Any]:
    """What `pick_many` sent: the keys still ticked or chosen from the list, and further words."""
    keys = data.getlist(f"{name}.id")
    if f"{name}.picked" in data:
        keys = [*keys, *_keys_of(data.get(f"{name}.picked", ""))]
    return {"text": data.get(name, "").strip(), "ids": keys}


def _keys_of(text: str) -> Sequence[str]:
    try:
        return [str(pair[0]) for pair in json.loads(text or "[]")]
    except (ValueError, TypeError, LookupError):
        return []


def name_in(attributes: SafeString) -> str:
    """The name among an input's attributes."""
    found = _NAME.search(attributes)
    return found[1] if found else ""
