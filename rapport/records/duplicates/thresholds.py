"""From which probability on a pair is shown: learnt from what people decided before.

The matcher's probability p is set against the decisions by Platt's method (J. Platt, "Probabilistic
Outputs for Support Vector Machines", 1999): P(same) = 1 / (1 + exp(-(a s + b))), s = ln(p/(1 - p)),
fitted to merged pairs as t = (m + 1) / (m + 2) and to the d different ones as t = 1 / (d + 2), so
that few decisions promise nothing certain. A normal prior around a = 1, b = 0 keeps the matcher's
own word until much speaks against it. Pairs are shown from the p at which P(same) is SHOWN.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from rapport.records.models import DuplicatePair, Merge

SHOWN = 0.5
#: What a sweep keeps, so that a threshold learnt later can reach lower than the usual one.
KEPT = 0.2
FEWEST = 10
NEWEST = 2_000
LARGEST = 0.9999
SPREAD = 1.0
STEPS = 30


@dataclass(frozen=True, slots=True)
class Learnt:
    """A fitted line on the log-odds; `decisions` is how many it rests on."""

    slope: float = 1.0
    shift: float = 0.0
    decisions: int = 0

    def calibrated(self, probability: float) -> float:
        """The probability that people would call such a pair the same."""
        return _sigmoid(self.slope * log_odds(probability) + self.shift)

    @property
    def least(self) -> float:
        """The matcher's probability from which pairs are shown; never under what sweeps keep."""
        if self.slope <= 0:
            return SHOWN
        odds = (log_odds(SHOWN) - self.shift) / self.slope
        return min(max(_sigmoid(odds), KEPT), LARGEST)


def learnt(object_name: str) -> Learnt:
    """What the newest decisions on pairs of an object teach; nothing before there are FEWEST."""
    of_object = DuplicatePair.objects.filter(object=object_name)
    different = of_object.filter(state="different").exclude(pk__in=_merged(object_name))
    merged = of_object.filter(pk__in=_merged(object_name))
    return fit(
        (probability, is_same)
        for decided, is_same in ((different, False), (merged, True))
        for probability in _newest(decided)
    )


def _merged(object_name: str) -> QuerySet[Any]:
    """The pairs of which one record went into the other and is there still."""
    merges = Merge.standing().filter(object=object_name, gone_id=OuterRef("left_id"))
    turned = Merge.standing().filter(object=object_name, gone_id=OuterRef("right_id"))
    went = Exists(merges.filter(kept_id=OuterRef("right_id")))
    came = Exists(turned.filter(kept_id=OuterRef("left_id")))
    return DuplicatePair.objects.filter(went | came, object=object_name).values("pk")


def _newest(decided: QuerySet[DuplicatePair]) -> QuerySet[Any]:
    newest = decided.order_by(F("decided_at").desc(nulls_last=True), "-found_at")
    return newest.values_list("probability", flat=True)[:NEWEST]


def fit(decisions: Iterable[tuple[float, bool]]) -> Learnt:
    """The line through decisions (probability, same or not), by Newton's method."""
    points = [(log_odds(probability), is_same) for probability, is_same in decisions]
    same = sum(is_same for _odds, is_same in points)
    if len(points) < FEWEST:
        return Learnt(decisions=len(points))
    targets = ((same + 1) / (same + 2), 1 / (len(points) - same + 2))
    slope, shift = 1.0, 0.0
    for _step in range(STEPS):
        slope, shift, moved = _step_from(slope, shift, points, targets)
        if moved < 1e-6:
            break
    return Learnt(slope, shift, len(points))


def _step_from(
    slope: float, shift: float, points: list[tuple[float, bool]], targets: tuple[float, float]
) -> tuple[float, float, float]:
    """One Newton step on the penalised likelihood; how far it went."""
    weight = 1 / SPREAD**2
    g1, g2 = (slope - 1) * weight, shift * weight
    h11, h12, h22 = weight, 0.0, weight
    for odds, is_same in points:
        found = _sigmoid(slope * odds + shift)
        wrong, bend = found - targets[0 if is_same else 1], found * (1 - found)
        g1, g2 = g1 + wrong * odds, g2 + wrong
        h11, h12, h22 = h11 + bend * odds * odds, h12 + bend * odds, h22 + bend
    size = h11 * h22 - h12 * h12
    d1, d2 = (h22 * g1 - h12 * g2) / size, (h11 * g2 - h12 * g1) / size
    return slope - d1, shift - d2, abs(d1) + abs(d2)


def log_odds(probability: float) -> float:
    """The natural logarithm of the odds, within ±9.2."""
    held = min(max(probability, 1 - LARGEST), LARGEST)
    return math.log(held / (1 - held))


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-max(min(value, 500.0), -500.0)))
