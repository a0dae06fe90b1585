import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

UI = Path(__file__).resolve().parents[1]
ROOT = UI.parents[1]
PACKAGES: dict[str, dict[str, Any]] = tomllib.loads((UI / "vendor.toml").read_text())["packages"]


def folder_of(package: dict[str, Any]) -> Path:
    return ROOT / package.get("folder", "rapport/ui/static/ui/vendor")


@pytest.mark.parametrize("name", PACKAGES)
def test_files_are_the_pinned_ones_and_carry_their_licence(name: str) -> None:
    package = PACKAGES[name]
    for target, file in package.get("files", {}).items():
        content = (folder_of(package) / target).read_bytes()
        assert sha256(content).hexdigest() == file["sha256"], f"{target}: run bin/vendor"
    assert (folder_of(package) / f"LICENSE.{name.rpartition('/')[2]}").stat().st_size > 200
    assert package["license"]


def test_nothing_unpinned_lies_beside_them() -> None:
    pinned = {
        folder_of(package) / file
        for package in PACKAGES.values()
        for file in package.get("files", {})
    }
    for folder in {folder_of(package) for package in PACKAGES.values()}:
        present = {file for file in folder.iterdir() if not file.name.startswith("LICENSE.")}
        assert present <= pinned


def test_no_file_points_at_a_map_that_is_not_there() -> None:
    for package in PACKAGES.values():
        for target in package.get("files", {}):
            assert b"sourceMappingURL" not in (folder_of(package) / target).read_bytes()[-200:]
