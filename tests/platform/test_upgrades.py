"""An upgrade brings everything through, or leaves everything as it was."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from rapport.project.instance import Instance

from .instances import CHECKOUT, clean_environment, rapport, served
from .upgrading import checkout_with, database, fill

pytestmark = pytest.mark.long
#: Where the tables stood in the middle of their way, and somebody's data in them.
EARLIER = """
import django; django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
targets = [("accounts", "0001_initial"), ("records", "0007_views"), ("sales", "0001_initial"),
           ("contacts", "0002_user_references"), ("activities", "0002_user_references")]
targets += [leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] == "procrastinate"]
executor.migrate(targets)
model = MigrationExecutor(connection).loader.project_state(targets).apps.get_model
model("accounts", "Workspace").objects.get_or_create(defaults={"name": "Nordwind"})
role = model("accounts", "Role").objects.create(key="owner")
model("accounts", "User").objects.create(
    email="ana@x.example", name="Ana", role=role, password="!")
model("records", "Job").objects.create(kind="import", title="Old work", state="done")
for number in range(500):
    model("records", "ChangeSet").objects.create(via="web", title=str(number), principal="staff")
"""
FAILS = """
from django.db import migrations
def fail(apps, editor):
    if {condition}:
        raise RuntimeError("This migration does not work.")
class Migration(migrations.Migration):
    dependencies = [("accounts", "{after}")]
    operations = [migrations.RunPython(fail)]
"""
TAGS = subprocess.run(
    ["git", "tag", "--list", "v*"], cwd=CHECKOUT, capture_output=True, text=True, check=False
).stdout.split()


class State(NamedTuple):
    """What of an instance an upgrade may not touch when it fails."""

    migrations: list[Any]
    people: list[Any]
    databases: list[Any]


def state(data: Path) -> State:
    with database(data) as owner:
        return State(
            owner.execute("SELECT app, name FROM django_migrations ORDER BY 1, 2").fetchall(),
            owner.execute("SELECT * FROM contacts_person ORDER BY id").fetchall(),
            owner.execute("SELECT datname FROM pg_database ORDER BY 1").fetchall(),
        )


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("filled") / "data")


def next_version(folder: Path, condition: str) -> Path:
    """A checkout with one more migration, which fails where the condition holds."""
    return checkout_with(folder, {"9999_fails": FAILS.replace("{condition}", condition)})


def upgrade(version: Path, data: Path, *verb: str) -> subprocess.CompletedProcess[str]:
    verb = verb or ("upgrade",)
    return subprocess.run(
        [sys.executable, "-P", "-m", "rapport.project.command", "--data", data, *verb],
        env=clean_environment() | {"PYTHONPATH": str(version)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_migration_that_fails_on_the_copy_never_meets_the_instance(
    filled: Path, tmp_path: Path
) -> None:
    before = state(filled)
    done = upgrade(next_version(tmp_path, "True"), filled)
    assert done.returncode == 1
    assert "does not work on a copy, so that nothing was changed" in done.stderr
    assert state(filled) == before


def test_a_migration_that_fails_after_all_is_rolled_back(filled: Path, tmp_path: Path) -> None:
    before = state(filled)
    real = '"_scratch_" not in editor.connection.settings_dict["NAME"]'
    done = upgrade(next_version(tmp_path, real), filled)
    assert done.returncode == 1
    assert "This migration does not work." in done.stderr
    assert "The database was put back as it was." in done.stderr
    assert state(filled) == before
    with served(filled, "--no-extras") as again:
        assert again.answers()


def test_a_start_upgrades_the_same_way_and_a_failed_one_is_not_tried_twice(
    filled: Path, tmp_path: Path
) -> None:
    before = state(filled)
    version = next_version(tmp_path, "True")
    said = upgrade(version, filled, "serve", "--no-extras")
    assert said.returncode == 1
    assert "does not work on a copy, so that nothing was changed" in said.stdout
    kept = sorted((filled / "backups").iterdir())
    again = upgrade(version, filled, "serve", "--no-extras")
    assert again.returncode == 1
    assert "It is not tried again at each start" in again.stdout
    assert sorted((filled / "backups").iterdir()) == kept
    assert state(filled) == before


def test_an_upgrade_that_works_brings_everything_through(filled: Path, tmp_path: Path) -> None:
    before = state(filled)
    done = upgrade(next_version(tmp_path, "False"), filled)
    assert done.returncode == 0, done.stderr
    after = state(filled)
    assert after.people == before.people
    assert after.databases == before.databases
    assert ("accounts", "9999_fails") in after.migrations


def test_tables_from_the_middle_of_their_way_come_to_this_version(tmp_path: Path) -> None:
    instance = Instance(tmp_path / "data")
    instance.prepare_folder()
    started = instance.database()
    started.start()
    try:
        made = subprocess.run(
            [sys.executable, "-c", EARLIER],
            env=instance.variables(started.urls(), RAPPORT_ROLE="owner", PYTHONPATH=str(CHECKOUT)),
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stderr
    finally:
        started.stop()
    done = json.loads(rapport(instance.data, "upgrade", "--json").stdout)
    assert done["upgraded"]
    assert Path(done["backup"]).exists()
    found = json.loads(rapport(instance.data, "doctor", "--json").stdout)["findings"]
    assert {one["name"] for one in found if one["grade"] == "bad"} == set()
    with database(instance.data) as owner:
        assert owner.execute(
            "SELECT count(*) FROM records_changeset WHERE via = 'web'"
        ).fetchone() == (500,)
        assert owner.execute("SELECT name FROM accounts_user").fetchall() == [("Ana",)]


@pytest.mark.parametrize("tag", TAGS)
def test_every_released_version_comes_to_this_one(tag: str, tmp_path: Path) -> None:
    old, data = tmp_path / "old", tmp_path / "data"
    subprocess.run(["git", "worktree", "add", "--detach", old, tag], cwd=CHECKOUT, check=True)
    try:
        with served(data, "--demo", "--no-extras", run=old / "bin" / "run"):
            pass
        with database(data) as owner:
            before = owner.execute("SELECT id, name FROM contacts_person ORDER BY id").fetchall()
        assert before
        rapport(data, "upgrade")
        with database(data) as owner:
            after = owner.execute("SELECT id, name FROM contacts_person ORDER BY id").fetchall()
        assert after == before
        with served(data, "--no-extras") as now:
            assert now.answers()
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", old], cwd=CHECKOUT, check=True)
