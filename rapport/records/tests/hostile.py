"""Values that have broken other software, and some at the edges of our own kinds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "data" / "hostile-strings"

NAUGHTY: list[str] = json.loads((HERE / "blns.json").read_text(encoding="utf-8"))
EDGES: list[str] = [
    *json.loads((HERE / "edges.json").read_text(encoding="utf-8")),
    "9" * 40,
    "http://" + "ä" * 1900,
    "x" * 70 + "@c.de",
    "a@" + "é" * 70 + ".de",
    "x" * 600,
    "\U0001f600" * 500,
    "ﷺ" * 500,
    "<" * 400,
]
ODDITIES: list[Any] = [
    *json.loads((HERE / "oddities.json").read_text(encoding="utf-8")),
    "x" * 200_001,
]
