from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How bad it is."""

    GOOD = "good"
    ADVICE = "advice"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One thing looked at: its name for programs, a grade, a sentence for people."""

    name: str
    grade: Grade
    sentence: str


def good(name: str, sentence: str) -> Finding:
    """All is well."""
    return Finding(name, Grade.GOOD, sentence)


def advice(name: str, sentence: str) -> Finding:
    """It works, but something could be safer or is not set up."""
    return Finding(name, Grade.ADVICE, sentence)


def bad(name: str, sentence: str) -> Finding:
    """Something does not work or a protection is missing."""
    return Finding(name, Grade.BAD, sentence)
