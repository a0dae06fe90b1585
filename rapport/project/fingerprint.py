"""Tell whether anything changed since the database and the assets were last prepared."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
LOCK = PACKAGE.parent / "requirements" / "core.lock"


def schema_fingerprint() -> str:
    """Name the state of all code and libraries: declarations anywhere may ask for an index."""
    sources = (path for path in _files(PACKAGE) if path.suffix in {".py", ".sql"})
    return _digest(path for path in sources if "tests" not in path.parts)


def static_fingerprint() -> str:
    """Name the state of all assets, ours and those of libraries."""
    return _digest(path for path in _files(PACKAGE) if "static" in path.parts)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in (LOCK, *paths):
        if path.exists():
            digest.update(f"{path.name}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
