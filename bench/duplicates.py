"""How well and how fast duplicates are found: precision, recall, seconds and memory.

    python -m bench.duplicates [--people 1000000] [--labelled-only] [--keep DIR]

The labelled sets (`labelled/`) are matched with all fields, and with name and address only; a crowd
of made-up people with relatives and colleagues shows how it goes at size.
"""

import argparse
import csv
import gzip
import resource
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.conf import settings

from bench.crowd import write_crowd

if not settings.configured:
    settings.configure(USE_I18N=False)

from rapport.records.duplicates.matching.files import pairs_in

LABELLED = Path(__file__).parent / "labelled"
SETS = ("febrl_dataset1.csv", "febrl_dataset2.csv.gz")
ANSWER = "rec_id"
PROOFS = ("date_of_birth", "soc_sec_id")

type Pairs = set[tuple[int, int]]


def main() -> None:
    """Print a line for each set."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--labelled-only", action="store_true")
    parser.add_argument("--keep", type=Path, help="write the files here, and leave them")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder:
        place = chosen.keep or Path(folder)
        for name in SETS:
            measure_labelled(name, place, (ANSWER,), "all fields")
            measure_labelled(name, place, (ANSWER, *PROOFS), "name and address")
        if not chosen.labelled_only:
            measure_crowd(place, chosen.people)


def measure_labelled(name: str, folder: Path, hidden: Sequence[str], what: str) -> None:
    """Match one set without the hidden columns, and compare with its truth."""
    rows = read(LABELLED / name)
    numbers = {row[ANSWER]: number for number, row in enumerate(rows, 1)}
    stem = name.partition(".")[0]
    truth = {
        ordered(numbers[pair["rec_id_1"]], numbers[pair["rec_id_2"]])
        for pair in read(LABELLED / f"{stem}_true_pairs.csv")
    }
    columns = [column for column in rows[0] if column not in hidden]
    file = folder / f"{stem}.csv"
    with file.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows([row[column] for column in columns] for row in rows)
    measure(file, truth, f"{stem}, {what}", len(rows))


def measure_crowd(folder: Path, people: int) -> None:
    """Match the made-up crowd."""
    file, answers = folder / "crowd.csv", folder / "crowd_pairs.csv"
    write_crowd(file, answers, people)
    truth = {ordered(int(row["left"]), int(row["right"])) for row in read(answers)}
    measure(file, truth, "crowd", people)


def measure(file: Path, truth: Pairs, what: str, rows: int) -> None:
    """Print one line."""
    began = time.perf_counter()
    found = {(pair.left, pair.right) for pair in pairs_in(file)}
    seconds = time.perf_counter() - began
    precision, recall = rates(found, truth)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    f1 = 2 * precision * recall / ((precision + recall) or 1)
    print(
        f"{what}: {rows:,} rows, {len(truth):,} true pairs, precision {precision:.4f}, "
        f"recall {recall:.4f}, F1 {f1:.4f}, {seconds:.1f} s, peak {memory:.2f} GiB"
    )


def rates(found: Pairs, truth: Pairs) -> tuple[float, float]:
    """Precision and recall."""
    right = len(found & truth)
    return right / max(len(found), 1), right / max(len(truth), 1)


def ordered(one: int, two: int) -> tuple[int, int]:
    """A pair with the smaller row first."""
    return min(one, two), max(one, two)


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, packed or not."""
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
    return list(clean(csv.DictReader(text.splitlines())))


def clean(rows: Iterable[dict[str, str]]) -> Iterable[dict[str, str]]:
    """The same without blanks around names and values."""
    return ({key.strip(): value.strip() for key, value in row.items()} for row in rows)


if __name__ == "__main__":
    main()
