"""Run as a program of its own: writes the rows of a Parquet file as CSV.

Its memory, time and output are capped, since what it reads was made by strangers. A text that
would be taken for one with its apostrophe is given one more, as our own exports do.

    parquet_child.py PATH MEMORY SECONDS OUTPUT  (the CSV goes to standard output, one line of
    JSON about it to standard error)
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import json
import resource
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

BATCH = 2_000
FORMULAS = Path(__file__).parents[3] / "kit" / "formulas.py"


def main(path: str, memory: str, seconds: str, output: str) -> int:
    """Write the rows; 0, or 1 with {"error": code}."""
    # Here, since the core names this file and has no pyarrow; and before its memory is capped.
    from pyarrow import ArrowException, parquet

    cap(resource.RLIMIT_AS, int(memory))
    cap(resource.RLIMIT_CPU, int(seconds))
    cap(resource.RLIMIT_FSIZE, int(output))
    about: dict[str, Any] = {}
    try:
        convert(path, parquet.ParquetFile)
    except MemoryError:
        about = {"error": "workbook_too_large"}
    except (ArrowException, OSError):
        about = {"error": "truncated"}
    sys.stderr.write(json.dumps(about) + "\n")
    return int("error" in about)


def written() -> TextIO:
    """Standard output for CSV: line ends as they are, and no text that can't be had."""
    number = sys.stdout.fileno()
    return open(number, "w", encoding="utf-8", errors="replace", newline="", closefd=False)


def cap(what: int, most: int) -> None:
    """Set a limit where the system has it."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (most, most))


def convert(path: str, opened: Callable[[str], Any]) -> None:
    """Write the head and all rows, a batch at a time."""
    disarm = runpy.run_path(str(FORMULAS))["disarm"]
    with opened(path) as file, written() as output:
        writer = csv.writer(output)
        writer.writerow(file.schema_arrow.names)
        for batch in file.iter_batches(BATCH, use_threads=False):
            columns = [column.to_pylist() for column in batch.columns]
            rows = zip(*columns, strict=True)
            writer.writerows([text(cell, disarm) for cell in row] for row in rows)


def text(cell: Any, disarm: Callable[[str], str]) -> str:
    """A cell as a person would type it."""
    match cell:
        case None:
            return ""
        case str():
            return disarm(cell)
        case bool():
            return "true" if cell else "false"
        case dt.datetime() | dt.date() | dt.time():
            return cell.isoformat()
        case bytes():
            return cell.decode("utf-8", "replace")
        case list() | dict():
            return json.dumps(cell, ensure_ascii=False, default=str)
        case _:
            return str(cell)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
