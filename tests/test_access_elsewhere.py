"""Doors of access that no probe of the matrix comes by: each is missed by a test of its own.

`access/elsewhere.txt` names the test; here each is run with its door off, and has to fail.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.access.doors import places
from tests.access.missing import VARIABLE
from tests.access.table import elsewhere
from tests.test_access_surfaces import redundant

ROOT = Path(__file__).parents[1]


def test_every_place_is_there_and_has_one_reason() -> None:
    assert elsewhere().keys() <= {place.label for place in places().values()}
    assert not elsewhere().keys() & redundant().keys()


@pytest.mark.long
def test_each_test_misses_its_door(tmp_path: Path) -> None:
    chosen = tmp_path / "doors.json"
    chosen.write_text(json.dumps(elsewhere()))
    files = sorted({test.partition("::")[0] for test in elsewhere().values()})
    options = ["-p", "tests.access.missing", "-p", "no:cacheprovider", "-q", "-n", "0", "--tb=no"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *files],
        cwd=ROOT,
        env=os.environ | {VARIABLE: f"off:{chosen}"},
        capture_output=True,
        text=True,
        check=False,
    )
    result = chosen.with_suffix(".missed")
    assert result.exists(), done.stdout[-2000:] + done.stderr[-2000:]
    assert set(json.loads(result.read_text())) == set(elsewhere())
