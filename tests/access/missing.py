"""A plugin of pytest: which tests come by the doors that no probe comes by, and who misses them.

    pytest -p tests.access.missing   with RAPPORT_TEST_DOORS=learn:FILE or off:FILE

Learning writes down the labels of places where a door held something back, by test: to find who
might miss one. The other reads a test by label from such a file, runs each with the door off at
its place, and writes the labels whose tests failed beside it, with the ending `.missed`. A plugin
is loaded before the settings are, so that what needs them is imported where it is used.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

VARIABLE = "RAPPORT_TEST_DOORS"
DOOR = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Take the part that was asked for."""
    part, _colon, file = os.environ[VARIABLE].partition(":")
    config.pluginmanager.register({"learn": Learning, "off": Opening}[part](Path(file)))


class Learning:
    """Watches every test."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.met: dict[str, list[str]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """Note the places of one test."""
        from tests.access.doors import Place, watched

        seen: list[Place] = []
        with watched(seen.append):
            result = yield
        self.met[item.nodeid] = sorted({place.label for place in seen})
        return result

    def pytest_sessionfinish(self) -> None:
        """Write down what was met."""
        self.file.write_text(json.dumps(self.met))


class Opening:
    """Runs each chosen test with one door off, one of several doors once for each."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.chosen: dict[str, str] = json.loads(file.read_text())
        self.missed: list[str] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out all that was not chosen."""
        found = {item.nodeid: item for item in items}
        items[:] = [_again(found[test], label) for label, test in self.chosen.items()]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """Run one test, and note that it missed the door."""
        from tests.access.doors import opened, places

        label = item.stash[DOOR]
        place = next(one for one in places().values() if one.label == label)
        with opened(place):
            try:
                return (yield)
            except BaseException:
                self.missed.append(label)
                raise

    def pytest_sessionfinish(self) -> None:
        """Write down which doors were missed."""
        self.file.with_suffix(".missed").write_text(json.dumps(self.missed))


def _again(item: Any, label: str) -> pytest.Item:
    """The same test once more, for another door."""
    made = pytest.Function.from_parent(
        item.parent,
        name=item.name,
        callspec=getattr(item, "callspec", None),
        callobj=item.obj,
        fixtureinfo=item._fixtureinfo,
        originalname=item.originalname,
    )
    made.stash[DOOR] = label
    return made
