"""What a form sent: values through the kinds, a sentence for each that can't be taken."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from rapport.records.forms.naming import learn_titles, with_keys
from rapport.records.kinds.base import Context, Invalid, Kind


@dataclass(slots=True)
class Posted:
    """The touched fields as values, every field as it was typed, and the errors."""

    values: dict[str, Any] = field(default_factory=dict)
    raws: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def write_seen(kinds: Mapping[str, Kind], values: Mapping[str, Any], context: Context) -> str:
    """A digest of each field as the form shows it, so that what nobody touched is not written."""
    digests = {name: _digest(kind.seen(values.get(name), context)) for name, kind in kinds.items()}
    return json.dumps(digests, separators=(",", ":"))


def read_posted(
    data: QueryDict, kinds: Mapping[str, Kind], context: Context, *, seen: str = ""
) -> Posted:
    """The fields of `kinds` from a form; one that looks like what was `seen` is left alone."""
    posted = Posted()
    for name, kind in kinds.items():
        raw = kind.posted(data, name)
        posted.raws[name] = raw.replace("\r\n", "\n") if isinstance(raw, str) else raw
    learn_titles(posted.raws.values(), kinds, context)
    digests = _digests_in(seen)
    for name, kind in kinds.items():
        _read_one(name, kind, digests.get(name), posted, context)
    return posted


def _read_one(name: str, kind: Kind, seen: str | None, posted: Posted, context: Context) -> None:
    raw = posted.raws[name]
    if isinstance(raw, str) and seen == _digest(raw):
        return
    try:
        value = kind.parse(with_keys(kind, raw, context), context)
    except Invalid as problem:
        posted.errors[name] = str(problem)
        return
    if seen != _digest(kind.seen(value, context)):
        posted.values[name] = value


def _digest(text: str) -> str:
    return hashlib.sha256(text.strip().encode()).hexdigest()[:12]


def _digests_in(text: str) -> Mapping[str, str]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
