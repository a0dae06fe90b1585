"""How well months ahead are foreseen: error beside seasonal naive, and how often intervals hold.

    bench/run series --data DIR [--origins 6]

DIR holds `sales-series/` and `adventureworks/`, sets that anybody may fetch. At each of the last
months of a series the product's own function is asked with what was known then, three months ahead;
it fits, tries itself on earlier months and stretches its interval without a look at what came.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import math
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from rapport.sales.parts.foreseeing import AHEAD, SEASON, TRAINED, foresee

MONTHLY = ("a10", "debitcards", "souvenirs", "wineind", "Airline", "ShampooSales")
#: The product looks no further back (`actions/foresee_revenue.py`).
MOST_MONTHS = 120
LINES = "adventureworks/labs_sales_lines.csv.gz"


def main() -> None:
    """Print a line for each series and one for all."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of the sets")
    parser.add_argument("--origins", type=int, default=6)
    chosen = parser.parse_args()
    print(f"{'series':<16}{'months':>7}{'error':>8}{'naive':>8}{'ratio':>7}{'held':>9}{'s':>7}")
    ratios, held, months = [], 0, 0
    for name, values in series(chosen.data):
        begun = time.monotonic()
        error, naive, inside, count = measure(values, chosen.origins)
        took = time.monotonic() - begun
        ratios.append(error / naive)
        held, months = held + inside, months + count
        print(
            f"{name:<16}{len(values):>7}{error:>8.1%}{naive:>8.1%}{error / naive:>7.2f}"
            f"{f'{inside}/{count}':>9}{took:>7.1f}",
            flush=True,
        )
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    print(f"ratio to seasonal naive, geometric mean: {mean:.2f}")
    print(f"80 % interval held {held} of {months} months: {held / months:.0%}")


def series(data: Path) -> Iterator[tuple[str, list[float]]]:
    """Each series by name."""
    for name in MONTHLY:
        with (data / "sales-series" / f"{name}.csv").open() as file:
            yield name, [float(row[-1]) for row in list(csv.reader(file))[1:]]
    sums: dict[str, float] = defaultdict(float)
    with gzip.open(data / LINES, "rt") as file:
        for row in csv.DictReader(file):
            sums[row["OrderDate"][:7]] += float(row["Quantity"]) * float(row["UnitPrice"])
    yield "adventureworks", [sums[month] for month in sorted(sums)]


def measure(values: list[float], origins: int) -> tuple[float, float, int, int]:
    """Error and that of last year's month again, as parts of what came; months held, and all."""
    missed = naive = came = 0.0
    held = count = 0
    for end in range(len(values) - AHEAD, len(values) - AHEAD - origins, -1):
        if end < TRAINED + 1:
            break
        found = foresee(values[max(0, end - MOST_MONTHS) : end], AHEAD)
        for number, point in enumerate(found.points):
            value = values[end + number]
            missed, came = missed + abs(point.middle - value), came + abs(value)
            naive += abs(values[end + number - SEASON] - value)
            held, count = held + (point.low <= value <= point.high), count + 1
    return missed / came, naive / came, held, count


if __name__ == "__main__":
    main()
