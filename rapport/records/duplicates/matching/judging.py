"""From weights to probabilities: how common duplicates are here, relatives, and chains."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from rapport.records.duplicates.matching.model import PRIOR
from rapport.records.duplicates.matching.statements import compose

if TYPE_CHECKING:
    import duckdb

ROUNDS = 50
#: The levels of half a name, as Splink numbers those of `definitions.py`.
OTHER, TURNED, ALIKE = 0, 1, 2
BOTH = f"gamma_given IN ({OTHER}, {ALIKE}) AND gamma_family IN ({OTHER}, {ALIKE})"
#: How two names may differ, and how often those of one and the same person do, as shipped.
CLASHES = {
    f"gamma_given = {OTHER} AND gamma_family > {ALIKE}": 0.1,
    f"gamma_given = {ALIKE} AND gamma_family > {ALIKE}": 0.06,
    f"gamma_family = {OTHER} AND gamma_given > {ALIKE}": 0.1,
    f"gamma_family = {ALIKE} AND gamma_given > {ALIKE}": 0.06,
    f"gamma_given = {TURNED} OR gamma_family = {TURNED}": 0.04,
    BOTH: 0.04,
}
#: The least level that proves one person in spite of another name.
PROOFS = {"gamma_national_id": 1, "gamma_birth": 2}
#: Proves it where one half of the name agrees; colleagues and couples may share a mailbox.
HALF_PROOFS = {"gamma_email": 2}


def set_prior(connection: duckdb.DuckDBPyConnection, rows: int) -> float:
    """Add `probability` to the table `pairs`, by the share of duplicates among all pairs of rows.

    The share is learnt by expectation maximisation with m and u held fixed: the mean posterior of
    all pairs, where those never looked at count as none (Dempster, Laird and Rubin 1977; Winkler
    2000). It lies between half a pair in all and one pair for each row. Returns it."""
    everything = max(rows * (rows - 1) / 2, 1)
    least, most = 0.5 / everything, min(rows / everything, 0.5)
    share = max(PRIOR, least)
    for _round in range(ROUNDS):
        expected = connection.execute(
            "SELECT coalesce(sum(1 / (1 + pow(2, -(weight + $1)))), 0) FROM pairs", [shift(share)]
        ).fetchall()[0][0]
        before, share = share, min(max(expected / everything, least), most)
        if abs(share - before) < before * 0.001:
            break
    connection.execute("ALTER TABLE pairs ADD COLUMN probability DOUBLE")
    set_probability(connection, "pairs", share)
    return share


def set_probability(connection: duckdb.DuckDBPyConnection, table: str, share: float) -> None:
    """Work the probabilities of a table out of its weights."""
    update = "UPDATE {table} SET probability = 1 / (1 + pow(2, -(weight + $1)))"
    connection.execute(compose(update, table=table), [shift(share)])


def shift(share: float) -> float:
    """Bits by which another prior moves a weight."""
    return math.log2(share / (1 - share)) - math.log2(PRIOR / (1 - PRIOR))


def relatives(connection: duckdb.DuckDBPyConnection, gammas: frozenset[str]) -> dict[str, float]:
    """How likely pairs whose names differ are one person here, for each way to differ.

    People who live or work together share an address, a phone, a company, even a family name, which
    the model would count as so many independent proofs. Whether a file has such people it shows
    itself: where N pairs have names that agree, one person's own errors make about N e / (1 - e)
    pairs whose names don't, with e the shipped rate of CLASHES. Of the pairs found, only that share
    can be one person."""
    if not {"gamma_given", "gamma_family"} <= gammas:
        return {}
    agreeing = count(connection, f"gamma_given > {ALIKE} AND gamma_family > {ALIKE}")
    found = {}
    for clash, rate in CLASHES.items():
        condition = unproven(clash, gammas)
        seen = count(connection, condition)
        own = (agreeing + 1) * rate / (1 - rate)
        found[condition] = min(1.0, own / seen) if seen else 1.0
    return found


def part_relatives(
    connection: duckdb.DuckDBPyConnection, table: str, likely: Mapping[str, float]
) -> None:
    """Lower the probability of pairs whose names differ to what `relatives` found."""
    update = "UPDATE {table} SET probability = probability * $1 WHERE {condition}"
    for condition, chance in likely.items():
        if chance < 1:
            connection.execute(compose(update, table=table, condition=condition), [chance])


def unproven(clash: str, gammas: frozenset[str]) -> str:
    """Pairs whose names differ in that way, and that nothing else proves to be one person."""
    counted = PROOFS if clash == BOTH else PROOFS | HALF_PROOFS
    proofs = [f"{name} < {least}" for name, least in counted.items() if name in gammas]
    return " AND ".join([f"({clash})", *proofs])


def count(connection: duckdb.DuckDBPyConnection, condition: str) -> int:
    """How many pairs are probable and meet the condition."""
    select = "SELECT count(*) FROM pairs WHERE probability >= 0.5 AND ({condition})"
    return int(connection.execute(compose(select, condition=condition)).fetchall()[0][0])
