"""Cards of a record's page, each from the domain that knows about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from rapport.accounts.request import Request
from rapport.records.declare import Panel
from rapport.records.surfaces.seen import Seen


@dataclass(frozen=True, slots=True)
class Card:
    """A panel with its content."""

    name: str
    label: str
    content: SafeString | str


def cards(request: Request, seen: Seen, place: str) -> Sequence[Card]:
    """The panels of one place that have something to show, in order."""
    panels = [panel for panel in seen.declaration.panels if panel.place == place]
    drawn = [draw(request, seen, panel) for panel in sorted(panels, key=lambda one: one.order)]
    return [card for card in drawn if card.content]


def draw(request: Request, seen: Seen, panel: Panel) -> Card:
    """One panel for this reader."""
    return Card(panel.name, str(panel.label), panel.render(request, seen.record))


def panel_of(seen: Seen, name: str) -> Panel | None:
    """The panel of that name."""
    return next((panel for panel in seen.declaration.panels if panel.name == name), None)
