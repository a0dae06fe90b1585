"""How many rows a second the import takes in, beside a bare COPY of the same rows.

    python -m bench.import_rate [--rows 200000] [--profile FILE]

The file has ten columns; matching, addresses, companies by name and the change log are on. The
COPY, before and after, goes into one table without an index: what the machine can do at best.
"""

import argparse
import cProfile
import random
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import psycopg
from psycopg import sql

from bench import data
from bench.importing import import_file
from bench.instance import opened
from bench.processes import cpu_seconds
from rapport.project.postgres import Cluster

FIELDS = {
    "first_name": "first_name", "last_name": "last_name", "email": "emails", "phone": "phones",
    "job_title": "job_title", "company": "company", "street": "street",
    "postal_code": "postal_code", "city": "city", "country": "country",
}  # fmt: skip
JOBS = ("Buyer", "Engineer", "Director", "Accountant", "Planner", "Secretary", "Technician")
COUNTRIES = ("Spain", "France", "Germany", "Portugal", "Italy", "Sweden", "GB", "PL")
PEOPLE_PER_COMPANY = 10


def main() -> None:
    """Measure once and print the rates."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--profile", type=Path, help="write a cProfile of the import here")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder:
        file = Path(folder) / "people.csv"
        data.write(file, tuple(FIELDS), people(chosen.rows))
        with opened(Path(folder) / "instance") as instance:
            postmaster = Cluster(instance.instance.data).folder / "postmaster.pid"
            database = int(postmaster.read_text().split()[0])
            measure(file, chosen.rows, instance.urls.owner, database, chosen.profile)


def measure(file: Path, count: int, owner_url: str, database: int, profile: Path | None) -> None:
    """COPY, import, COPY; print the three rates."""
    copied = [_copy_rate(owner_url, file, count)]
    profiler = cProfile.Profile()
    if profile:
        profiler.enable()
    ours, theirs = time.process_time(), cpu_seconds([database])
    began = time.perf_counter()
    run = import_file(file, "person", FIELDS)
    rate = count / (time.perf_counter() - began)
    ours, theirs = time.process_time() - ours, cpu_seconds([database]) - theirs
    if profile:
        profiler.disable()
        profiler.dump_stats(profile)
    copied.append(_copy_rate(owner_url, file, count))
    # Two people of one name at one company, with different addresses, are left for a person.
    assert (run.created + run.review, run.failed) == (count, 0), "The import lost rows."
    print(f"import     {rate:10,.0f} rows/s  ({count:,} rows, {run.related:,} companies made)")
    print(
        f"CPU a row  {ours / count * 1e6:10.0f} µs Python, {theirs / count * 1e6:.0f} µs database"
    )
    print(f"bare COPY  {min(copied):10,.0f} to {max(copied):,.0f} rows/s")
    print(f"ratio      {max(copied) / rate:10.1f}")


def people(count: int) -> Iterable[tuple[str, ...]]:
    """Made-up people, ten to a company."""
    rnd, towns = random.Random(data.SEED), data.cities()
    names = [data.company_name(rnd, i) for i in range(1, count // PEOPLE_PER_COMPANY + 1)]
    for i in range(1, count + 1):
        first, last, mail, phone, city = data.person(rnd, i, towns)
        yield (
            first, last, mail, phone, rnd.choice(JOBS), rnd.choice(names),
            f"{rnd.choice(data.HEAD)} Street {rnd.randint(1, 200)}", f"{rnd.randint(1000, 99999)}",
            city, rnd.choice(COUNTRIES),
        )  # fmt: skip


def _copy_rate(url: str, file: Path, count: int) -> float:
    columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(one)) for one in FIELDS)
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE TABLE bench_rows ({})").format(columns))
        began = time.perf_counter()
        with (
            file.open("rb") as source,
            cursor.copy("COPY bench_rows FROM STDIN (FORMAT csv, HEADER)") as copy,
        ):
            while part := source.read(1 << 16):
                copy.write(part)
        connection.commit()
        rate = count / (time.perf_counter() - began)
        cursor.execute("DROP TABLE bench_rows")
    return rate


if __name__ == "__main__":
    main()
