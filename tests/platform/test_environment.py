"""How `bin/_bootstrap.py` puts a new environment in the place of the old one."""

import importlib.util
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "bin" / "_bootstrap.py"


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
