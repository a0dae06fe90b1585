"""How much of a file is taken before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB

FIELD_CHARACTERS = MIB
LINE_CHARACTERS = 8 * MIB
LINES_PER_RECORD = 5_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, unless said otherwise."""

    file: int = 2 * GIB
    """Largest file, and largest content of a packed one (.gz, .zip)."""
    workbook: int = 512 * MIB
    """Largest content of a workbook: its sheets have to be held in memory to be read."""
    workbook_memory: int = 2 * GIB
    workbook_seconds: int = 300
    entries: int = 2_000
    """Parts of a workbook."""
    ratio: int = 250
    """Times its packed size that content over `ratio_from` may have."""
    ratio_from: int = 16 * MIB
    columns: int = 2_000

    @classmethod
    def configured(cls) -> Limits:
        """The limits of this installation: setting IMPORT_FILE_LIMIT, in bytes."""
        return cls(file=getattr(settings, "IMPORT_FILE_LIMIT", None) or cls().file)
