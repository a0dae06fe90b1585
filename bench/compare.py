"""Every page of Rapport beside the same page of the floor, in one run on one machine.

    bench/run pages [--people 100000] [--only list,record] [--seconds 8] [--loads 60] [--keep DIR]

The table goes to bench/results/, with each ratio of the 50th percentiles beside what it may be.
"""

import argparse
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from bench import data, loading, servers
from bench.client import BadAnswer
from bench.instance import OWNER, api_token, opened, password
from bench.pages import Effort, Target, measure
from bench.report import write_report
from rapport.project.postgres import Cluster

HERE = Path(__file__).parent
FLOOR_DATABASE = "floor"


@dataclass(frozen=True)
class Prepared:
    """An instance with records in it, and what a client needs to use it."""

    folder: Path
    person: str
    token: str


def main() -> None:
    """Prepare, measure both, write the table."""
    chosen = _parser().parse_args()
    with kept_folder(chosen.keep) as folder:
        prepared = prepare(folder, data.Amounts(
            chosen.people, chosen.people // 5, chosen.people // 5, chosen.people * 2
        ))  # fmt: skip
        effort = Effort(chosen.loads, chosen.seconds)
        only = set(filter(None, chosen.only.split(",")))
        with both(prepared) as (floor, ours, pids):
            measured = {
                name: {"floor": _figures(floor, name, effort, pids["floor"]),
                       "rapport": _figures(ours, name, effort, pids["rapport"])}
                for name in ours.pages if not only or name in only
            }  # fmt: skip
    print(write_report(HERE / "results", measured, people=chosen.people))


def prepare(folder: Path, amounts: data.Amounts) -> Prepared:
    """Make the instance and both databases, unless the folder has them already."""
    instance = folder / "instance"
    marker = folder / "loaded"
    with opened(instance) as open_:
        if not marker.exists():
            data.write_data(folder / "data", amounts)
            url = _floor_url(instance)
            with psycopg.connect(admin_url(instance, "postgres"), autocommit=True) as connection:
                connection.execute("CREATE DATABASE floor")
            loading.load_floor(url, folder / "data")
            loading.load_rapport(folder / "data")
            loading.analyse(open_.urls.owner)
            marker.touch()
        return Prepared(folder, loading.somebody(), api_token())


@contextmanager
def both(prepared: Prepared) -> Iterator[tuple[Target, Target, Mapping[str, list[int]]]]:
    """The floor and Rapport running and logged in to, and their processes."""
    instance, folder = prepared.folder / "instance", prepared.folder
    with (
        servers.rapport(instance, folder / "rapport.log") as (port, pid),
        servers.floor(_floor_url(instance), folder / "floor.log") as (floor_port, floor_pid),
    ):
        database = Cluster(instance).folder / "postmaster.pid"
        database_pid = int(database.read_text().split()[0])
        floor = Target(HERE / "targets" / "floor.toml", {"port": str(floor_port)})
        ours = Target(
            HERE / "targets" / "rapport.toml",
            {
                "port": str(port), "origin": f"http://127.0.0.1:{port}", "email": OWNER,
                "password": password(instance), "token": prepared.token, "person": prepared.person,
            },
        )  # fmt: skip
        yield floor, ours, {"floor": [floor_pid, database_pid], "rapport": [pid]}


def _figures(target: Target, name: str, effort: Effort, pids: list[int]) -> dict[str, Any]:
    try:
        return dict(measure(target, target.pages[name], effort, pids))
    except BadAnswer as problem:
        return {"failed": str(problem)[:400]}


def _floor_url(instance: Path) -> str:
    return admin_url(instance, FLOOR_DATABASE)


def admin_url(instance: Path, database: str = "rapport") -> str:
    """The address of a database of the running instance, for its administrator."""
    return Cluster(instance).url("admin", database)


@contextmanager
def kept_folder(kept: Path | None) -> Iterator[Path]:
    """The folder to keep, or one that is gone afterwards."""
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder:
        yield Path(folder)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--only", default="", help="some pages, by comma")
    parser.add_argument("--loads", type=int, default=Effort.loads)
    parser.add_argument("--seconds", type=float, default=Effort.seconds)
    parser.add_argument("--keep", type=Path, help="a folder whose loaded records are used again")
    return parser


if __name__ == "__main__":
    main()
