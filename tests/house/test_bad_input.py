"""Every case of bad input that `tests/README.md` lists has the test it names."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LISTED = re.findall(r"`([\w/]+\.py)::(test_\w+)`", (ROOT / "tests" / "README.md").read_text())


def test_the_list_is_read() -> None:
    assert len(LISTED) >= 15
    assert len(set(LISTED)) == len(LISTED)


@pytest.mark.parametrize(("path", "name"), LISTED, ids=lambda part: part.split("/")[-1])
def test_the_test_is_there(path: str, name: str) -> None:
    assert re.search(rf"^(?:async )?def {name}\(", (ROOT / path).read_text(), re.M)
