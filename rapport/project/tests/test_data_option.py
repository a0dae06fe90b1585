"""The folder of an instance may be named before a verb, where its manual says, and after it."""

from pathlib import Path

import pytest

from rapport.project.command.__main__ import main

VERBS = (
    ["doctor"], ["export", "person"], ["token", "create", "--user", "a@b.example"],
    ["config", "export", "settings"], ["backup"],
)  # fmt: skip


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
def test_the_folder_is_heard_wherever_it_stands(
    verb: list[str], is_after: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(tmp_path / "nowhere")]
    assert main([*verb, *data] if is_after else [*data, *verb]) == 1
    assert f"no instance in {tmp_path / 'nowhere'}" in capsys.readouterr().err


def test_the_folder_is_never_taken_for_the_address_of_a_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "crm.tar").write_bytes(b"no backup")
    with pytest.raises(SystemExit):
        main(["restore", "--data-base", "crm", str(tmp_path / "crm.tar")])
    assert "unrecognized arguments: --data-base" in capsys.readouterr().err
    assert main(["restore", "--data", str(tmp_path / "crm"), str(tmp_path / "crm.tar")]) == 1
    assert "is not a backup" in capsys.readouterr().err
