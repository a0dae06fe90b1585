"""Several columns that want the same field: who gets it, and what becomes of the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from rapport.records.imports.mapping.candidates import Candidate
from rapport.records.imports.mapping.headings import Heading
from rapport.records.imports.mapping.reach import RANK
from rapport.records.imports.mapping.values import Evidence

SEVERAL = {"emails", "phones", "tags", "people", "about"}
SEVERAL_KINDS = {"emails", "phones", "links", "choices"}
LEAST = 0.5
SURE = 0.75
HOUSE_NUMBERS = (5, 15)

type Group = tuple[str, int]


@dataclass(slots=True)
class Column:
    """One column with its guesses, the surest first."""

    place: int
    heading: Heading
    evidence: Evidence
    guesses: list[Candidate] = field(default_factory=list)

    @property
    def best(self) -> Candidate | None:
        return self.guesses[0] if self.guesses else None

    def weight(self, guess: Candidate) -> float:
        """The strength of a claim: empty columns and mere keys yield to columns with words."""
        empty = 0.1 if not self.evidence.count else 0.0
        second = 0.05 if guess.way and guess.way.second else 0.0
        is_key = guess.standard != "external_id" and self.heading.words[-1:] in (("id",), ("ids",))
        return guess.confidence - empty - second - (0.01 if is_key else 0.0)


@dataclass(frozen=True, slots=True)
class Choice:
    """What was settled for one column."""

    guess: Candidate | None
    reason: str
    part: int = 0
    glue: str = ""
    label_of: str = ""


def settle(columns: list[Column]) -> dict[int, Choice]:
    """The choice for each column, by its place."""
    group = address_group(columns)
    settled: dict[int, Choice] = {}
    taken: dict[str, Column] = {}
    claims = [
        (column.weight(guess), -order, column, guess)
        for column in columns
        for order, guess in enumerate(column.guesses)
        if guess.confidence >= LEAST
    ]
    claims.sort(key=lambda one: (-one[0], -one[1], one[2].place))
    for _weight, _order, column, guess in claims:
        if column.place not in settled:
            choice = claim(column, guess, taken, group)
            if choice:
                settled[column.place] = choice
    for column in columns:
        if column.place not in settled:
            settled[column.place] = Choice(None, why_not(column, taken, group))
    return with_glue(with_labels(columns, settled))


def claim(
    column: Column, guess: Candidate, taken: dict[str, Column], group: Group
) -> Choice | None:
    """The choice if the field is free for this column, else None."""
    if guess.target is None:
        return Choice(guess, guess.reason)
    if guess.way and guess.way.is_label:
        return Choice(guess, guess.reason)
    name = guess.target.name
    if guess.standard in SEVERAL or guess.target.kind in SEVERAL_KINDS:
        return Choice(guess, guess.reason)
    if is_address(guess) and not fits_group(guess, group):
        return None
    part = guess.way.part if guess.way else 0
    slot = f"{name}#{part}" if part else name
    if slot in taken or (not part and any(one.startswith(f"{name}#") for one in taken)):
        return None
    if part and name in taken:
        return None
    taken[slot] = column
    return Choice(guess, guess.reason, part=part)


def why_not(column: Column, taken: dict[str, Column], group: Group) -> str:
    """Why a column goes nowhere."""
    best = column.best
    if best is None or best.target is None or best.confidence < SURE:
        if not column.evidence.count:
            return _("The column is empty.")
        return _("No field has a name like this.")
    if is_address(best) and not fits_group(best, group):
        return _("A record has one address here; another one in the file was chosen.")
    name = best.target.name
    winner = next((one for slot, one in taken.items() if slot.split("#")[0] == name), None)
    if winner is None:
        return _("No field has a name like this.")
    return _("“%(column)s” already goes to this field.") % {"column": winner.heading.text}


def is_address(guess: Candidate) -> bool:
    """Whether a guess is a part of an address."""
    return bool(guess.way and guess.standard.startswith("address."))


def group_of(guess: Candidate) -> Group:
    """Which of several addresses a part belongs to."""
    return (guess.way.label, guess.way.number) if guess.way else ("", 0)


def fits_group(guess: Candidate, group: Group) -> bool:
    """Whether a part belongs to the chosen address, or to none in particular."""
    return group_of(guess) in (group, ("", 0))


def address_group(columns: Iterable[Column]) -> Group:
    """The address that is taken: one with values, then a whole one, then by its sort."""
    parts: dict[Group, set[str]] = defaultdict(set)
    filled: dict[Group, bool] = defaultdict(bool)
    for column in columns:
        guess = column.best
        if guess and guess.way and is_address(guess) and not guess.way.is_label:
            parts[group_of(guess)].add(guess.standard)
            filled[group_of(guess)] |= column.evidence.count > 0
    if not parts:
        return ("", 0)
    return min(parts, key=lambda one: (not filled[one], len(parts[one]) < 2, rank(one)))


def rank(group: Group) -> tuple[int, int]:
    """The order in which addresses are preferred."""
    label, number = group
    return (RANK.index(label) if label in RANK else len(RANK), number)


def with_labels(columns: list[Column], settled: dict[int, Choice]) -> dict[int, Choice]:
    """Label columns are given to the value column that has the same field and number."""
    for column in columns:
        guess = settled[column.place].guess
        if guess is None or guess.way is None or not guess.way.is_label:
            continue
        owner = next((one for one in columns if is_value_of(settled[one.place].guess, guess)), None)
        if owner is None or is_address(guess):
            settled[column.place] = Choice(None, _("The sort of an address has no field here."))
        else:
            reason = _("It says which sort “%(column)s” is.") % {"column": owner.heading.text}
            settled[column.place] = Choice(guess, reason, label_of=owner.heading.text)
    return settled


def is_value_of(value: Candidate | None, label: Candidate) -> bool:
    """Whether one column holds the values whose sorts the other names."""
    if value is None or label.way is None:
        return False
    if value.way is None:
        # Named by its own label, it says nothing of sorts or numbers.
        bare = not label.way.label and not label.way.number
        return bare and value.standard == label.way.field
    if value.way.is_label:
        return False
    same = value.way.field == label.way.field and value.way.number == label.way.number
    return same and value.way.label == label.way.label


def with_glue(settled: dict[int, Choice]) -> dict[int, Choice]:
    """Parts of one field say how they are joined; a lone part needs no order."""
    joined: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for place, choice in settled.items():
        if choice.part and choice.guess and choice.guess.target:
            joined[choice.guess.target.name].append((choice.part, place))
    for members in joined.values():
        for order, (part, place) in enumerate(sorted(members)):
            before = sorted(members)[order - 1][0] if order else 0
            beside = part == HOUSE_NUMBERS[1] or before == HOUSE_NUMBERS[0]
            glue = "" if not order else " " if beside else "\n"
            number = order + 1 if len(members) > 1 else 0
            settled[place] = replace(settled[place], part=number, glue=glue)
    return settled
