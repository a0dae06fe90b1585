"""How many SQL statements each page costs, and their time in PostgreSQL.

    python -m bench.sqlcount DIR [--top 3]       DIR is what `bench/run pages --keep DIR` left

Counted by pg_stat_statements while nobody else uses the server; BEGIN, COMMIT and SET are left out.
"""

import argparse
from pathlib import Path

import psycopg

from bench.client import BadAnswer
from bench.compare import admin_url, both, prepare
from bench.data import Amounts

RESET = "SELECT pg_stat_statements_reset()"
COUNTED = r"""
SELECT calls, total_exec_time, query FROM pg_stat_statements
WHERE toplevel AND query !~* '^(begin|commit|rollback|savepoint|release|set |show )'
ORDER BY total_exec_time DESC"""
LOADS = 10


def main() -> None:
    """Print a line for each page, and its slowest statements."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--top", type=int, default=0)
    chosen = parser.parse_args()
    prepared = prepare(chosen.folder.absolute(), Amounts())
    instance = prepared.folder / "instance"
    with (
        both(prepared) as (_floor, ours, _pids),
        psycopg.connect(admin_url(instance), autocommit=True) as connection,
    ):
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        for name, calls in ours.pages.items():
            try:
                ours.load(calls, verify=True)
            except BadAnswer as problem:
                print(f"{name:10s} failed: {problem}")
                continue
            connection.execute(RESET)
            for _turn in range(LOADS):
                ours.load(calls)
            _tell(name, connection.execute(COUNTED).fetchall(), chosen.top)


def _tell(name: str, statements: list[tuple[int, float, str]], top: int) -> None:
    count = sum(calls for calls, _ms, _text in statements) / LOADS
    total = sum(ms for _calls, ms, _text in statements) / LOADS
    print(f"{name:10s} {count:5.1f} statements  {total:7.2f} ms")
    for _calls, ms, text in statements[:top]:
        print(f"    {ms / LOADS:7.2f} ms  {' '.join(text.split())[:200]}")


if __name__ == "__main__":
    main()
