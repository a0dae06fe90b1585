"""The months ahead, foreseen from those behind, with an interval that was tried on them.

The mean of exponential smoothing and of the theta method, both fitted by themselves: together they
are wrong less often than either. The interval is that of the smoothing, stretched until it would
have held nearly all months of the backtest. The library is loaded here alone, by the worker.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SEASON, LEVEL = 12, 80
#: Months and deals won, below which a model would only guess.
LEAST_MONTHS, LEAST_WINS = 36, 60
#: The backtest: so many times, each so many months ahead, from so many months on.
ORIGINS, AHEAD, TRAINED = 8, 3, 24
LEAST_STRETCH, MOST_STRETCH = 1.0, 4.0
#: What the stretched interval would have held: more than it promises, since the times overlap.
HELD = 92


class LibrariesMissing(Exception):
    """The extra that foreseeing needs is not installed."""


@dataclass(frozen=True, slots=True)
class Point:
    """One month: the middle, and between what it lies four times of five."""

    middle: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Backtest:
    """How wrong it would have been, as a part of what came, beside last year's month again; how
    often its own interval held, and by what it was stretched."""

    months: int
    error: float
    naive_error: float
    held: float
    stretch: float


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The months ahead and how far to trust them."""

    points: Sequence[Point]
    backtest: Backtest


def are_there() -> bool:
    """Whether the libraries are installed."""
    return importlib.util.find_spec("statsforecast") is not None


def foresee(values: Sequence[float], ahead: int = SEASON) -> Foreseen:
    """The next months of a monthly series that is long enough. Raises LibrariesMissing."""
    if not are_there():
        raise LibrariesMissing
    tried = _try(values)
    points = [
        Point(point.middle, *_stretched(point, tried.stretch)) for point in _fit(values, ahead)
    ]
    return Foreseen(points, tried)


def _stretched(point: Point, by: float) -> tuple[float, float]:
    """Revenue is not below nothing."""
    half = (point.high - point.low) / 2 * by
    return max(0.0, point.middle - half), point.middle + half


def _fit(values: Sequence[float], ahead: int) -> list[Point]:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    import numpy as np
    from statsforecast.models import AutoETS, AutoTheta

    series = np.array(values, dtype=float)
    smooth: Any = AutoETS(season_length=SEASON).forecast(y=series, h=ahead, level=[LEVEL])
    theta: Any = AutoTheta(season_length=SEASON).forecast(y=series, h=ahead)
    rows = zip(
        smooth["mean"], theta["mean"], smooth[f"lo-{LEVEL}"], smooth[f"hi-{LEVEL}"], strict=True
    )
    return [_point((float(one) + float(other)) / 2, float(high - low) / 2)
            for one, other, low, high in rows]  # fmt: skip


def _point(middle: float, half: float) -> Point:
    return Point(max(0.0, middle), middle - half, middle + half)


def _try(values: Sequence[float]) -> Backtest:
    """From some earlier months on, each time with what was known then."""
    ends = range(len(values) - AHEAD, max(TRAINED, len(values) - AHEAD - ORIGINS + 1) - 1, -1)
    missed = naive = came = held = 0.0
    ratios: list[float] = []
    for end in ends:
        actual = values[end : end + AHEAD]
        for number, (point, value) in enumerate(
            zip(_fit(values[:end], AHEAD), actual, strict=True)
        ):
            off, half = abs(point.middle - value), max((point.high - point.low) / 2, 1e-9)
            missed, came = missed + off, came + abs(value)
            naive += abs(values[end + number - SEASON] - value)
            held += off <= half
            ratios.append(off / half)
    count = max(len(ratios), 1)
    stretch = min(max(_quantile(ratios), LEAST_STRETCH), MOST_STRETCH)
    base = came or 1.0
    return Backtest(len(ratios), missed / base, naive / base, held / count, stretch)


def _quantile(ratios: Sequence[float]) -> float:
    """What nearly all are not above."""
    ranked = sorted(ratios)
    place = min(len(ranked) - 1, -(-(len(ranked) + 1) * HELD // 100) - 1)
    return ranked[place] if ranked else 1.0
