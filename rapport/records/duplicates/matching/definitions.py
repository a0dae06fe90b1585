"""How each kind of field is compared: declared once, for files, records, DuckDB and Spark.

A comparison has levels, tried in order; the first that holds counts. Each level has two shipped
probabilities, after Fellegi and Sunter, "A Theory for Record Linkage" (JASA 64, 1969): `m`, how
often it holds for two rows of one person, and `u`, how often for two rows of different people. Its
weight is log2(m / u) bits. `u` is measured anew on every file that is large enough
(`training.py`); `m` is ours, and the same for every file.

Conditions are DuckDB's SQL about `x_l` and `x_r`, the prepared columns of both rows.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Level:
    """One degree of agreement."""

    code: str
    """same, swapped, close, short, alike, turned: what the evidence says."""
    condition: str
    m: float
    u: float
    rare: str = ""
    """The column whose rarer values weigh more: sharing Smith says less than sharing Wojtowicz."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two values of one field are compared."""

    name: str
    columns: tuple[str, ...]
    """Prepared columns that it reads; the first must be there."""
    levels: tuple[Level, ...]
    missing: str
    """When nothing can be said."""
    likeness: str = ""
    """SQL of a number from 0 to 1 that the evidence shows."""

    @property
    def other(self) -> float:
        """How often two rows of one person agree in no way at all."""
        return max(1 - sum(level.m for level in self.levels), 0.005)


def _missing(column: str) -> str:
    return f"{column}_l IS NULL OR {column}_r IS NULL"


#: Whoever moved has another street, postal code and city at once: what differs beside them then is
#: no further proof against one person.
MOVED = (
    "(coalesce(jaro_winkler_similarity(street_l, street_r) < 0.8, true) "
    "AND coalesce(damerau_levenshtein(postcode_l, postcode_r) > 1, true) "
    "AND coalesce(jaro_winkler_similarity(city_l, city_r) < 0.8, true) "
    "AND coalesce(number_l <> number_r, true) "
    "AND (street_l IS NOT NULL AND street_r IS NOT NULL))"
)


def _unsaid(column: str, implied_by: tuple[str, ...]) -> str:
    """When a value is missing, or follows from another that is the same: one postal code has one
    city, and counting both would make one proof two."""
    implied = [MOVED if other == "moved" else _equal(other) for other in implied_by]
    return " OR ".join([_missing(column), *implied])


def _equal(one: str, two: str = "") -> str:
    return f"{one}_l = {two or one}_r"


def _alike(column: str, least: float) -> str:
    return f"jaro_winkler_similarity({column}_l, {column}_r) >= {least}"


def _typos(column: str, most: int) -> str:
    return f"damerau_levenshtein({column}_l, {column}_r) <= {most}"


def _nearly(one: str, two: str) -> str:
    """Whether the second halves of swapped names may be the same too: missing, near or short."""
    short = f"(length({one}_l) = 1 OR length({two}_r) = 1) AND left({one}_l, 1) = left({two}_r, 1)"
    near = f"jaro_winkler_similarity({one}_l, {two}_r) >= 0.85"
    return f"({one}_l IS NULL OR {two}_r IS NULL OR {near} OR ({short}))"


def _name(own: str, other: str, common: float) -> Comparison:
    """Half of a person's name; the halves may stand in each other's place."""
    crossed = (
        f"({_equal(own, other)} AND {_nearly(other, own)}) "
        f"OR ({_equal(other, own)} AND {_nearly(own, other)})"
    )
    shortened = (
        f"(length({own}_l) = 1 OR length({own}_r) = 1) AND left({own}_l, 1) = left({own}_r, 1)"
    )
    longer = f"starts_with({own}_l, {own}_r || ' ') OR starts_with({own}_r, {own}_l || ' ')"
    return Comparison(
        own,
        (own, other),
        (
            Level("same", _equal(own), 0.72, common, rare=own),
            Level("swapped", crossed, 0.04, 0.00002),
            Level("close", f"{_alike(own, 0.9)} OR {longer}", 0.12, common * 1.5),
            Level("short", shortened, 0.03, 0.002),
            Level("alike", f"{_alike(own, 0.8)} OR {_typos(own, 2)}", 0.04, 0.02),
            Level("turned", f"{_equal(own, other)} OR {_equal(other, own)}", 0.02, 0.0005),
        ),
        _missing(own),
        f"jaro_winkler_similarity({own}_l, {own}_r)",
    )


