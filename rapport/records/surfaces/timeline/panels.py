"""The timeline and the files of a record as panels of its page, for every object that has them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.records import registry
from rapport.records.compiled import Answers, Ask
from rapport.records.declare import Answered, Object, Panel, contribute
from rapport.records.surfaces.files.views import draw_files, files_asks
from rapport.records.surfaces.timeline.composer import (
    composer_key,
    draft_key,
    new_composer,
    writable,
)
from rapport.records.surfaces.timeline.reading import draw_timeline
from rapport.records.surfaces.timeline.stream import stream_asks


def ask_timeline(principal: Principal, record: Any) -> Mapping[str, Ask]:
    """What the first page of the timeline is made of."""
    declaration = declared_as(record)
    return stream_asks(principal, declaration, record) if declaration.has_timeline else {}


def timeline_panel(request: Request, record: Any, answers: Answered) -> SafeString | str:
    """What concerned the record, with the forms to add to it."""
    declaration = declared_as(record)
    if not declaration.has_timeline:
        return ""
    facts = {
        "timeline": draw_timeline(request, declaration, record.pk, answers, known=answers.titles),
        **(_composer(request, declaration, record.pk) if record.deleted_at is None else {}),
    }
    return render_to_string("records/timeline/panel.html", facts, request)


def _composer(request: Request, declaration: type[Object], record_id: UUID) -> dict[str, Any]:
    may_write = writable(request.principal)
    if not may_write:
        return {}
    writes = may_write[0]
    made = cache(lambda: new_composer(request, declaration, record_id, writes))
    return {
        "may_write": True,
        "composer_key": composer_key(request, declaration, writes),
        "composer": SimpleLazyObject(made),
        "draft": SimpleLazyObject(lambda: made().draft),
        "record_url": declaration.url(record_id),
        "draft_key": draft_key(writes, record_id),
    }


def ask_files(principal: Principal, record: Any) -> Mapping[str, Ask]:
    """What the card of files shows."""
    declaration = declared_as(record)
    if not declaration.has_timeline and declaration.timeline is None:
        return {}
    return files_asks(principal, declaration, record.pk)


def files_panel(request: Request, record: Any, answers: Answers) -> SafeString | str:
    """The files of the record and of what concerned it."""
    declaration = declared_as(record)
    return draw_files(request, declaration, record, answers) if answers else ""


def declared_as(record: Any) -> type[Object]:
    """The object a record is of. Raises LookupError."""
    for declaration in registry.all_objects():
        if declaration.model is type(record):
            return declaration
    raise LookupError(f"{type(record).__name__} is no declared object.")


contribute(
    "*",
    panels=(
        Panel("timeline", _("Timeline"), timeline_panel, place="main", order=10, asks=ask_timeline),
        Panel("files", _("Files"), files_panel, order=80, asks=ask_files),
    ),
)
