"""Why two rows are taken for one: a few words for each field that speaks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rapport.records.duplicates.matching.definitions import Comparison
from rapport.records.duplicates.matching.statements import compose


class Said(NamedTuple):
    """What one field says about a pair."""

    field: str
    """name, or a comparison's name."""
    code: str
    """same, swapped, close, short, alike, turned or other."""
    likeness: float | None = None
    """From 0 to 1, where the values are texts that are not the same."""


ORDER = ("other", "turned", "alike", "short", "close", "swapped", "same")
HALVES = ("given", "family")
WORDS = {
    "name": "name", "given": "given name", "family": "family name", "company": "company",
    "email": "email", "phone": "phone", "web": "web domain", "number": "house number",
    "street": "street", "extra": "address line", "city": "city", "postcode": "postal code",
    "region": "region", "country": "country", "birth": "date of birth",
    "national_id": "national ID",
}  # fmt: skip
EVIDENCE = """
SELECT f.row_l, f.row_r, f.probability, {columns}
FROM found AS f JOIN people AS l ON l.row = f.row_l JOIN people AS r ON r.row = f.row_r
ORDER BY f.row_l, f.row_r
"""
SENTENCES = {
    "same": "same {field}",
    "close": "similar {field}",
    "alike": "similar {field}",
    "swapped": "swapped {field}",
    "short": "initial of {field}",
    "turned": "half of {field}",
    "other": "different {field}",
}


def evidence_sql(comparisons: Sequence[Comparison]) -> str:
    """The statement that reads `found` with, for each comparison, its level and likeness."""
    columns = []
    for one in comparisons:
        likeness = one.likeness or "NULL::DOUBLE"
        for side in ("l", "r"):
            likeness = likeness.replace(f"{one.name}_{side}", f"{side}.{one.name}")
        columns.append(f"f.gamma_{one.name}, {likeness}")
    return compose(EVIDENCE, columns=", ".join(columns))


def evidence_of(
    comparisons: Sequence[Comparison], values: Sequence[float | None]
) -> tuple[Said, ...]:
    """What the fields of one pair say; `values` are a level and a likeness for each comparison."""
    said = {}
    for place, one in enumerate(comparisons):
        level, likeness = values[2 * place], values[2 * place + 1]
        code = code_of(one, int(level) if level is not None else -1)
        if code:
            said[one.name] = Said(one.name, code, None if code == "same" else likeness)
    return whole_name(said)


def code_of(comparison: Comparison, gamma: int) -> str:
    """The level that Splink numbers so: the first is the highest, 0 is no agreement, -1 nothing."""
    if gamma < 0:
        return ""
    return "other" if gamma == 0 else comparison.levels[len(comparison.levels) - gamma].code


def whole_name(said: dict[str, Said]) -> tuple[Said, ...]:
    """The same with both halves of a name as one, where both speak."""
    if not said.keys() >= set(HALVES):
        return tuple(said.values())
    halves = [said.pop(half) for half in HALVES]
    codes = {one.code for one in halves}
    if codes == {"same"} or codes == {"swapped"}:
        return (Said("name", codes.pop()), *said.values())
    likeness = sum(1.0 if one.likeness is None else one.likeness for one in halves) / len(halves)
    return (Said("name", weakest(halves), likeness), *said.values())


def weakest(halves: Sequence[Said]) -> str:
    """What two halves say together: what the weaker one says."""
    return min((one.code for one in halves), key=ORDER.index)


def in_english(evidence: Sequence[Said]) -> str:
    """The evidence on one line: same phone, name 0.93."""
    return ", ".join(sentence(one) for one in evidence)


def sentence(one: Said) -> str:
    """One field in words."""
    if one.likeness is not None and one.code in ("close", "short", "alike", "other"):
        return f"{WORDS[one.field]} {one.likeness:.2f}"
    return SENTENCES[one.code].format(field=WORDS[one.field])
