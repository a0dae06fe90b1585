"""When a backup is due, and what goes when there are too many."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from rapport.project.backups import shelf
from rapport.project.backups.plan import Plan, passphrase_of, read_plan, write_plan
from rapport.project.instance import Instance

MADRID = ZoneInfo("Europe/Madrid")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("plan", "now", "due"),
    [
        (Plan("daily", at="02:00"), "2026-11-22T00:59", "2026-11-21T01:00"),
        (Plan("daily", at="02:00"), "2026-11-22T01:00", "2026-11-22T01:00"),
        # In summer the same hour of Madrid is another one of UTC.
        (Plan("daily", at="02:00"), "2026-07-22T00:00", "2026-07-22T00:00"),
        (Plan("weekly", day=6, at="02:00"), "2026-11-22T12:00", "2026-11-22T01:00"),
        (Plan("weekly", day=6, at="02:00"), "2026-11-22T00:30", "2026-11-15T01:00"),
        (Plan("weekly", day=0, at="02:00"), "2026-11-22T12:00", "2026-11-16T01:00"),
    ],
)
def test_a_backup_is_due_at_the_hour_of_the_workspace(plan: Plan, now: str, due: str) -> None:
    assert plan.last_due(moment(now), MADRID) == moment(due)


def test_it_is_due_once_and_again_the_next_day() -> None:
    plan = Plan("daily", at="02:00", asked="2026-11-22T01:00:03+00:00")
    assert not plan.is_due(moment("2026-11-22T23:00"), MADRID)
    assert plan.is_due(moment("2026-11-23T01:00"), MADRID)
    assert not Plan().is_due(moment("2026-11-23T01:00"), MADRID)


def put(instance: Instance, number: int, reason: str, *, is_good: bool | None = None) -> Path:
    path = shelf.folder_of(instance) / f"rapport-20261122-0000{number:02}-0000.tar"
    path.write_bytes(b"x")
    at = (moment("2026-11-22T00:00") + timedelta(hours=number)).timestamp()
    os.utime(path, (at, at))
    shelf._write(path, {"reason": reason})
    if is_good is not None:
        shelf.note_tested(path, is_good=is_good, said="")
    return path


def test_the_newest_stay_and_what_people_made_and_the_last_good_one(tmp_path: Path) -> None:
    instance = Instance(tmp_path)
    put(instance, 0, "by hand")
    good = put(instance, 1, "schedule", is_good=True)
    for number in (2, 3, 4):
        put(instance, number, "schedule", is_good=False)
    shelf.prune(instance, keep=2)
    left = {one.name[-11:-9] for one in shelf.backups(instance)}
    assert left == {"00", "01", "03", "04"}
    assert good.exists()


@pytest.mark.parametrize(
    "name", ["../secrets/session-key", "rapport-20261122-000001-0000.tar/../x", "plan.json", ""]
)
def test_cve_2026_33733_only_names_of_backups_are_found(tmp_path: Path, name: str) -> None:
    instance = Instance(tmp_path)
    put(instance, 1, "by hand")
    write_plan(instance, Plan())
    assert shelf.backup_called(instance, name) is None


def test_a_link_on_the_shelf_is_no_backup(tmp_path: Path) -> None:
    instance = Instance(tmp_path)
    link = shelf.folder_of(instance) / "rapport-20261122-000001-0000.tar"
    link.symlink_to("/etc/passwd")
    assert shelf.backup_called(instance, link.name) is None
    assert shelf.backups(instance) == []


def test_the_passphrase_is_kept_apart_and_goes_when_it_is_not_needed(tmp_path: Path) -> None:
    instance = Instance(tmp_path)
    write_plan(instance, Plan(is_sealed=True), "correct horse battery")
    write_plan(instance, Plan(is_sealed=True, keep=3))
    assert passphrase_of(instance) == "correct horse battery"
    assert "horse" not in (shelf.folder_of(instance) / "plan.json").read_text()
    assert (instance.secrets / "backup-passphrase").stat().st_mode & 0o777 == 0o600
    write_plan(instance, Plan(is_sealed=False))
    assert not (instance.secrets / "backup-passphrase").exists()
    assert read_plan(instance).keep == 7
