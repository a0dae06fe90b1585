"""Weighs candidate pairs with Splink."""

from __future__ import annotations

from rapport.records.duplicates.matching import model
from rapport.records.duplicates.matching.definitions import Comparison
from rapport.records.duplicates.matching.engines import Engine
from rapport.records.duplicates.matching.statements import compose

#: What is kept to judge by: pairs whose evidence, with Splink's prior, is worth so many bits.
LEAST_WEIGHT = -6.0
KEPT = """
CREATE TABLE {into} AS
SELECT least(row_l, row_r) AS row_l, greatest(row_l, row_r) AS row_r, match_weight AS weight,
       {gammas}
FROM scored
"""


class Scorer:
    """A model of the table `people`, and the engine it runs on."""

    def __init__(self, engine: Engine, comparisons: tuple[Comparison, ...], rows: int) -> None:
        """Measure the model on the table, which has that many rows."""
        self.engine, self.comparisons = engine, comparisons
        self.api = engine.api()
        self.people = engine.register(self.api, "people")
        self.settings = model.trained(engine, self.people, comparisons, rows)
        self.gammas = frozenset(f"gamma_{one.name}" for one in comparisons)

    def score(self, candidates: str, into: str, least: float | None) -> None:
        """Make the table `into` (row_l, row_r, weight, gamma_*) of the candidates, the smaller row
        first, and drop these. Weights are in bits; pairs under `least` are left out."""
        from splink import Linker

        linker = Linker(self.people, self.settings, log_level=None)
        offered = self.engine.register(self.api, candidates)
        linker.table_management.register_blocked_pairs_for_predict(offered)
        scored = linker.inference.predict(threshold_match_weight=least, warning_mode="never")
        self.engine.take_back(scored, "scored")
        gammas = ", ".join(sorted(self.gammas))
        connection = self.engine.connection
        connection.execute(compose(KEPT, into=into, gammas=gammas))
        connection.execute("DROP TABLE scored")
        connection.execute(compose("DROP TABLE {candidates}", candidates=candidates))
