"""`bin/object`: what it writes works at once, and stays as short as promised."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
PARTS = ("rapport", "bin", "pyproject.toml", "conftest.py", "requirements", "tests")
LONGEST_OBJECT = 45
CHECK = """
import django, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "rapport.project.settings"
django.setup()
from rapport.records.checks import check_objects
sys.exit("\\n".join(map(str, check_objects())) or 0)
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout that may be written to."""
    folder = tmp_path_factory.mktemp("checkout")
    leave = shutil.ignore_patterns("node_modules")
    for part in PARTS:
        source = CHECKOUT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=leave)
        else:
            shutil.copy(source, folder / part)
    return folder


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST", "DJANGO", "RAPPORT", "COV"))
    }
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def _new(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return _run(folder, str(folder / "bin" / "_object.py"), *arguments)


def _length_of_class(path: Path, name: str) -> int:
    block = re.search(rf"^(?:@\w+\n)?class {name}\b.*?(?=^\S|\Z)", path.read_text(), re.M | re.S)
    assert block, f"no {name} in {path}"
    return len(block[0].strip().splitlines())


@pytest.mark.parametrize(
    ("domain", "name"),
    [pytest.param("sales", "contract", marks=pytest.mark.long), ("privacy", "purpose")],
)
def test_a_new_object_is_short_and_passes_the_linter(copy: Path, domain: str, name: str) -> None:
    written = _new(copy, domain, name)
    assert written.returncode == 0, written.stderr
    folder = copy / "rapport" / domain
    in_folder = folder / "models" / f"{name}.py"
    models = in_folder if in_folder.exists() else folder / "models.py"
    noun = name.title().replace("_", "")
    length = _length_of_class(models, noun)
    length += _length_of_class(folder / "records.py", f"{noun}Object")
    assert length <= LONGEST_OBJECT
    files = re.findall(r"^\S+\.py$", written.stdout, re.M)
    linted = _run(copy, "-m", "ruff", "check", *files)
    assert linted.returncode == 0, linted.stdout
    checked = _run(copy, "-c", CHECK)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.long
def test_a_new_object_has_its_pages_at_once(copy: Path) -> None:
    if not (copy / "rapport/sales/tests/test_contract.py").exists():
        assert _new(copy, "sales", "contract").returncode == 0
    tested = _run(copy, "-m", "pytest", "-q", "rapport/sales/tests/test_contract.py")
    assert tested.returncode == 0, tested.stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("kitchen", "knife"), "no domain for objects"),
        (("records", "knife"), "no domain for objects"),
        (("sales", "Big Deal"), "not a name"),
        (("sales", "deal"), "already"),
    ],
)
def test_what_can_not_be_made_is_refused_in_a_sentence(
    copy: Path, arguments: tuple[str, str], reason: str
) -> None:
    refused = _new(copy, *arguments)
    assert refused.returncode == 1
    assert reason in refused.stderr
