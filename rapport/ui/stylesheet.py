"""The stylesheet: many small source files, one file for the browser, no build step.

`css/rapport.css` is a list of imports in cascade order. `StylesheetFinder` answers
`ui/rapport.css` with the imports written out, followed by the files that domains keep at
`static/<domain>/css/`, to the development server and to `collectstatic` alike.
"""

import atexit
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage

NAME = "ui/rapport.css"
LIST = Path(__file__).parent / "static" / "ui" / "css" / "rapport.css"
_IMPORT = re.compile(r'^@import "([^"]+)";$', re.MULTILINE)


def sources() -> list[Path]:
    """Return the files of the stylesheet in cascade order: ours as listed, then each domain's."""
    files = [LIST.parent / name for name in _IMPORT.findall(LIST.read_text())]
    for app in apps.get_app_configs():
        if app.label != "ui":
            files += sorted(Path(app.path, "static", app.label, "css").glob("*.css"))
    return files


def stylesheet() -> str:
    """Return the whole stylesheet. Raises FileNotFoundError for an import that is not there."""
    head = _IMPORT.sub("", LIST.read_text()).strip()
    return "\n".join([head, *(file.read_text() for file in sources())])


class StylesheetFinder(BaseFinder):
    """Finds `ui/rapport.css`, written anew whenever one of its sources changed."""

    def __init__(self, app_names: Iterable[str] | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._folder: Path | None = None
        self._written_from = 0.0

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Report nothing: there is nothing to configure."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the file's place on disk for its own name, else an empty list."""
        if path != NAME:
            return []
        place = str(self._write() / NAME)
        return [place] if find_all else place

    def list(
        self, ignore_patterns: Iterable[str] | None
    ) -> Iterator[tuple[str, FileSystemStorage]]:
        """Yield the one file, for `collectstatic`."""
        yield NAME, FileSystemStorage(location=self._write())

    def _write(self) -> Path:
        newest = max(file.stat().st_mtime for file in [LIST, *sources()])
        if self._folder is None:
            # A folder of this process alone: a name others can guess could be planted.
            self._folder = Path(tempfile.mkdtemp(prefix="rapport-css-"))
            atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        if newest > self._written_from:
            target = self._folder / NAME
            target.parent.mkdir(exist_ok=True)
            target.write_text(stylesheet())
            self._written_from = newest
        return self._folder
