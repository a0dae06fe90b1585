"""What a receiver is sent, as Standard Webhooks has it: type, timestamp, data."""

from __future__ import annotations

import json
from typing import Any

from rapport.automation.webhooks.happenings import Happening
from rapport.records import registry
from rapport.records.reading.documents import Encoder

#: Bytes; what is longer tells of the fields without their long values, then without values.
LARGEST = 20_000
LONG = 500
TEST = "webhook.test"


def payload_of(one: Happening, site: str) -> str:
    """The body that tells of what happened; `site` is where people reach this instance."""
    body = _written(one, site, one.fields)
    for shorten in (_without_long_values, _without_values):
        if len(body.encode()) <= LARGEST:
            return body
        body = _written(one, site, [shorten(each) for each in one.fields], is_cut=True)
    return body if len(body.encode()) <= LARGEST else _written(one, site, [], is_cut=True)


def trial_payload(name: str, at: str) -> str:
    """The body by which somebody tries whether a receiver answers."""
    return json.dumps({"type": TEST, "timestamp": at, "data": {"webhook": name}})


def event_name(one: Happening) -> str:
    """What the event is called: the object, a dot, and what happened to it."""
    return f"{one.object}.{one.event}"


def _written(
    one: Happening, site: str, fields: list[dict[str, Any]], *, is_cut: bool = False
) -> str:
    declaration = registry.get(one.object)
    data: dict[str, Any] = {
        "object": one.object,
        "id": one.record_id,
        "url": site + declaration.url(one.record_id),
        "change_set": one.made.pk,
        "by": one.made.user_id,
        "via": one.made.via,
        "undo_of": one.undo_of,
        "imported": one.is_import,
        "fields": fields,
    }
    if is_cut:
        data["cut"] = True
    if one.is_gone:
        data["for_good"] = True
    if one.into:
        data["into"] = one.into
    told = {"type": event_name(one), "timestamp": one.at, "data": data}
    return json.dumps(told, cls=Encoder, ensure_ascii=False, separators=(",", ":"))


def _without_long_values(told: dict[str, Any]) -> dict[str, Any]:
    long = {name for name in ("old", "new") if len(json.dumps(told[name], cls=Encoder)) > LONG}
    return told | dict.fromkeys(sorted(long)) | ({"cut": True} if long else {})


def _without_values(told: dict[str, Any]) -> dict[str, Any]:
    return {"field": told["field"], "cut": True}
