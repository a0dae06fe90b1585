"""`rapport import` of a folder or a ZIP."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from rapport.accounts.testing import make_user
from rapport.contacts.models import Company, Person
from rapport.project.command import __main__ as command
from rapport.project.command import import_files

pytestmark = pytest.mark.django_db
type Run = Callable[..., dict[str, Any]]

FILES = {
    "firms/companies.csv": "Company name,Website,Hobby\nAcme,acme.example,Chess\n",
    "people.csv": "First name,Last name,Email,Company\n"
    "Ada,Berg,ada@x.example,Acme\nBo,V,nothing,Acme\n",
    "teams.csv": "id,name\n1,North\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "export" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "export"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the verb on the test's own database, which is open already; what it tells."""
    monkeypatch.setattr(import_files, "open_instance", lambda data: nullcontext())
    make_user()

    def run(*arguments: object) -> dict[str, Any]:
        assert command.main(["import", *map(str, arguments), "--json"]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    return run


def test_a_folder_is_checked_then_taken_with_its_rows_to_mend(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    check = run(folder, "--dry-run")
    assert (check["created"], check["failed"], check["dry_run"]) == (2, 1, True)
    assert not Company.objects.exists()
    mend = tmp_path / "mend"
    done = run(folder, "--problems", mend)
    names = ["firms/companies.csv", "people.csv"]
    assert [one["file"] for one in done["files"]] == names
    assert done["files"][0]["left_out"] == ["Hobby"]
    assert [one["file"] for one in done["left"]] == ["teams.csv"]
    assert [path.name for path in mend.iterdir()] == ["02-people.csv"]
    assert Person.objects.get().company == Company.objects.get()
    again = run(folder)
    assert (again["created"], again["updated"], again["skipped"]) == (0, 0, 2)


def test_a_zip_is_taken_too(run: Run, folder: Path, tmp_path: Path) -> None:
    packed = tmp_path / "export.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in FILES.items():
            archive.writestr(name, text)
    assert run(packed, "--match", "skip")["created"] == 2


def test_what_can_not_be_taken_is_said(
    run: Run, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = tmp_path / "x.zip"
    damaged.write_bytes(b"PK\x03\x04 and no more")
    for arguments, words in (
        ([folder, "--map", "a=name"], "--map is for one file"),
        ([tmp_path / "nowhere"], "There is no file or folder"),
        ([damaged], "missing or damaged"),
        ([folder, "--user", "nobody@x.example"], "There is no such user"),
    ):
        assert command.main(["import", *map(str, arguments)]) != 0
        assert words in capsys.readouterr().err
    assert not Company.objects.exists()
