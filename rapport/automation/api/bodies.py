"""What programs send about webhooks, checked before anything is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from rapport.automation.actions import Wish, wish_of
from rapport.automation.models import Webhook
from rapport.records.kinds.base import is_storable
from rapport.records.store import Rejected

TEXTS, LISTS, FLAGS = ("name", "url"), ("objects", "events", "fields"), ("undo", "imports")
NAMES = (*TEXTS, *LISTS, *FLAGS, "condition", "headers")


def read_wish(sent: Mapping[str, Any], kept: Webhook | None) -> Wish:
    """What a body asks for; what it does not name stays, or is as usual. Raises Rejected."""
    check_names(sent, (*NAMES, "owner") if kept is None else (*NAMES, "is_on"))
    faults = dict(filter(None, (_fault(name, sent[name]) for name in sent)))
    if faults:
        raise Rejected(faults)
    wish = wish_of(kept) if kept is not None else Wish("", "", ())
    values = {name: sent[name] for name in NAMES if name in sent}
    for flag in FLAGS:
        if flag in values:
            values[f"hears_{flag}"] = values.pop(flag)
    return replace(wish, **values)


def read_period(sent: Mapping[str, Any]) -> tuple[datetime, datetime] | None:
    """From when to when is to be sent again; None for all that was given up. Raises Rejected."""
    check_names(sent, ("since", "until"))
    if not sent:
        return None
    moments = {name: _moment(sent.get(name)) for name in ("since", "until")}
    faults = {name: _("This is a moment as 2026-11-01T14:30:00Z.") for name in moments}
    if bad := {name: faults[name] for name, found in moments.items() if found is None}:
        raise Rejected(bad)
    since, until = moments.values()
    if since is None or until is None or since >= until:
        raise Rejected({"until": _("The end comes after the beginning.")})
    return since, until


def check_names(sent: Mapping[str, Any], known: tuple[str, ...]) -> None:
    """Raises Rejected for a field that is not known."""
    if unknown := sorted(sent.keys() - set(known)):
        raise Rejected({name[:60]: _("There is no such field here.") for name in unknown})


def _fault(name: str, value: Any) -> tuple[str, str] | None:
    if name in (*TEXTS, "owner") and not (isinstance(value, str) and is_storable(value)):
        return name, _("This is a text.")
    if name in LISTS and not _is_list(value):
        return name, _("This is a list of texts.")
    if name in (*FLAGS, "is_on") and not isinstance(value, bool):
        return name, _("This is true or false.")
    if name == "headers" and not _are_headers(value):
        return name, _("This is an object of texts.")
    if name == "condition" and not (value is None or (isinstance(value, dict) and _keeps(value))):
        return name, _("This is a condition as JSON, or null.")
    return None


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value) and _keeps(value)


def _are_headers(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())


def _keeps(value: Any) -> bool:
    return is_storable(value)


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        found = parse_datetime(value)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
