"""Where the columns of a file most likely go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from rapport.records.imports.mapping import conflicts, profiles, reach
from rapport.records.imports.mapping.candidates import Candidate, candidates
from rapport.records.imports.mapping.conflicts import Choice, Column
from rapport.records.imports.mapping.dates import detect_order
from rapport.records.imports.mapping.headings import Heading, heading
from rapport.records.imports.mapping.names import find_halves
from rapport.records.imports.mapping.numbers import detect_decimal
from rapport.records.imports.mapping.targets import Target, Targets
from rapport.records.imports.mapping.values import examine

SHOWN = 3
#: As `running.plan` has it: what a column names is found by its address or key, never made.
KNOWN = "known_key"
LONGEST = 120
JOINED = " ::: "
OWN = 0.98
DATES = {"date", "datetime"}
NUMBERS = {"decimal", "integer", "money", "percent", "rating", "duration"}
RELATIONS = {"relation", "links", "user"}
RELATED = {"company", "parent", "owner", "people", "about", "pipeline", "stage"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Where one column goes. Under 0.75 nobody should be spared the question."""

    column: str
    target: str | None
    confidence: float
    reason: str
    samples: tuple[str, ...] = ()
    label: str = ""
    """The sort of an e-mail, phone or address: work, home, mobile, work fax …"""
    label_of: str = ""
    """The column whose values this one gives the sorts of."""
    part: int = 0
    """The order among columns that are joined into one field; 0 when alone."""
    glue: str = ""
    """What stands between this part and the one before it."""
    separator: str = ""
    """What parts several values in one cell."""
    match: str = ""
    """How a relation is looked up: external_id, email, domain or name."""
    date_order: str = ""
    decimal: str = ""


def suggest(
    columns: Sequence[str],
    samples: Sequence[Sequence[str]],
    targets: Iterable[Target],
    language: str = "",
    ours: Set[str] = frozenset(),
) -> list[Suggestion]:
    """One suggestion for each column, in order.

    `samples` holds some values of each column. Reasons are given in `language`, or in that of the
    moment. A field that takes several values may be the target of several columns. `ours` are the
    keys of all names and labels by which an export of this object's own calls its columns.
    """
    known = Targets(targets)
    headings = [heading(column) for column in columns]
    # Where every column has a name of ours, no other program has written it; but a list of nothing
    # but what we work out by ourselves is somebody's own.
    is_ours = all(one.key in ours or is_sort(one) for one in headings) and any(
        guess.target for one in headings for guess in own_candidates(one, known)
    )
    profile = None if is_ours else profiles.recognise(headings)
    with override(language or get_language()):
        found = []
        for place, (one, values) in enumerate(zip(headings, samples, strict=True)):
            evidence = examine(values)
            guesses = candidates(one, evidence, known, profile)
            if is_ours:
                guesses = own_candidates(one, known) or guesses
            found.append(Column(place, one, evidence, guesses))
        find_halves(found, samples, known)
        settled = conflicts.settle(found)
        suggested = [suggestion(one, settled[one.place], samples[one.place]) for one in found]
    if profile and profile.only_known:
        suggested = [replace(one, match=one.match and KNOWN) for one in suggested]
    # Our own export parts values by semicolons; a comma in it belongs to a name.
    return [replace(one, separator=";") if is_ours else one for one in suggested]


def own_candidates(one: Heading, known: Targets) -> list[Candidate]:
    """What our own export calls a field is that field, whatever it holds.

    Sorts and keys are left to the usual guesses: they depend on the columns beside them.
    """
    if is_sort(one) or one.key == "id":
        return []
    named = known.named(one.text.strip())
    # Its lines stand together in one cell.
    labelled = [target for target in known.by_label.get(one.key, []) if not target.is_of_row]
    targets = [named] if named else labelled
    if not targets:
        return [Candidate(None, OWN, _("Rapport keeps or works this out by itself."))]
    return [Candidate(target, OWN, _("It has the name of this field.")) for target in targets]


def is_sort(one: Heading) -> bool:
    """Whether a column names the sorts of another one's values."""
    way = reach.read(one)
    return way is not None and way.is_label


def suggestion(column: Column, choice: Choice, samples: Sequence[str]) -> Suggestion:
    """What was settled for a column, with the hints that its values give."""
    shown = tuple(dict.fromkeys(text.strip()[:LONGEST] for text in samples if text.strip()))
    guess = choice.guess
    if guess is None or guess.target is None:
        confidence = guess.confidence if guess else 0.0
        return Suggestion(column.heading.text, None, confidence, choice.reason, shown[:SHOWN])
    return Suggestion(
        column.heading.text,
        guess.target.name,
        round(guess.confidence, 2),
        choice.reason,
        shown[:SHOWN],
        label=guess.way.label if guess.way else "",
        label_of=choice.label_of,
        part=choice.part,
        glue=choice.glue,
        separator=separator(guess, shown),
        match=match(column, guess),
        date_order=detect_order(shown) if guess.target.kind in DATES else "",
        decimal=detect_decimal(shown) if guess.target.kind in NUMBERS else "",
    )


def separator(guess: Candidate, samples: Sequence[str]) -> str:
    """What parts several values in one cell of a field that takes several."""
    if not is_several(guess):
        return ""
    marks = (JOINED, ";") if guess.standard == "phones" else (JOINED, ";", "|", ",")
    return next((mark for mark in marks if any(mark in text for text in samples)), "")


def match(column: Column, guess: Candidate) -> str:
    """How the related record is looked up."""
    if guess.target is None or not is_relation(guess):
        return ""
    if column.heading.key.endswith(("id", "ids")):
        return "external_id"
    if column.evidence.share("email") >= 0.6:
        return "email"
    return "domain" if column.evidence.share("web") >= 0.6 else "name"


def is_several(guess: Candidate) -> bool:
    """Whether the field takes several values."""
    kind = guess.target.kind if guess.target else ""
    return guess.standard in conflicts.SEVERAL or kind in conflicts.SEVERAL_KINDS


def is_relation(guess: Candidate) -> bool:
    """Whether the field names another record."""
    kind = guess.target.kind if guess.target else ""
    return guess.standard in RELATED or kind in RELATIONS
