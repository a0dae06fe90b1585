"""Contact cards as a table: one row a card, one column for each thing any card says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from rapport.records.imports.reading import card_fields, encodings
from rapport.records.imports.reading.jcards import read_jcards
from rapport.records.imports.reading.lines import STRAY, Lines, mend
from rapport.records.imports.reading.sources import Source
from rapport.records.imports.reading.table import Note, Row, Table, Tally
from rapport.records.imports.reading.unreadable import unreadable
from rapport.records.imports.reading.vcards import Card, read_cards


@dataclass
class CardTable(Table):
    """A vCard or jCard file; `rows` reads it anew each time."""

    def rows(self) -> Iterator[Row]:
        tally = self.tally = Tally()
        for number, card in enumerate(self.cards(), start=1):
            cells = card_fields.fields(card)
            if card_fields.is_group(card) or not cells:
                tally.blank += 1
                continue
            problem = problem_of(card, cells, self.encoding)
            tally.bad += bool(problem)
            tally.good += not problem
            yield Row(number, [mend(cells.get(column, "")) for column in self.columns], problem)

    def cards(self) -> Iterator[Card]:
        """The cards from the first."""
        if self.format == "jcard":
            yield from read_jcards(self.source)
            return
        with self.source.open() as stream:
            self.stream = stream
            yield from read_cards(Lines(stream, self.encoding))


def problem_of(card: Card, cells: dict[str, str], encoding: str) -> str | None:
    """Why a card can't be taken, or None."""
    if not card.complete:
        return _("The end of this card is missing.")
    if any(STRAY.search(text) for text in cells.values()):
        return _("Some letters of this card could not be read as %(encoding)s. Check them.") % {
            "encoding": encoding
        }
    return None


def open_cards(source: Source, form: str, *, encoding: str = "") -> CardTable:
    """The cards of a file, read once through for their columns. Raises Unreadable (no_cards)."""
    table = CardTable(
        columns=[],
        format=form,
        total=source.size(),
        encoding=encodings.chosen_or_found(encoding, source),
        source=source,
    )
    survey = Survey()
    for card in table.cards():
        survey.add(card)
    if not survey.columns or not survey.complete:
        raise unreadable("no_cards")
    table.columns = sorted(survey.columns, key=card_fields.place)
    table.notes = survey.notes()
    return table


@dataclass
class Survey:
    """What all cards of a file say, and what of it is left out."""

    columns: set[str] = field(default_factory=set)
    complete: int = 0
    groups: int = 0
    media: int = 0
    damaged: int = 0
    unknown: set[str] = field(default_factory=set)

    def add(self, card: Card) -> None:
        """Count one card."""
        if card_fields.is_group(card):
            self.groups += 1
            return
        self.complete += card.complete
        self.columns |= card_fields.fields(card).keys()
        names = {one.name for one in card.properties}
        self.media += bool(names & card_fields.MEDIA)
        self.unknown |= names - card_fields.TAKEN - card_fields.MEDIA
        self.damaged += len(card.damaged)

    def notes(self) -> list[Note]:
        """Sentences about what is left out."""
        sentences = (
            ("groups", self.groups, _("Groups of contacts were left out: %(count)s.")),
            (
                "media",
                self.media,
                _("Cards whose photos, sounds or keys were left out: %(count)s."),
            ),
            ("damaged_lines", self.damaged, _("Unreadable lines that were left out: %(count)s.")),
        )
        found = [Note(code, text % {"count": count}) for code, count, text in sentences if count]
        if self.unknown:
            text = _("These entries of the cards have no place here: %(names)s.")
            found.append(Note("unknown_entries", text % {"names": shortened(sorted(self.unknown))}))
        return found


def shortened(names: list[str], most: int = 12) -> str:
    """The first names, and how many there are beside them."""
    listed = ", ".join(names[:most])
    return f"{listed} (+{len(names) - most})" if len(names) > most else listed
