"""The list of layers in `pyproject.toml`, the one that import-linter checks too."""

from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from tests.house.sources import project


@dataclass(frozen=True)
class Layers:
    """Rows from the top down; the folders of one row are blind to each other."""

    rows: tuple[tuple[str, ...], ...]

    def row_of(self, folder: str) -> int:
        """How far down a folder stands. Raises KeyError for a folder that is not listed."""
        for number, row in enumerate(self.rows):
            if folder in row:
                return number
        raise KeyError(folder)

    def may_look(self, upper: str, lower: str) -> bool:
        """Whether `upper` may know of `lower`."""
        return upper == lower or self.row_of(upper) < self.row_of(lower)


def parse_layers(lines: list[str]) -> Layers:
    """Read import-linter's notation: `(a) | (b)` is a row of two that may not exist yet."""
    return Layers(tuple(tuple(name.strip(" ()") for name in line.split("|")) for line in lines))


@cache
def layers() -> Layers:
    """The house's own."""
    contracts = cast("Any", project())["tool"]["importlinter"]["contracts"]
    (contract,) = [one for one in contracts if one["type"] == "layers"]
    return parse_layers(contract["layers"])
