"""From rows to pairs: the whole way."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rapport.records.duplicates.matching import chains, judging, keys, libraries
from rapport.records.duplicates.matching.definitions import comparisons_for
from rapport.records.duplicates.matching.engines import Engine, connect, new_engine
from rapport.records.duplicates.matching.evidence import Said, evidence_of, evidence_sql
from rapport.records.duplicates.matching.preparing import filled_columns, prepare
from rapport.records.duplicates.matching.scoring import LEAST_WEIGHT, Scorer

THRESHOLD = 0.5
STAGES = ("read", "compare", "weigh", "judge")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows that probably mean the same; `left` is the smaller."""

    left: int
    right: int
    probability: float
    evidence: tuple[Said, ...]


def find_pairs(
    rows: Iterable[Sequence[str | int]],
    given: Sequence[str],
    *,
    threshold: float = THRESHOLD,
    day_first: bool = True,
    engine_name: str = "",
    tell: Callable[[str], None] = lambda stage: None,
) -> Iterator[Pair]:
    """All pairs of rows whose probability is `threshold` or more, ordered by their rows.

    Each row begins with a whole number that names it, from 1; what follows are texts, as `given`
    names them (names out of `preparing.GIVEN`). `tell` hears the name of each stage as it begins.
    Raises LibrariesMissing, and LookupError for an engine there is none of."""
    libraries.check()
    with workplace(engine_name) as engine:
        tell("read")
        count = prepare(engine.connection, rows, given, day_first)
        filled = filled_columns(engine.connection)
        comparisons = comparisons_for(filled)
        if count < 2 or not comparisons:
            return
        tell("compare")
        if not keys.make_candidates(engine.connection, filled, count):
            return
        tell("weigh")
        scorer = Scorer(engine, comparisons, count)
        scorer.score("candidates", "pairs", LEAST_WEIGHT)
        tell("judge")
        judge(scorer, count, threshold)
        yield from answers(scorer, threshold)


@contextmanager
def workplace(engine_name: str) -> Iterator[Engine]:
    """An engine with a folder to spill into, both gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="rapport-duplicates-") as folder:
        connection = connect(folder)
        try:
            yield new_engine(connection, engine_name)
        finally:
            connection.close()


def judge(scorer: Scorer, count: int, threshold: float) -> None:
    """Make `found` of `pairs`: with probabilities, and with the pairs that follow from others."""
    connection = scorer.engine.connection
    share = judging.set_prior(connection, count)
    likely = judging.relatives(connection, scorer.gammas)
    judging.part_relatives(connection, "pairs", likely)
    connection.execute("CREATE TABLE found AS FROM pairs WHERE probability >= $1", [threshold])
    chains.follow(scorer, share, likely, threshold)


def answers(scorer: Scorer, threshold: float) -> Iterator[Pair]:
    """What was found, with its evidence."""
    rows = scorer.engine.connection.execute(evidence_sql(scorer.comparisons))
    while batch := rows.fetchmany(10_000):
        for left, right, probability, *values in batch:
            yield Pair(left, right, probability, evidence_of(scorer.comparisons, values))
