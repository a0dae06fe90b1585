"""Cards of a record's page, each from the domain that knows about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from rapport.accounts.request import Request
from rapport.records.compiled import Ask
from rapport.records.declare import Answered, Object, Panel
from rapport.records.surfaces.seen import MoreAsks, Seen


@dataclass(frozen=True, slots=True)
class Card:
    """A panel with its content."""

    name: str
    label: str
    content: SafeString | str


def asks_of_panels(panels: Iterable[Panel]) -> MoreAsks:
    """What panels ask of a record, to be sent with what its page asks itself."""

    def ask(seen: Seen) -> Mapping[str, Ask]:
        return {
            f"{panel.name}__{name}": one
            for panel in panels
            if panel.asks is not None
            for name, one in panel.asks(seen.context.principal, seen.record).items()
        }

    return ask


def panels_in(declaration: type[Object], place: str) -> Sequence[Panel]:
    """The panels of one place, in order."""
    found = [panel for panel in declaration.panels if panel.place == place]
    return sorted(found, key=lambda one: one.order)


def cards(request: Request, seen: Seen, place: str) -> Sequence[Card]:
    """The panels of one place that have something to show, in order."""
    drawn = [draw(request, seen, panel) for panel in panels_in(seen.declaration, place)]
    return [card for card in drawn if card.content]


def draw(request: Request, seen: Seen, panel: Panel) -> Card:
    """One panel for this reader, from the answers to what it asked."""
    if panel.asks is None:
        return Card(panel.name, str(panel.label), panel.render(request, seen.record))
    mark = f"{panel.name}__"
    own = {
        name.removeprefix(mark): rows
        for name, rows in seen.answers.items()
        if name.startswith(mark)
    }
    return Card(
        panel.name,
        str(panel.label),
        panel.render(request, seen.record, Answered(own, seen.context.titles)),
    )


def panel_of(declaration: type[Object], name: str) -> Panel | None:
    """The panel of that name."""
    return next((panel for panel in declaration.panels if panel.name == name), None)
