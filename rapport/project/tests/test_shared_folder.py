"""A folder that several machines see: what lies in it, and what stays with each of them."""

from importlib import import_module
from pathlib import Path

import pytest

from rapport.project.backups.finishing import DRAFT, put_in_place
from rapport.project.databases import DatabaseUrls
from rapport.project.instance import Instance, InstanceError
from rapport.project.supervisor import ServeOptions, serve


def machine(tmp_path: Path, name: str) -> Instance:
    made = Instance(tmp_path / name)
    made.share(tmp_path / "shared")
    made.prepare_folder()
    return made


def test_files_and_keys_of_one_machine_are_those_of_the_other(tmp_path: Path) -> None:
    one, two = machine(tmp_path, "one"), machine(tmp_path, "two")
    (one.data / "files" / "photo").write_bytes(b"pixels")
    (one.data / "uploads" / "half").touch()
    assert (two.data / "files" / "photo").read_bytes() == b"pixels"
    key = "session-key"
    assert (one.secrets / key).read_text() == (two.secrets / key).read_text()
    assert not list((two.data / "uploads").iterdir())
    urls = DatabaseUrls("postgresql://db/crm", "postgresql://db/crm", "postgresql://db/crm")
    one.remember_server(urls)
    assert two.database().urls() == urls
    one.share(tmp_path / "shared")


def test_what_a_machine_has_of_its_own_is_not_hidden(tmp_path: Path) -> None:
    alone = Instance(tmp_path / "alone")
    alone.prepare_folder()
    with pytest.raises(InstanceError, match="must be moved there first"):
        alone.share(tmp_path / "shared")
    assert (alone.secrets / "session-key").exists()


def test_restored_files_reach_all_machines(tmp_path: Path) -> None:
    one, two = machine(tmp_path, "one"), machine(tmp_path, "two")
    (one.files / "was").touch()
    draft = one.files.with_name(DRAFT)
    draft.mkdir()
    (draft / "came").touch()
    (one.data / "log-anchors.txt").write_text("an end\n")
    put_in_place(one, DatabaseUrls("", "", ""), has_files=True)
    assert [path.name for path in (two.data / "files").iterdir()] == ["came"]
    assert not (two.data / "log-anchors.txt").exists()
    assert [path.name for path in (tmp_path / "shared").glob("log-anchors-*")]


def test_no_folder_is_shared_by_embedded_databases(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    module = import_module("rapport.project.supervisor.serve")
    monkeypatch.setattr(module, "stop_on_signals", lambda: None)
    assert serve(ServeOptions(tmp_path / "one", shared=tmp_path / "shared")) == 1
    assert "give --database-url too" in "".join(capsys.readouterr())
    assert not (tmp_path / "one").exists()
