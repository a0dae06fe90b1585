"""Passwords that guessers try first, known without asking anybody outside."""

from functools import cache
from hashlib import sha1
from pathlib import Path
from string import digits, punctuation, whitespace
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

HASH = 40
_DECORATION = digits + punctuation + whitespace


class BreachedPasswordValidator:
    """Refuses passwords that stood in breaches: 20,000 that come along, decorated or not, and all
    of a file that an operator may lay into the data folder.

    The file is the one of Have I Been Pwned, or made like it: a SHA-1 in hex to a line, in order,
    with or without a count behind a colon. It may be as large as one likes; some thirty lines of it
    are read.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for a password that a guesser knows."""
        plain = password.lower().strip()
        if {plain, plain.strip(_DECORATION)} & _common() or is_listed(
            Path(settings.BREACHED_PASSWORDS), password
        ):
            raise ValidationError(
                _("This password, or the word it is made of, is on the lists that guessers use."),
                code="password_breached",
            )

    def get_help_text(self) -> str:
        """Say it before somebody has typed."""
        return _("Not one that stood in a breach.")


def is_listed(path: Path, password: str) -> bool:
    """Whether the file has the password's SHA-1; without a file nothing is listed."""
    # Not to protect anything: it is how the list is written.
    wanted = sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    try:
        with path.open("rb") as file:
            low, high = 0, path.stat().st_size
            while low < high:
                middle = (low + high) // 2
                file.seek(max(middle - 1, 0))
                if middle:
                    file.readline()
                start, line = file.tell(), file.readline()[:HASH].upper()
                if start < high and line == wanted:
                    return True
                if start < high and line < wanted:
                    low = file.tell()
                else:
                    high = middle
    except FileNotFoundError:
        pass
    return False


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)
