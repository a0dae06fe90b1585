"""Why an open deal is worth a look, as a field by which deals are found."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from rapport.accounts.principals import Principal
from rapport.accounts.queries import workspace
from rapport.records.kinds import Choices, Computed, Context
from rapport.sales.parts.flag_words import LABELS, TONES, sentence_of
from rapport.sales.queries.deal_flags import FLAGS, Flag, flagged, flags_of, glance

type Flags = Sequence[Flag]


class DealFlags(Computed, Choices):
    """The reasons, each with its figures; worked out while one looks."""

    type = "deal_flags"
    operators = ("any", "none", "empty", "filled")

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(label, _fetch, options=LABELS, **more)

    def blank(self, value: Flags | None) -> bool:
        return not value

    def plain(self, value: Any, context: Context) -> str:
        # The right side of a rule is the name of one reason.
        if isinstance(value, str):
            return str(self.options.get(value, value))
        return ", ".join(str(LABELS[one.name]) for one in value or ())

    def show(self, value: Flags | None, context: Context) -> SafeString:
        rows = (
            (TONES.get(one.name, "plain"), _told(one, context), LABELS[one.name])
            for one in value or ()
        )
        tags = format_html_join(" ", '<span class="tag {}" title="{}">{}</span>', rows)
        return format_html('<span class="row wrap gap-1">{}</span>', tags) if tags else tags

    def json(self, value: Flags | None) -> Any:
        language, currency = get_language() or "en", workspace().currency
        return [
            {"flag": one.name, "reason": sentence_of(one, language, currency)}
            for one in value or ()
        ]

    def export(self, value: Flags | None, context: Context) -> str:
        return ",".join(one.name for one in value or ())

    def asked(self, op: str, argument: Any, context: Context) -> tuple[Q, Hashable]:
        """By the reasons that the reader may be told of."""
        found = glance(context.principal)
        names = argument if op in ("any", "none") else list(FLAGS)
        met = flagged(found, names, context)
        return (~met if op in ("none", "empty") else met), found

    def describe(self) -> dict[str, Any]:
        reason = {"flag": {"enum": list(FLAGS)}, "reason": {"type": "string"}}
        one = {"type": "object", "required": list(reason), "properties": reason}
        return {"type": "array", "items": one, "readOnly": True}


def _told(one: Flag, context: Context) -> str:
    return sentence_of(one, context.language, context.currency)


def _fetch(principal: Principal, ids: Sequence[UUID]) -> Mapping[UUID, Flags]:
    return flags_of(glance(principal), ids, Context(principal))
