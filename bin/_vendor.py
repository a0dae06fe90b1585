"""Fetches what rapport/ui/vendor.toml pins; called by `bin/vendor`, needs npm."""

import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MANIFEST = ROOT / "rapport/ui/vendor.toml"
FOLDER = "rapport/ui/static/ui/vendor"
# A map that is not there would be asked for by the browser and by collectstatic.
_SOURCE_MAP = re.compile(rb"\n?//# sourceMappingURL=\S+\s*\Z")


def main() -> None:
    """Fetch each package and store its files."""
    for name, package in tomllib.loads(MANIFEST.read_text())["packages"].items():
        with tempfile.TemporaryDirectory() as folder:
            unpacked = fetch(f"{name}@{package['version']}", Path(folder))
            store(name, package, unpacked)
        print(f"{name} {package['version']}")


def fetch(package: str, folder: Path) -> Path:
    """Have npm fetch a package and return the folder it was unpacked to."""
    npm = ["npm", "pack", "--silent", "--ignore-scripts", package]
    archive = subprocess.run(npm, cwd=folder, check=True, capture_output=True, text=True)
    with tarfile.open(folder / archive.stdout.split()[-1]) as packed:
        packed.extractall(folder, filter="data")
    return folder / "package"


def store(name: str, package: dict[str, Any], unpacked: Path) -> None:
    """Copy a package's files and licence, and write the files' hashes into the manifest."""
    folder = ROOT / package.get("folder", FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    for target, file in package.get("files", {}).items():
        content = _SOURCE_MAP.sub(b"\n", (unpacked / file["source"]).read_bytes())
        (folder / target).write_bytes(content)
        write_hash(target, sha256(content).hexdigest())
    label = name.rpartition("/")[2]
    (folder / f"LICENSE.{label}").write_bytes((unpacked / "LICENSE").read_bytes())


def write_hash(target: str, digest: str) -> None:
    """Write a file's hash on its line of the manifest."""
    line = re.compile(rf'^("{re.escape(target)}" = .*sha256 = ")[^"]*', re.MULTILINE)
    MANIFEST.write_text(line.sub(rf"\g<1>{digest}", MANIFEST.read_text()))


if __name__ == "__main__":
    sys.exit(main())
