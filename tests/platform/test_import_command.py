"""`rapport import` as an operator types it, on an instance that is stopped."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from .instances import Keeper, rapport

FILE = (
    "First name,Last name,Email,Company\n"
    "Ada,Lovelace,ada@acme.example,Acme\n"
    "Bob,Babbage,bob@acme.example,Acme\n"
    "Cy,Broken,no address,Acme\n"
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("import")
    password = folder / "password"
    password.write_text("a long enough secret\n")
    owner = ("--owner-email", "ana@firm.example", "--owner-password-file", str(password))
    keeper = Keeper(folder / "data", *owner)
    yield keeper.running().data
    keeper.end()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(FILE)
    return path


def facts(data: Path, *arguments: str) -> dict[str, object]:
    found = json.loads(rapport(data, "import", "people", *arguments, "--json").stdout)
    assert isinstance(found, dict)
    return found


def counts(found: dict[str, object]) -> tuple[object, ...]:
    return tuple(found[name] for name in ("created", "updated", "skipped", "failed"))


def test_it_counts_then_takes_then_changes_nothing(data: Path, file: Path, tmp_path: Path) -> None:
    dry = facts(data, str(file), "--dry-run")
    assert counts(dry) == (2, 0, 0, 1)
    assert dry["dry_run"] is True
    mend = tmp_path / "mend.csv"
    first = facts(data, str(file), "--problems", str(mend))
    assert counts(first) == (2, 0, 0, 1)
    assert isinstance(first["rows_per_second"], int)
    head, row = csv.reader(mend.read_text(encoding="utf-8-sig").splitlines())
    assert head == ["First name", "Last name", "Email", "Company", "Why it was not imported"]
    assert row[:4] == ["Cy", "Broken", "no address", "Acme"]
    assert "no address" in row[4]
    assert counts(facts(data, str(file))) == (0, 0, 2, 1)
    mend.write_text(mend.read_text(encoding="utf-8-sig").replace("no address,", "cy@acme.example,"))
    assert counts(facts(data, str(mend))) == (1, 0, 0, 0)


def test_matches_are_treated_as_asked(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "titles.csv"

    def take(title: str, policy: str) -> tuple[object, ...]:
        path.write_text(
            f"First name,Last name,Email,Job title\nEve,Hopper,eve@acme.example,{title}\n"
        )
        return counts(facts(data, str(path), "--match", policy))

    assert take("Analyst", "update") == (1, 0, 0, 0)
    assert take("Engineer", "skip") == (0, 0, 1, 0)
    assert take("Admiral", "fill") == (0, 0, 1, 0)
    assert take("Captain", "update") == (0, 1, 0, 0)
    assert take("Double", "create") == (1, 0, 0, 0)


def test_how_a_file_is_read_can_be_said(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes("list|of people\nVorname|Nachname\nJörg|Groß\n".encode("cp850"))
    manner = ("--encoding", "cp850", "--delimiter", "bar", "--header", "2")
    assert counts(facts(data, str(path), *manner)) == (1, 0, 0, 0)
    bare = tmp_path / "bare.csv"
    bare.write_text("Kim,Lee\n")
    columns = ("--map", "Column 1=first_name", "--map", "Column 2=last_name")
    assert counts(facts(data, str(bare), "--header", "none", *columns)) == (1, 0, 0, 0)
    wrong = rapport(data, "import", "people", str(path), "--encoding", "utf-8", expect=1)
    assert "This file is not written in utf-8." in wrong.stderr
    row = rapport(data, "import", "people", str(path), "--header", "0", expect=2)
    assert "write its number, from 1, or none" in row.stderr


def test_what_cannot_be_had_is_said(data: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    assert "empty" in rapport(data, "import", "people", str(empty), expect=1).stderr
    gone = rapport(data, "import", "people", str(tmp_path / "gone.csv"), expect=1)
    assert "There is no file" in gone.stderr
    unknown = rapport(data, "import", "folk", str(empty), expect=1)
    assert "There is no folk. There is:" in unknown.stderr
