"""The environment that the commands make for themselves, and what they find in it."""

import importlib.util
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "bin" / "_bootstrap.py"
KEEPS = 'source bin/_environment; "$PYTHON" -c "%s"'
TELLS = "import sys; print(sys.pycache_prefix, sys.dont_write_bytecode)"


def test_of_an_environment_that_lies_elsewhere_the_link_goes(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("bootstrap", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    bootstrap = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bootstrap)
    elsewhere, link, folder = tmp_path / "disk", tmp_path / "old", tmp_path / "draft"
    for one in (elsewhere, folder):
        (one / "bin").mkdir(parents=True)
    link.symlink_to(elsewhere)
    for one in (link, folder, tmp_path / "nowhere"):
        bootstrap.remove(one)
    assert list(tmp_path.iterdir()) == [elsewhere]
    assert (elsewhere / "bin").is_dir()


def test_what_is_compiled_is_kept_beside_the_tree_whatever_the_shell_says() -> None:
    given = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
    said = subprocess.run(
        ["bash", "-c", KEEPS % TELLS],
        cwd=ROOT,
        env=given,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == [str(ROOT / "var" / "pycache"), "False"]
