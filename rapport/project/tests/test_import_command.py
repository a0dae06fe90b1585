"""`rapport import`, from its options to the records."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from rapport.accounts.testing import make_user
from rapport.project.command import __main__ as command
from rapport.project.command import import_

pytestmark = pytest.mark.django_db
type Run = Callable[..., int]
type Counts = Callable[..., tuple[int, ...]]

FILE = (
    "First name,Last name,Email,Company\n"
    "Ada,Lovelace,ada@acme.example,Acme\n"
    "Bob,Babbage,bob@acme.example,Acme\n"
    "Cy,Broken,no address,Acme\n"
)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the verb on the test's own database, which is open already."""
    monkeypatch.setattr(import_, "open_instance", lambda data: nullcontext())
    make_user()
    return lambda *arguments: command.main(["import", "people", *map(str, arguments)])


@pytest.fixture
def counts(run: Run, capsys: pytest.CaptureFixture) -> Counts:
    """What the verb tells: created, updated, skipped, failed."""

    def counts(*arguments: object) -> tuple[int, ...]:
        capsys.readouterr()
        assert run(*arguments, "--json") == 0
        found = json.loads(capsys.readouterr().out)
        assert isinstance(found["rows_per_second"], int)
        return tuple(found[name] for name in ("created", "updated", "skipped", "failed"))

    return counts


def test_it_counts_then_takes_then_changes_nothing(counts: Counts, tmp_path: Path) -> None:
    file, mend = tmp_path / "people.csv", tmp_path / "mend.csv"
    file.write_text(FILE)
    assert counts(file, "--dry-run") == (2, 0, 0, 1)
    assert counts(file, "--problems", mend) == (2, 0, 0, 1)
    head, row = csv.reader(mend.read_text(encoding="utf-8-sig").splitlines())
    assert head == ["First name", "Last name", "Email", "Company", "Why it was not imported"]
    assert row[:4] == ["Cy", "Broken", "no address", "Acme"]
    assert "no address" in row[4]
    assert counts(file) == (0, 0, 2, 1)
    mend.write_text(mend.read_text(encoding="utf-8-sig").replace("no address,", "cy@acme.example,"))
    assert counts(mend) == (1, 0, 0, 0)


def test_matches_are_treated_as_asked(counts: Counts, tmp_path: Path) -> None:
    path = tmp_path / "titles.csv"

    def take(title: str, policy: str) -> tuple[int, ...]:
        path.write_text(
            f"First name,Last name,Email,Job title\nEve,Hopper,eve@acme.example,{title}\n"
        )
        return counts(path, "--match", policy)

    assert take("Analyst", "update") == (1, 0, 0, 0)
    assert take("Engineer", "skip") == (0, 0, 1, 0)
    assert take("Admiral", "fill") == (0, 0, 1, 0)
    assert take("Captain", "update") == (0, 1, 0, 0)
    assert take("Double", "create") == (1, 0, 0, 0)


def test_how_a_file_is_read_can_be_said(
    run: Run, counts: Counts, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes("list|of people\nVorname|Nachname\nJörg|Groß\n".encode("cp850"))
    assert counts(path, "--encoding", "cp850", "--delimiter", "bar", "--header", 2) == (1, 0, 0, 0)
    bare = tmp_path / "bare.csv"
    bare.write_text("Kim,Lee\n")
    columns = ("--map", "Column 1=first_name", "--map", "Column 2=last_name")
    assert counts(bare, "--header", "none", *columns) == (1, 0, 0, 0)
    assert run(path, "--encoding", "utf-8") == 1
    assert "This file is not written in utf-8." in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        run(path, "--header", "0")
    assert ended.value.code == 2
    assert "write its number, from 1, or none" in capsys.readouterr().err


def test_what_cannot_be_had_is_said(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    assert run(empty) == 1
    assert "empty" in capsys.readouterr().err
    assert run(tmp_path / "gone.csv") == 1
    assert "There is no file" in capsys.readouterr().err
    assert command.main(["import", "folk", str(empty)]) == 1
    assert "There is no folk. There is:" in capsys.readouterr().err
