"""The large company's pages as four who ask, each beside the floor's page of the same rows.

    bench/run company [--people 100000] [--only all,own] [--pages list,record] [--keep DIR]

Besides: a page 200 screens deep beside page one, and the rows that each page's statements read
beside those it shows. The table goes to bench/results/.
"""

import argparse
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command

from bench import reads, servers
from bench.client import BadAnswer
from bench.compare import FLOOR_DATABASE, HERE, admin_url, kept_folder
from bench.floor_copy import copy_to_floor
from bench.instance import opened, password
from bench.pages import Effort, Target, measure
from bench.principals import Asker, make_askers
from bench.report import write_company
from rapport.project.postgres import Cluster

#: What stands in the list of people while it is measured: fields that administrators made, too.
PART, CITY = "thornbury", "Lyon"
DEEP = 200


@dataclass(frozen=True)
class Prepared:
    """A filled instance and those who ask it."""

    folder: Path
    askers: Mapping[str, Asker]
    #: By who asks: a person he sees with deals, and the cursor of a page far into his list.
    people: Mapping[str, str]
    cursors: Mapping[str, str]
    #: What their pages read, by who asks and page.
    read: Mapping[str, Any]


def main() -> None:
    """Fill, measure each page as each of the four, write the table."""
    chosen = _parser().parse_args()
    only, pages = (set(filter(None, one.split(","))) for one in (chosen.only, chosen.pages))
    with kept_folder(chosen.keep) as folder:
        prepared = prepare(folder, chosen.people, chosen.busy)
        effort = Effort(chosen.loads, chosen.seconds)
        measured: dict[str, dict[str, Any]] = {}
        with running(prepared) as (targets, pids):
            for asker in prepared.askers:
                if not only or asker in only:
                    print(f"as {asker} …", flush=True)
                    both = targets(asker)
                    measured[asker] = _measured(both, effort, pids, pages)
    print(write_company(HERE / "results", measured, prepared.read, people=chosen.people))


def _measured(
    both: Mapping[str, Target], effort: Effort, pids: Mapping[str, list[int]], only: set[str]
) -> dict[str, Any]:
    floor, ours = both["floor"], both["rapport"]
    found = {}
    for name in ours.pages:
        if only and name not in only:
            continue
        beside = ours.described["scenario"][name].get("beside", "list")
        found[name] = {
            "floor": _figures(
                floor, name if name in floor.pages else beside, effort, pids["floor"]
            ),
            "rapport": _figures(ours, name, effort, pids["rapport"]),
        }
    return found


def _figures(target: Target, name: str, effort: Effort, pids: list[int]) -> dict[str, Any]:
    try:
        return dict(measure(target, target.pages[name], effort, pids))
    except BadAnswer as problem:
        return {"failed": str(problem)[:400]}


def prepare(folder: Path, people: int, busy: float = 5) -> Prepared:
    """Fill the instance and the floor, unless the folder has them already."""
    instance, marker = folder / "instance", folder / "filled"
    with opened(instance) as open_:
        if not marker.exists():
            fill_company(people, busy)
            make_askers(instance)
            urls = (admin_url(instance, one) for one in ("rapport", "postgres", FLOOR_DATABASE))
            copy_to_floor(*urls)
            with psycopg.connect(open_.urls.owner, autocommit=True) as owner:
                owner.execute("VACUUM ANALYZE")
            marker.touch()
        # Pages are read here before anything serves them.
        call_command("collectstatic", interactive=False, verbosity=0)
        askers = make_askers(instance)
        people_by = {name: reads.somebody(one.email) for name, one in askers.items()}
        cursors = {name: reads.deep_cursor(one.email, DEEP) for name, one in askers.items()}
        emails = {name: one.email for name, one in askers.items()}
        words = {"part": PART, "city": CITY}
        given = {name: {**words, "person": people_by[name], "after": cursors[name]}
                 for name in askers}  # fmt: skip
        return Prepared(folder, askers, people_by, cursors, reads.counted(emails, given))


def fill_company(people: int, busy: float = 5) -> None:
    """The company, with what its worker would make of it in the first hour."""
    from rapport.accounts.models import User
    from rapport.accounts.principals import principal_of
    from rapport.project.demo import Amounts, begin_scores, fill
    from rapport.records.jobs import run_job
    from rapport.records.metadata.indexes import prepare as prepare_indexes
    from rapport.records.models import Job
    from rapport.records.search.keeping import catch_up

    owner = principal_of(User.objects.order_by("created_at")[0])
    if not User.objects.filter(email__endswith="@demo.example").exists():
        fill(owner, Amounts(people, busy), _tell)
        begin_scores()
    for job in Job.objects.filter(state=Job.State.WAITING, kind="count_rollups"):
        run_job(job.pk)
    prepare_indexes()
    catch_up()


def _tell(done: int, total: int) -> None:
    print(f"\r{done:,} of {total:,}", end="", flush=True)


@contextmanager
def running(prepared: Prepared) -> Iterator[tuple[Any, Mapping[str, list[int]]]]:
    """Both servers; a function that logs somebody in to both, and their processes."""
    instance, folder = prepared.folder / "instance", prepared.folder
    reach = json.dumps({name: dict(one.reach) for name, one in prepared.askers.items()})
    with ExitStack() as stack:
        port, pid = stack.enter_context(servers.rapport(instance, folder / "rapport.log"))
        floor_port, floor_pid = stack.enter_context(
            servers.floor(
                admin_url(instance, FLOOR_DATABASE), folder / "floor.log", FLOOR_REACH=reach
            )
        )
        database = int((Cluster(instance).folder / "postmaster.pid").read_text().split()[0])

        def log_in(name: str) -> dict[str, Target]:
            asker = prepared.askers[name]
            person = prepared.people[name]
            common = {"part": PART, "city": CITY, "who": name, "person": person, "contact": person,
                      "after": prepared.cursors[name]}  # fmt: skip
            ours = {
                "port": str(port), "origin": f"http://127.0.0.1:{port}", "email": asker.email,
                "password": password(instance), "token": asker.token,
            }  # fmt: skip
            targets = HERE / "targets"
            found = {
                "floor": Target(targets / "floor.toml", {**common, "port": str(floor_port)}),
                "rapport": Target(targets / "company.toml", {**common, **ours}),
            }
            return found if name == "all" else {one: _lenient(two) for one, two in found.items()}

        yield log_in, {"floor": [floor_pid, database], "rapport": [pid]}


def _lenient(target: Target) -> Target:
    """Who sees little may find nothing by the words that all are asked for."""
    for scenario in target.described["scenario"].values():
        scenario.pop("expect", None)
    return target


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--busy", type=float, default=5)
    parser.add_argument("--only", default="", help="some of all, own, below and rule")
    parser.add_argument("--pages", default="", help="some pages, by comma")
    parser.add_argument("--loads", type=int, default=Effort.loads)
    parser.add_argument("--seconds", type=float, default=Effort.seconds)
    parser.add_argument("--keep", type=Path, help="a folder whose company is used again")
    return parser


if __name__ == "__main__":
    main()
