"""An upgrade is killed at any moment: the next start takes it up, and nothing is lost."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from rapport.project.instance import Instance
from tests.platform.instances import (
    READY,
    Served,
    clean_environment,
    processes_of,
    wait_until,
)
from tests.platform.upgrading import checkout_with, database, fill

pytestmark = pytest.mark.long
KILLS = int(os.environ.get("RAPPORT_UPGRADE_KILLS", "8"))
SEED = int(os.environ.get("RAPPORT_SEED", "1"))
#: Seconds of an upgrade in which something is killed.
LONGEST = 14.0
#: Each is a transaction of its own, and takes long enough to be met.
STEPS = {
    "9997_begun": "CREATE TABLE upgraded (id uuid PRIMARY KEY); SELECT pg_sleep(0.4)",
    "9998_filled": "INSERT INTO upgraded SELECT id FROM contacts_person; SELECT pg_sleep(0.4)",
    "9999_ended": "ALTER TABLE upgraded ADD COLUMN of_whom text; SELECT pg_sleep(0.4)",
}
MIGRATION = """
from django.db import migrations
class Migration(migrations.Migration):
    dependencies = [("accounts", "{after}")]
    operations = [migrations.RunSQL("{statements}")]
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("filled") / "data")


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with more migrations."""
    steps = {name: MIGRATION.replace("{statements}", one) for name, one in STEPS.items()}
    return checkout_with(tmp_path_factory.mktemp("next"), steps)


def begin(version: Path, data: Path) -> Served:
    """Start it and don't wait."""
    output = data.parent / f"{time.monotonic_ns()}.out"
    with output.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "rapport.project.command", "--data", data, "serve",
             "--no-extras"],
            stdin=subprocess.DEVNULL, stdout=file, stderr=file, text=True,
            env=clean_environment() | {"PYTHONPATH": str(version)}, start_new_session=True,
        )  # fmt: skip
    return Served(process, data, output)


def facts(data: Path) -> tuple[list[str], list[str]]:
    """Who is there and which databases."""
    with database(data) as owner:
        people = owner.execute("SELECT id || last_name FROM contacts_person ORDER BY 1").fetchall()
        names = owner.execute("SELECT datname FROM pg_database ORDER BY 1").fetchall()
    return [row[0] for row in people], [row[0] for row in names]


def kill_something(started: Served, dice: random.Random) -> str:
    """End the whole of it, the step at work, the database, or one of its processes."""
    what = dice.choice(["all", "step", "database", "backend"])
    found = processes_of(started.data)
    postmaster = 0
    with suppress(OSError, ValueError, IndexError):
        pidfile = started.data / "postgres" / "postmaster.pid"
        postmaster = int(pidfile.read_text().split()[0])
    chosen = {
        "all": found,
        "step": [pid for pid in found if "prepare_" in command_of(pid)],
        "database": [postmaster] if postmaster else [],
        "backend": [pid for pid in children_of(postmaster) if "rapport_owner" in command_of(pid)],
    }[what]
    for pid in chosen:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return f"{what} {len(chosen)}"


def children_of(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def command_of(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    return ""


def test_an_upgrade_that_is_killed_is_taken_up(filled: Path, version: Path, tmp_path: Path) -> None:
    dice = random.Random(SEED)
    before = facts(filled)
    for number in range(KILLS):
        data = tmp_path / f"{number}"
        shutil.copytree(filled, data, symlinks=True)
        started = begin(version, data)
        wait_until(lambda started=started: has_come_to("earlier version", started))
        time.sleep(dice.uniform(0, LONGEST))
        said = kill_something(started, dice) + "\n" + come_through(started, version)
        sys.stdout.write(f"{number}: {said.splitlines()[0]}\n")
        assert facts(data) == before, said
        assert not Instance(data).upgrade_mark.exists()
        with database(data) as owner:
            upgraded = owner.execute("SELECT count(*) FROM upgraded").fetchone()
        assert upgraded == (len(before[0]),), said
        shutil.rmtree(data)


def come_through(started: Served, version: Path) -> str:
    """Let it go on, or start it again as an operator does; what it said, with all stopped again."""
    wait_until(lambda: has_come_to(READY, started))
    said = started.said
    if READY not in said:
        started.kill_all()
        started = begin(version, started.data)
        wait_until(lambda: has_come_to(READY, started))
        said += "\n---\n" + started.said
    try:
        assert READY in started.said, said
        if "taken up where" in said:
            assert "upgrade ×1" in rapport_of(version, started.data, "doctor"), said
        started.stop()
    finally:
        started.kill_all()
    return said


def has_come_to(word: str, started: Served) -> bool:
    """Whether it has said a word, or is gone."""
    return word in started.said or started.process.poll() is not None


def rapport_of(version: Path, data: Path, *verb: str) -> str:
    return subprocess.run(
        [sys.executable, "-P", "-m", "rapport.project.command", "--data", data, *verb],
        env=clean_environment() | {"PYTHONPATH": str(version)},
        capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
