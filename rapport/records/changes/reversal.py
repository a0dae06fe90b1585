"""What an undo does or would do, in numbers and with its first lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

#: A row, and one of its columns; an empty column means the row as a whole.
type Place = tuple[UUID, str]

#: Lines kept of what goes back and of what stays; the rest is counted.
MOST_KEPT, MOST_BACK = 500, 40


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays as it is because somebody changed it, or uses it, since.

    Without a column it is a whole row that was made. `reason` is changed, used, gone or forgotten;
    `by` and `at` say who changed it last and when, where the log knows.
    """

    object: str
    table: str
    row_id: UUID
    record_id: UUID
    column: str
    was: Any
    left_as: Any
    now: Any
    reason: str
    by: UUID | None = None
    at: datetime | None = None

    @property
    def place(self) -> Place:
        """What names it in a choice of the reader."""
        return (self.row_id, self.column)


@dataclass(frozen=True, slots=True)
class Back:
    """One value that goes back to what it was."""

    object: str
    table: str
    row_id: UUID
    record_id: UUID
    column: str
    now: Any
    was: Any


@dataclass(frozen=True, slots=True)
class Part:
    """What may be left with the record that stayed of a merge, or came to it since: its name, what
    people call it, and how many rows it is."""

    name: str
    label: str
    rows: int


@dataclass(slots=True)
class Tally:
    """What happens to the records of one object: how many rows, and how many values."""

    removed: int = 0
    restored: int = 0
    trashed: int = 0
    values: int = 0
    rows: int = 0


@dataclass(slots=True)
class Reversal:
    """What an undo did or would do, and what it leaves alone."""

    objects: dict[str, Tally] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    kept: list[Kept] = field(default_factory=list)
    back: list[Back] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    added: list[Part] = field(default_factory=list)
    changed: set[UUID] = field(default_factory=set)

    def of(self, name: str) -> Tally:
        """The numbers of one object."""
        return self.objects.setdefault(name, Tally())

    def leave(self, some: list[Kept], total: int, reason: str) -> None:
        """Note `total` things that stay, of which `some` are at hand."""
        if total:
            self.reasons[reason] += total
        self.kept += some[: max(0, MOST_KEPT - len(self.kept))]

    def _sum(self, name: str) -> int:
        return sum(getattr(tally, name) for tally in self.objects.values())

    @property
    def removed(self) -> int:
        """Records that were made and go to the trash."""
        return self._sum("removed")

    @property
    def restored(self) -> int:
        """Records that leave the trash."""
        return self._sum("restored")

    @property
    def trashed(self) -> int:
        """Records that go into the trash again."""
        return self._sum("trashed")

    @property
    def values(self) -> int:
        """Values set back."""
        return self._sum("values")

    @property
    def rows(self) -> int:
        """Rows beside records, such as addresses and links, that are put back or taken away."""
        return self._sum("rows")

    @property
    def staying(self) -> int:
        """How many things are left alone."""
        return self.reasons.total()

    @property
    def undone(self) -> int:
        """How many rows were put back in some way."""
        return self.removed + self.restored + self.trashed + self.rows + len(self.changed)

    @property
    def conflicts(self) -> list[tuple[str, UUID, str]]:
        """(object, row, column) of what is left alone, as far as it is at hand."""
        return [(one.object, one.row_id, one.column) for one in self.kept]


def to_json(reversal: Reversal) -> dict[str, Any]:
    """A preview to be put by, without the rows it changed."""
    return {
        "objects": {name: asdict(tally) for name, tally in reversal.objects.items()},
        "reasons": dict(reversal.reasons),
        "kept": [_plain(asdict(one)) for one in reversal.kept],
        "back": [_plain(asdict(one)) for one in reversal.back],
        "parts": [asdict(one) for one in reversal.parts],
        "added": [asdict(one) for one in reversal.added],
    }


def from_json(kept: Mapping[str, Any]) -> Reversal:
    """The preview that `to_json` put by."""
    return Reversal(
        {name: Tally(**tally) for name, tally in kept["objects"].items()},
        Counter(kept["reasons"]),
        [Kept(**_typed(Kept, one)) for one in kept["kept"]],
        [Back(**_typed(Back, one)) for one in kept["back"]],
        [Part(**one) for one in kept.get("parts", [])],
        [Part(**one) for one in kept.get("added", [])],
    )


def _plain(line: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat()
        if isinstance(value, datetime)
        else (str(value) if isinstance(value, UUID) else value)
        for name, value in line.items()
    }


def _typed(form: type[Any], line: Mapping[str, Any]) -> dict[str, Any]:
    keys = {"row_id", "record_id", "by"} & {one.name for one in fields(form)}
    found = dict(line)
    for name in keys:
        found[name] = UUID(found[name]) if found[name] else None
    if found.get("at"):
        found["at"] = datetime.fromisoformat(found["at"])
    return found
