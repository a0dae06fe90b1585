"""Who is the same as the same is the same: pairs that follow from others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, permutations
from typing import NamedTuple

from rapport.records.duplicates.matching import judging
from rapport.records.duplicates.matching.scoring import Scorer

#: A larger group is held together by chance: nothing is concluded from its chains.
LARGEST = 12
#: A chain is not believed when the two rows themselves speak so strongly against it, in bits.
DOUBT = -25.0


class Edge(NamedTuple):
    """A pair and its probability."""

    left: int
    right: int
    probability: float


def follow(scorer: Scorer, share: float, likely: Mapping[str, float], threshold: float) -> None:
    """Add to `found` the pairs that chains of found pairs connect.

    A chain is as probable as all its links together; the surest chain counts."""
    connection = scorer.engine.connection
    edges = connection.execute("SELECT row_l, row_r, probability FROM found").fetchall()
    concluded = list(conclude((Edge(*one) for one in edges), threshold))
    if not concluded:
        return
    offer(scorer, concluded)
    scorer.score("candidates", "chains", None)
    connection.execute("ALTER TABLE chains ADD COLUMN probability DOUBLE")
    connection.execute(
        "UPDATE chains SET probability = c.probability FROM concluded AS c "
        "WHERE c.row_l = chains.row_l AND c.row_r = chains.row_r AND weight + $1 >= $2",
        [judging.shift(share), DOUBT],
    )
    judging.part_relatives(connection, "chains", likely)
    connection.execute("INSERT INTO found BY NAME FROM chains WHERE probability >= $1", [threshold])


def offer(scorer: Scorer, concluded: Sequence[Edge]) -> None:
    """Make the tables `candidates` and `concluded` of the pairs."""
    import pyarrow as pa

    left, right, probability = zip(*concluded, strict=True)
    table = pa.table({"row_l": left, "row_r": right, "probability": probability})
    connection = scorer.engine.connection
    connection.register("arrived", table)
    connection.execute("CREATE TABLE concluded AS FROM arrived")
    connection.unregister("arrived")
    connection.execute(
        "CREATE TABLE candidates AS SELECT '0' AS match_key, row_l AS join_key_l, "
        "row_r AS join_key_r FROM concluded"
    )


def conclude(edges: Iterable[Edge], threshold: float) -> Iterator[Edge]:
    """The pairs that are in one group and not linked themselves."""
    linked = {(one.left, one.right): one.probability for one in edges}
    for rows in groups(linked):
        if 2 < len(rows) <= LARGEST:
            yield from within(rows, linked, threshold)


def within(
    rows: Sequence[int], linked: Mapping[tuple[int, int], float], threshold: float
) -> Iterator[Edge]:
    """The surest chains of one group (Floyd 1962, with products for sums)."""
    sure = {
        (one, two): linked.get((min(one, two), max(one, two)), 0.0)
        for one, two in permutations(rows, 2)
    }
    for middle, one, two in permutations(rows, 3):
        through = sure[one, middle] * sure[middle, two]
        sure[one, two] = max(sure[one, two], through)
    for one, two in combinations(rows, 2):
        if (one, two) not in linked and sure[one, two] >= threshold:
            yield Edge(one, two, sure[one, two])


def groups(pairs: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    """The rows that pairs hold together, each group in order."""
    above: dict[int, int] = {}

    def top(row: int) -> int:
        while above.setdefault(row, row) != row:
            above[row] = above[above[row]]
            row = above[row]
        return row

    for left, right in pairs:
        one, two = sorted((top(left), top(right)))
        above[two] = one
    found: dict[int, list[int]] = {}
    for row in sorted(above):
        found.setdefault(top(row), []).append(row)
    yield from found.values()
