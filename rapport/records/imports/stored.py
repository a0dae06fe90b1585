"""The uploaded file of a run, read as the run says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from django.conf import settings

from rapport.records.imports.reading import Table, open_table
from rapport.records.models import ImportRun


@dataclass(frozen=True, slots=True)
class Manner:
    """How a file is read; blank where its own evidence decides."""

    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    header: int | None = None
    """The row, from 0, with the column names; -1 where there is none."""

    @classmethod
    def of(cls, run: ImportRun) -> Self:
        """What was chosen for the run."""
        return cls(run.sheet, run.encoding, run.delimiter, run.header)

    def open(self, path: Path, filename: str) -> Table:
        """The table in a file. Raises Unreadable."""
        return open_table(
            path,
            filename=filename,
            sheet=self.sheet or None,
            encoding=self.encoding,
            delimiter=self.delimiter,
            header=self.header,
        )


def path_of(place: str) -> Path:
    """Where an uploaded file lies, by its place under the media root."""
    return Path(settings.MEDIA_ROOT) / place


def open_stored(run: ImportRun, manner: Manner | None = None) -> Table:
    """The table in the file of a run, read as chosen for it or in another manner.

    Raises Unreadable.
    """
    return (manner or Manner.of(run)).open(path_of(run.storage), run.filename)
