"""What the log tells of the record itself, as slim lines of its timeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.records.declare import Object
from rapport.records.kinds import Context
from rapport.records.kinds.relation import Relation
from rapport.records.surfaces.timeline.entries import Shown
from rapport.records.surfaces.timeline.stream import Told
from rapport.ui.components import icon


def change_references(
    rows: Iterable[Told], declaration: type[Object], columns: Mapping[str, str]
) -> set[tuple[str, UUID]]:
    """Everything whose title the lines show: who did it, and the records values point at."""
    wanted: set[tuple[str, UUID]] = set()
    for row in rows:
        if row.user:
            wanted.add(("user", row.user))
        for column, name in columns.items():
            kind = declaration.fields[name]
            for side in (row.old, row.new):
                wanted.update(kind.references(_value(kind, side.get(column))))
    return wanted


def draw_change(
    row: Told, declaration: type[Object], columns: Mapping[str, str], context: Context
) -> Shown:
    """One line."""
    who = format_html('<b dir="auto">{}</b>', _who(row, context))
    return Shown(
        at=row.at,
        icon=declaration.icon,
        marker="sys",
        told=_told(row, declaration, columns, context, who),
        is_slim=True,
    )


def _who(row: Told, context: Context) -> str:
    title = context.titles.get(row.user) if row.user else None
    return title.text if title else _("Rapport")


def _told(
    row: Told,
    declaration: type[Object],
    columns: Mapping[str, str],
    context: Context,
    who: SafeString,
) -> SafeString:
    match row.kind:
        case "create" if row.via == "import":
            return format_html(_("{who} imported this"), who=who)
        case "create":
            return format_html(_("{who} created this"), who=who)
        case "trash":
            return format_html(_("{who} moved this to the trash"), who=who)
        case "restore":
            return format_html(_("{who} brought this back from the trash"), who=who)
    moves = format_html_join(
        "; ", "{}", ([move] for move in _moves(row, declaration, columns, context))
    )
    return format_html(_("{who} changed {what}"), who=who, what=moves)


def _moves(
    row: Told, declaration: type[Object], columns: Mapping[str, str], context: Context
) -> list[SafeString]:
    old, new = row.old, row.new
    moves = []
    for column, name in columns.items():
        if column in new:
            kind = declaration.fields[name]
            texts = [kind.plain(_value(kind, side.get(column)), context) for side in (old, new)]
            before, after = (text or _("empty") for text in texts)
            moves.append(
                format_html(
                    '{}: <b dir="auto">{}</b> {} <b dir="auto">{}</b>',
                    kind.label, before, icon("right", small=True, extra="flip"), after,
                )
            )  # fmt: skip
    return moves


def _value(kind: Any, raw: Any) -> Any:
    """A logged value as its kind knows it."""
    return UUID(raw) if raw and isinstance(kind, Relation) else raw