def _text(
    column: str,
    m: tuple[float, float, float],
    u: float,
    swapped_with: str = "",
    implied_by: tuple[str, ...] = (),
) -> Comparison:
    levels = [Level("same", _equal(column), m[0], u, rare=column)]
    if swapped_with:
        crossed = f"{_equal(column, swapped_with)} OR {_equal(swapped_with, column)}"
        levels.append(Level("swapped", crossed, 0.05, u / 4))
    levels += [
        Level("close", _alike(column, 0.9), m[1], u),
        Level("alike", _alike(column, 0.8), m[2], u * 3),
    ]
    columns = (column, swapped_with) if swapped_with else (column,)
    likeness = f"jaro_winkler_similarity({column}_l, {column}_r)"
    return Comparison(column, columns, tuple(levels), _unsaid(column, implied_by), likeness)


def _code(
    column: str,
    m: tuple[float, float],
    u: float,
    *,
    rare: bool = False,
    implied_by: tuple[str, ...] = (),
) -> Comparison:
    """Digits or signs that are right, or one slip of the finger away."""
    return Comparison(
        column,
        (column,),
        (
            Level("same", _equal(column), m[0], u, rare=column if rare else ""),
            Level("close", _typos(column, 1), m[1], u * 8),
        ),
        _unsaid(column, implied_by),
    )


def _address(column: str, close: str, u: float) -> Comparison:
    """Several ways to reach somebody, of which one shared is enough."""
    return Comparison(
        column,
        (column, f"{column}_1"),
        (
            Level("same", f"list_has_any({column}_l, {column}_r)", 0.7, u),
            Level("close", close, 0.12, u * 4),
        ),
        _missing(column),
    )


COMPARISONS: tuple[Comparison, ...] = (
    _name("given", "family", 0.005),
    _name("family", "given", 0.002),
    _text("company", (0.75, 0.12, 0.05), 0.0005),
    _address("email", _alike("email_1", 0.95), 0.00002),
    _address("phone", _typos("phone_1", 1), 0.00002),
    _code("web", (0.85, 0.05), 0.0002, implied_by=("company",)),
    _code("number", (0.78, 0.12), 0.01, implied_by=("moved",)),
    _text("street", (0.72, 0.12, 0.05), 0.0005, "extra"),
    _text("extra", (0.65, 0.12, 0.05), 0.0005, "street"),
    _text("city", (0.75, 0.12, 0.05), 0.005, implied_by=("postcode",)),
    _code("postcode", (0.85, 0.1), 0.001, rare=True),
    _code("region", (0.88, 0.07), 0.1, implied_by=("postcode", "city", "moved")),
    _code("country", (0.95, 0.01), 0.4, implied_by=("postcode", "city", "region", "moved")),
    Comparison(
        "birth",
        ("birth",),
        (
            Level("same", _equal("birth"), 0.85, 0.00005),
            Level("close", _typos("birth", 1), 0.1, 0.0005),
            Level("alike", _typos("birth", 2), 0.03, 0.005),
        ),
        _missing("birth"),
    ),
    _code("national_id", (0.88, 0.09), 0.000005),
)

#: What two rows must share to be looked at at all: keys by name, each made of parts, and one shared
#: key is enough. A name with several makes them meet: halves that stand in each other's place.
#: `x:4` is the beginning of a column; lists give a key for each of their values; a part that is
#: missing leaves the row without that key.
KEYS: tuple[tuple[tuple[str, ...], ...], ...] = (
    (("national_id",),),
    (("email",),),
    (("phone",),),
    (("birth",),),
    (("family", "given"), ("given", "family")),
    (("company",),),
    (("web",),),
    (("street", "number"),),
    (("street",), ("extra",)),
    (("postcode", "number"),),
    (("city", "family"),),
    (("city", "given"),),
    (("city", "number"),),
    (("postcode", "family"),),
    (("postcode", "given"),),
    (("number", "family"),),
    (("number", "given"),),
    (("family:4", "given:3"),),
    (("street:6", "postcode"),),
    (("street:6", "family:4"),),
    (("company:6", "city"),),
    (("company:6", "postcode"),),
    (("company", "family"),),
    (("company", "given"),),
)

LISTS = frozenset({"email", "phone"})
COLUMNS: tuple[str, ...] = tuple(dict.fromkeys(one.columns[0] for one in COMPARISONS))


def comparisons_for(filled: frozenset[str]) -> tuple[Comparison, ...]:
    """Those whose own column holds anything."""
    return tuple(one for one in COMPARISONS if one.columns[0] in filled)
