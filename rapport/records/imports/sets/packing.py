"""Files that came together: kept one by one, those of a ZIP unpacked with its dangers in mind."""

from __future__ import annotations

import json
import stat
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from rapport.records.imports.drafting import Content, keep_upload
from rapport.records.imports.reading import Unreadable, archives, signatures
from rapport.records.imports.reading.limits import MIB, Limits
from rapport.records.imports.reading.opening import is_clutter
from rapport.records.imports.reading.sources import DAMAGED
from rapport.records.imports.reading.unreadable import too_large, unreadable
from rapport.records.imports.stored import path_of

MANIFEST = "contents.json"
OURS = "Rapport"
LONGEST_NAME = 300
MOST_FILES = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as its user knows it, and its place under the media root."""

    name: str
    storage: str


@dataclass(slots=True)
class Delivery:
    """What came: files to be read, files that can't be, and what an export of ours says of its
    files (file name to object, in the order in which they are to be read)."""

    files: list[Kept] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)
    objects: dict[str, str] = field(default_factory=dict)

    def forget(self) -> None:
        """Remove the files."""
        for one in self.files:
            path_of(one.storage).unlink(missing_ok=True)


def receive(files: Iterable[tuple[str, Content]]) -> Delivery:
    """Keep what came, by name and content. Raises Unreadable and OSError, with nothing kept."""
    made = Delivery()
    try:
        for name, content in files:
            if len(made.files) >= MOST_FILES:
                raise unreadable("too_many_files", limit=MOST_FILES)
            kept = Kept(_plain(name), keep_upload(content))
            if _is_archive(kept):
                _unpack(kept, made)
            else:
                made.files.append(kept)
    except (Unreadable, OSError):
        made.forget()
        raise
    if not made.files and not made.left:
        raise unreadable("empty")
    return made


def _is_archive(kept: Kept) -> bool:
    """Whether it is a ZIP of files, and no workbook or document."""
    path = path_of(kept.storage)
    with path.open("rb") as file:
        if signatures.what_is_it(file.read(signatures.HEAD)) != "zip":
            return False
    try:
        names = [one.filename for one in archives.entries(path, Limits.configured())]
    except Unreadable:
        path.unlink(missing_ok=True)
        raise
    return signatures.what_archive(names) == "archive"


def _unpack(archive: Kept, made: Delivery) -> None:
    """Keep the files in a ZIP and let the ZIP go. Raises Unreadable, OSError."""
    path, limits = path_of(archive.storage), Limits.configured()
    try:
        entries = [one for one in archives.entries(path, limits) if not is_clutter(_slashed(one))]
        if sum(one.file_size for one in entries) > limits.file:
            raise too_large(limits.file)
        with zipfile.ZipFile(path) as opened:
            for entry in entries:
                _take(opened, entry, limits, made)
    finally:
        path.unlink(missing_ok=True)


def _take(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits, made: Delivery) -> None:
    name = _plain(entry.filename)
    try:
        _refuse(entry, limits)
        with opened.open(entry) as content:
            if name == MANIFEST and (objects := _objects(content.read(MIB))):
                made.objects = objects
                return
        with opened.open(entry) as content:
            kept = Kept(name, keep_upload(content))
    except Unreadable as refused:
        made.left[name] = str(refused)
    except (*DAMAGED, RuntimeError):
        made.left[name] = str(unreadable("truncated"))
    else:
        _keep(kept, made)


def _keep(kept: Kept, made: Delivery) -> None:
    """Keep a file of a ZIP, unless it is a ZIP itself."""
    try:
        is_nested = _is_archive(kept)
    except Unreadable as refused:
        made.left[kept.name] = str(refused)
        return
    if is_nested:
        path_of(kept.storage).unlink(missing_ok=True)
        made.left[kept.name] = str(unreadable("nested"))
    else:
        made.files.append(kept)


def _refuse(entry: zipfile.ZipInfo, limits: Limits) -> None:
    """Raises Unreadable for what no honest export holds."""
    path = PurePosixPath(_slashed(entry))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        raise unreadable("stray_name")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise unreadable("symbolic_link")
    archives.refuse_ratio(entry.file_size, entry.compress_size, limits)


def _slashed(entry: zipfile.ZipInfo) -> str:
    return entry.filename.replace("\\", "/")


def _plain(name: str) -> str:
    """A name to show: it is never a path of ours."""
    shown = "".join(letter for letter in name.replace("\\", "/") if letter.isprintable())
    return shown[-LONGEST_NAME:] or "file"


def _objects(content: bytes) -> dict[str, str]:
    """File names and their objects, as `export everything` writes them down; empty for a file
    that only has the same name."""
    try:
        found: Any = json.loads(content)
        if not isinstance(found, Mapping) or found.get("made_by") != OURS:
            return {}
        return {str(one["file"]): str(one["object"]) for one in found["files"]}
    except (ValueError, TypeError, KeyError, RecursionError):
        return {}


def files_in(folder: Path) -> list[Path]:
    """The files of a folder and the folders in it, by name; what hides or leads elsewhere stays."""
    found = []
    for parent, folders, names in folder.walk(follow_symlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [parent / name for name in sorted(names) if not name.startswith(".")]
    return [one for one in found if one.is_file() and not one.is_symlink()]
