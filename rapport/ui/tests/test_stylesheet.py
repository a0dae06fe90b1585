import os
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from rapport.ui import stylesheet


def test_every_source_file_is_listed_once() -> None:
    listed = [file for file in stylesheet.sources() if stylesheet.LIST.parent in file.parents]
    present = set(stylesheet.LIST.parent.glob("*/*.css"))
    assert len(listed) == len(set(listed))
    assert set(listed) == present


def test_each_file_speaks_in_a_layer() -> None:
    for file in stylesheet.sources():
        first = re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.DOTALL).strip()
        assert first.startswith(("@layer ", "@font-face")), file.name


def test_the_browser_gets_one_file_without_imports() -> None:
    place = finders.find("ui/rapport.css")
    assert place
    text = Path(place).read_text()
    assert "@import" not in text
    assert text.index("@layer reset, tokens") < text.index("--paper") < text.index(".btn {")


def test_a_changed_source_is_served_changed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    listing = tmp_path / "rapport.css"
    listing.write_text('@layer base;\n@import "one.css";\n')
    source = tmp_path / "one.css"
    source.write_text("@layer base { p { color: red } }")
    monkeypatch.setattr(stylesheet, "LIST", listing)
    finder = stylesheet.StylesheetFinder()
    place = Path(finder.find("ui/rapport.css"))
    assert "red" in place.read_text()
    source.write_text("@layer base { p { color: blue } }")
    newer = source.stat().st_mtime + 10
    os.utime(source, (newer, newer))
    assert "blue" in Path(finder.find("ui/rapport.css")).read_text()
