"""Reading a people file of ten columns, beside the floor: Python's csv module on the same file.

python bench/reading.py [ROWS]
"""

from __future__ import annotations

import csv
import resource
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from time import perf_counter

from django.conf import settings

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

COLUMNS = "id,first_name,last_name,email,phone,company,job_title,city,country,created"
MIB = 1024 * 1024


def write_people(path: Path, rows: int) -> None:
    """A file of made-up people, some with letters beyond ASCII."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS.split(","))
        for row in range(rows):
            last = f"Müller{row % 4999}" if row % 3 else f"Smith{row % 4999}"
            writer.writerow(
                [row, f"First{row % 9973}", last, f"p{row}@example{row % 700}.com",
                 f"+49 30 {row:07d}", f"Company {row % 20000}, Inc.", "Head of Sales", "Berlin",
                 "Germany", "2024-05-01"]
            )  # fmt: skip


def rate(rows: Callable[[], Iterable[object]]) -> float:
    """Rows per second."""
    began = perf_counter()
    count = sum(1 for _ in rows())
    return count / (perf_counter() - began)


def bare(path: Path) -> Iterable[list[str]]:
    """The floor."""
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.reader(file)


def main(rows: int = 1_000_000) -> None:
    """Print both rates, their ratio and the memory taken."""
    settings.configure(USE_I18N=False)
    from rapport.records.imports.reading import open_table

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        write_people(path, rows)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = perf_counter()
        with open_table(path) as table:
            opened = perf_counter() - began
            ours = rate(table.rows)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        floor = rate(lambda: bare(path))
        size = path.stat().st_size / MIB
    print(f"{rows:,} rows, {size:,.0f} MiB, opened in {opened * 1000:.0f} ms")
    print(f"rows/s {ours:,.0f}; csv module {floor:,.0f}; ratio {ours / floor:.2f}")
    print(f"memory grown by {grown:.0f} MiB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
