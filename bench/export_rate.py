"""An export of people with ten columns to CSV, beside COPY TO of the same table.

    bench/run export --keep DIR        DIR is what `bench/run company --keep DIR` left

Printed are rows a second, the processor time and the most memory of the exporting process alone.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from bench import servers
from bench.compare import admin_url
from bench.instance import opened
from bench.loaded import options

COLUMNS = (
    "first_name", "last_name", "emails", "phones", "company", "job_title", "city", "country",
    "lifecycle", "created_at",
)  # fmt: skip
FLOOR = """
COPY (SELECT first_name, last_name, job_title, city, country, lifecycle, created_at, company_id
      FROM contacts_person WHERE deleted_at IS NULL) TO STDOUT (FORMAT csv)
"""
LOOK_SECONDS = 0.1


def main() -> None:
    """Print a line for each."""
    chosen = options(__doc__)
    if chosen.keep is None:
        sys.exit("Say where the company is: --keep DIR")
    instance = chosen.keep / "instance"
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder:
        export(instance, Path(folder) / "people.csv")
    with opened(instance):
        floor(admin_url(instance))


def export(instance: Path, file: Path) -> None:
    """What the product's own command takes."""
    command = (
        *servers.PYTHON, "rapport.project.command", "export", "people", "--data", str(instance),
        "--columns", ",".join(COLUMNS), "--out", str(file), "--json",
    )  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    most = busy = 0.0
    while process.poll() is None:
        most, busy = max(most, _most_memory(process.pid)), max(busy, _busy(process.pid))
        time.sleep(LOOK_SECONDS)
    said = process.communicate()[0]
    if process.returncode:
        sys.exit(f"The export ended with {process.returncode}.")
    told = json.loads(said)
    print(
        f"export   {told['rows']:,} rows, {told['rows_per_second']:,.0f} rows/s, "
        f"{told['rows'] / told['rows_per_second']:.0f} s, {busy:.0f} s of its processor time, "
        f"{most:.0f} MB at most, {file.stat().st_size / 1e6:.0f} MB written",
        flush=True,
    )


def floor(url: str) -> None:
    """What the database takes to write nearly the same."""
    began, size = time.perf_counter(), 0
    with psycopg.connect(url) as connection, connection.cursor().copy(FLOOR) as copy:
        for part in copy:
            size += len(part)
    print(f"COPY TO  {time.perf_counter() - began:.1f} s, {size / 1e6:.0f} MB")


def _most_memory(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM"))


def _busy(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / 100


if __name__ == "__main__":
    main()
