"""The Fellegi-Sunter model of one table: Splink's settings, with `u` measured on its own rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rapport.records.duplicates.matching.definitions import Comparison, Level
from rapport.records.duplicates.matching.engines import Engine

#: The prior that Splink is given; `judging.py` replaces it by what the file itself says.
PRIOR = 0.0001
#: Fewer rows than this say less about strangers than our own experience does.
ENOUGH_ROWS = 500
RANDOM_PAIRS = 2_000_000
SEED = 1969
LEAST = 1e-9


def trained(
    engine: Engine, people: Any, comparisons: tuple[Comparison, ...], rows: int
) -> dict[str, Any]:
    """Settings for Splink, ready to predict by."""
    shipped = settings_of(engine, comparisons, with_rare=rows >= ENOUGH_ROWS)
    if rows < ENOUGH_ROWS:
        return shipped
    from splink import Linker

    linker = Linker(people, settings_of(engine, comparisons, with_rare=False), log_level=None)
    linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=SEED)
    measured = linker.misc.save_model_to_json()
    return with_measured(shipped, measured)


def settings_of(
    engine: Engine, comparisons: tuple[Comparison, ...], *, with_rare: bool
) -> dict[str, Any]:
    """The shipped model."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "row",
        "probability_two_random_records_match": PRIOR,
        "comparisons": [as_splink(engine, one, with_rare) for one in comparisons],
        "blocking_rules_to_generate_predictions": [],
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": False,
    }


def as_splink(engine: Engine, one: Comparison, with_rare: bool) -> dict[str, Any]:
    """A comparison in Splink's words."""
    missing = {
        "sql_condition": one.missing,
        "label_for_charts": "missing",
        "is_null_level": True,
    }
    other_u = max(1 - sum(level.u for level in one.levels), 0.05)
    other = {
        "sql_condition": "ELSE",
        "label_for_charts": "other",
        "m_probability": one.other,
        "u_probability": other_u,
    }
    levels = [level_as_splink(engine, level, with_rare) for level in one.levels]
    return {"output_column_name": one.name, "comparison_levels": [missing, *levels, other]}


def level_as_splink(engine: Engine, level: Level, with_rare: bool) -> dict[str, Any]:
    """A level in Splink's words."""
    found: dict[str, Any] = {
        "sql_condition": engine.condition(level.condition),
        "label_for_charts": level.code,
        "m_probability": level.m,
        "u_probability": level.u,
    }
    if with_rare and level.rare:
        found |= {"tf_adjustment_column": level.rare, "tf_adjustment_weight": 1.0}
    return found


def with_measured(shipped: dict[str, Any], measured: Mapping[str, Any]) -> dict[str, Any]:
    """The shipped model with the `u` that random pairs of the table show.

    A level that no random pair reached keeps the shipped one."""
    for ours, theirs in zip(shipped["comparisons"], measured["comparisons"], strict=True):
        pairs = zip(ours["comparison_levels"], theirs["comparison_levels"], strict=True)
        for level, found in pairs:
            seen = found.get("u_probability")
            if not level.get("is_null_level") and isinstance(seen, float) and seen > LEAST:
                level["u_probability"] = seen
    return shipped
