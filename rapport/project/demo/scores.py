"""Scores of completeness in the sample company, so that it shows what they are."""

from __future__ import annotations

from rapport.accounts.actions import NOBODY
from rapport.records import registry
from rapport.records.completeness.actions import begin_score
from rapport.records.completeness.kind import score_of

SCORED = ("person", "company")


def begin_scores() -> None:
    """Score people and companies by the suggested rules, where nobody decided otherwise."""
    for name in SCORED:
        if score_of(registry.get(name)) is None:
            begin_score(registry.get(name), NOBODY)
