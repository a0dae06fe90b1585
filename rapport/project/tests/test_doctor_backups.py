"""What the doctor says of backups."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rapport.project.backups import shelf
from rapport.project.backups.plan import Plan, note_asked, write_plan
from rapport.project.doctor.backups import are_backups_well
from rapport.project.instance import Instance


def put(instance: Instance, days: int) -> Path:
    path = shelf.new_path(instance, is_sealed=False)
    path.write_bytes(b"x")
    at = (datetime.now(tz=UTC) - timedelta(days=days)).timestamp()
    os.utime(path, (at, at))
    return path


def test_it_asks_for_backups_that_are_there_young_and_tried(tmp_path: Path) -> None:
    instance = Instance(tmp_path)
    assert "no backup" in are_backups_well(instance).sentence
    old = put(instance, 20)
    assert "20 days old" in are_backups_well(instance).sentence
    put(instance, 1)
    assert "ever restored" in are_backups_well(instance).sentence
    shelf.note_tested(old, is_good=True, said="")
    assert are_backups_well(instance).grade == "good"


def test_a_backup_that_does_not_come_out_is_bad_news(tmp_path: Path) -> None:
    instance = Instance(tmp_path)
    shelf.note_tested(put(instance, 0), is_good=False, said="a table is missing")
    found = are_backups_well(instance)
    assert (found.grade, "a table is missing" in found.sentence) == ("bad", True)


def test_a_schedule_that_fails_is_bad_news(tmp_path: Path) -> None:
    instance = Instance(tmp_path)
    write_plan(instance, Plan("daily"))
    note_asked(instance, fault="The disk is full.")
    assert are_backups_well(instance).grade == "bad"
    note_asked(instance, fault="")
    assert are_backups_well(instance).grade == "advice"
