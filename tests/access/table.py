"""The reviewed table: what each address answers to whom."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rapport.records.declare import Object
from rapport.records.duplicates.look_ups import has_look_ups
from rapport.records.duplicates.merging import may_be_merged
from rapport.records.reaching import is_shareable
from tests.access.people import COLUMNS

TABLE = Path(__file__).with_name("matrix.txt")
OBJECTS = Path(__file__).with_name("objects.txt")
LACKING = Path(__file__).with_name("lacking.txt")
ELSEWHERE = Path(__file__).with_name("elsewhere.txt")
WORDS = {"yes", "idle", "no", "gone", "bad", "login"}


@dataclass(frozen=True)
class Row:
    """One way of asking an address, and the outcome by column."""

    name: str
    variant: str
    method: str
    objects: str
    outcomes: dict[str, str]

    @property
    def label(self) -> str:
        """How failures call it."""
        return f"{self.method} {self.name}{':' if self.variant else ''}{self.variant}"

    def is_about(self, declaration: type[Object]) -> bool:
        """Whether the row holds for the object."""
        return self.objects in {"all", declaration.name, *features(declaration)}


def features(declaration: type[Object]) -> set[str]:
    """What rows may ask of an object: whose its records are, and what it has."""
    has = {
        "board": declaration.board,
        "calendar": declaration.calendar,
        "timeline": declaration.has_timeline,
        "duplicates": has_look_ups(declaration),
        "merge": may_be_merged(declaration),
        "shareable": is_shareable(declaration),
        "why": any(hasattr(kind, "why") for kind in declaration.fields.values()),
    }
    keyed = "key" if "external_id" in declaration.fields else "no-key"
    return {
        reach_of(declaration),
        f"{reach_of(declaration)}-{keyed}",
        *(name if found else f"no-{name}" for name, found in has.items()),
    }


def reach_of(declaration: type[Object]) -> str:
    """Whose its records are: people's own, everybody's, or the administrators'."""
    return "administered" if declaration.for_administrators else declaration.access


def rows() -> list[Row]:
    """Every row of the table."""
    return [_row(line) for line in _lines(TABLE)]


def listed_objects() -> dict[str, str]:
    """Objects that were reviewed, and to whom their records belong."""
    return dict(line.split() for line in _lines(OBJECTS))


def elsewhere() -> dict[str, str]:
    """Places of doors that no probe comes by, and the test that fails where the door is off."""
    lines = ELSEWHERE.read_text().splitlines()
    pairs = (line.split(maxsplit=1) for line in lines if line and not line.startswith("# "))
    return {place: test.strip() for place, test in pairs}


def rows_about(declaration: type[Object]) -> list[Row]:
    """The rows of one object; one that names it goes before those that speak of many, and one of
    the administrators' objects before those of all."""
    found = [row for row in rows() if row.is_about(declaration)]
    first = {name: number for number, name in enumerate(("administered", declaration.name), 1)}
    rank: dict[str, int] = {}
    for row in found:
        rank[row.label] = max(rank.get(row.label, 0), first.get(row.objects, 0))
    return [row for row in found if first.get(row.objects, 0) == rank[row.label]]


def _row(line: str) -> Row:
    name, method, objects, *outcomes = line.split()
    name, _colon, variant = name.partition(":")
    assert set(outcomes) <= WORDS, line
    return Row(name, variant, method, objects, dict(zip(COLUMNS, outcomes, strict=True)))


def _lines(path: Path) -> list[str]:
    lines = (line.partition("#")[0].strip() for line in path.read_text().splitlines())
    return [line for line in lines if line]
