"""`rapport export`, from its options to the file."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from rapport.accounts.testing import make_user
from rapport.project.command import __main__ as command
from rapport.project.command import export
from rapport.records.models import Reading
from rapport.records.testing import make_sample

pytestmark = pytest.mark.django_db
type Run = Callable[..., int]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the verb on the test's own database, which is open already."""
    monkeypatch.setattr(export, "open_instance", lambda data: nullcontext())
    for name, seats in (("Blue", 3), ("Red", 1), ("=Green", 2)):
        make_sample("room", values={"name": name, "seats": seats})
    return lambda *arguments: command.main(["export", *arguments])


def test_the_records_asked_for_are_written(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    out = tmp_path / "rooms.csv"
    asked = ["--where", "seats.gt=1", "--sort=-seats", "--columns", "name,seats"]
    assert run("rooms", *asked, "--out", str(out), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["file"], told["format"]) == (2, str(out), "csv")
    assert told["rows_per_second"] > 0
    with out.open(newline="") as file:
        assert list(csv.reader(file)) == [["name", "seats"], ["Blue", "3"], ["'=Green", "2"]]
    assert [path.name for path in tmp_path.iterdir()] == ["rooms.csv"]


def test_without_a_file_only_the_records_go_to_the_output(
    run: Run, capfdbinary: pytest.CaptureFixture
) -> None:
    assert run("rooms", "--columns", "name", "--search", "blue", "--json") == 0
    said = capfdbinary.readouterr()
    assert said.out == b"name\r\nBlue\r\n"
    assert json.loads(said.err)["rows"] == 1


def test_conditions_may_be_written_as_in_a_search(
    run: Run, capfdbinary: pytest.CaptureFixture
) -> None:
    assert run("rooms", "--columns", "name", "--where", "seats>2 -rooms:()") == 0
    assert capfdbinary.readouterr().out == b"name\r\nBlue\r\n"


def test_all_fields_come_but_those_computed_from_others(
    run: Run, capfdbinary: pytest.CaptureFixture
) -> None:
    assert run("people", "--header", "labels") == 0
    head = capfdbinary.readouterr().out.decode().split(",")
    assert head[0] == "ID"
    assert "First name" in head
    assert "Pulse" not in head


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nothing"], "There is no nothing. There is: "),
        (["rooms", "--where", "nothing=1"], "no field “nothing”"),
        (["rooms", "--where", "seats"], "says nothing of a field"),
        (["rooms", "--where", "seats>many"], "is not a number"),
        (["rooms", "--columns", "x"], "no field “x”"),
        (["rooms", "--sort", "notes"], "can't be ordered"),
        (["rooms", "--user", "nobody@nordwind.example"], "no user"),
        (["rooms", "--out", "/nowhere/rooms.csv"], "can't be written"),
    ],
)
def test_what_can_not_be_done_is_said(
    run: Run, capsys: pytest.CaptureFixture, arguments: list[str], sentence: str
) -> None:
    assert run(*arguments) == 1
    assert sentence in capsys.readouterr().err


def test_the_rights_can_be_those_of_a_user(run: Run, capsys: pytest.CaptureFixture) -> None:
    make_user("Rea Donly", "read_only")
    assert run("rooms", "--user", "rea.donly@nordwind.example") == 1
    assert "does not allow" in capsys.readouterr().err


def test_it_is_in_the_log_of_reads(run: Run, tmp_path: Path) -> None:
    run("rooms", "--out", str(tmp_path / "rooms.xlsx"), "--format", "xlsx")
    began, ended = Reading.objects.order_by("id")
    told = (began.detail["way"], ended.rows, began.detail["format"])
    assert told == ("command", 3, "xlsx")


def test_everything_goes_into_one_archive(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    out = tmp_path / "house.zip"
    assert run("everything", "--out", str(out), "--json") == 0
    assert json.loads(capsys.readouterr().out)["objects"]["room"] == 3
    assert "'=Green" in zipfile.ZipFile(out).read("rooms.csv").decode()
    assert run("everything", "--columns", "name", "--out", str(out)) == 1
