"""Why somebody can see a record, or not."""

from rapport.records.explaining.answers import ASKED, Answer, Explanation, FieldAnswer, Ground
from rapport.records.explaining.asking import explain, explain_for
from rapport.records.explaining.overview import ObjectAnswer, overview

__all__ = [
    "ASKED",
    "Answer",
    "Explanation",
    "FieldAnswer",
    "Ground",
    "ObjectAnswer",
    "explain",
    "explain_for",
    "overview",
]
