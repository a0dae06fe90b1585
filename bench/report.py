"""The table of a run, beside the ratios allowed and those of the run kept as baseline."""

import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

#: How many times the floor's p50 a page may take.
ALLOWED = {
    "list": 5, "contains": 5, "city": 5, "record": 8, "board": 4, "create": 6, "search": 6,
}  # fmt: skip
BASELINE = "baseline.json"
HEAD = (
    "| page | floor p50 | CPU | pages/s | Rapport p50 | p95 | CPU | pages/s | ratio p50 | may be "
    "| ratio CPU | before |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)

type Figures = Mapping[str, Any]
type Measured = Mapping[str, Mapping[str, Figures]]


def write_report(folder: Path, measured: Measured, *, people: int) -> str:
    """Write the run as JSON and as a table beside it; the table.

    The first run of a folder becomes its baseline.
    """
    folder.mkdir(exist_ok=True)
    now = datetime.now(tz=UTC)
    run = {
        "at": now.isoformat(timespec="seconds"),
        "people": people,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
        "load": round(os.getloadavg()[0], 1),
        "pages": {name: dict(figures) for name, figures in measured.items()},
    }
    baseline = folder / BASELINE
    before = json.loads(baseline.read_text())["pages"] if baseline.exists() else {}
    text = json.dumps(run, indent=1) + "\n"
    if not before:
        baseline.write_text(text)
    stem = f"{now:%Y-%m-%d}-{people}"
    (folder / f"{stem}.json").write_text(text)
    table = _table(run, before)
    (folder / f"{stem}.md").write_text(table)
    return table


def ratio(figures: Mapping[str, Figures], name: str = "p50_ms") -> float | None:
    """Rapport's figure in those of the floor; None where a page failed."""
    ours, floor = figures["rapport"].get(name), figures["floor"].get(name)
    return ours / floor if ours and floor else None


def _table(run: Figures, before: Measured) -> str:
    lines = [_line(name, figures, before) for name, figures in run["pages"].items()]
    title = f"{run['people']:,} people, {run['machine']}, load {run['load']}, {run['at']}"
    return "\n".join([title, "", HEAD, *lines]) + "\n"


def _line(name: str, figures: Mapping[str, Figures], before: Measured) -> str:
    floor, ours, found = figures["floor"], figures["rapport"], ratio(figures)
    if found is None:
        problem = floor.get("failed") or ours.get("failed")
        return f"| {name} | failed: {str(problem)[:80]} |"
    # Processor time says the most where others use the machine too.
    cpu, earlier = ratio(figures, "cpu_ms"), ratio(before.get(name, figures), "cpu_ms")
    cells = [
        name, f"{floor['p50_ms']:.1f}", f"{floor['cpu_ms']:.1f}", f"{floor['pages_per_s']:.0f}",
        f"{ours['p50_ms']:.1f}", f"{ours['p95_ms']:.1f}", f"{ours['cpu_ms']:.1f}",
        f"{ours['pages_per_s']:.0f}", f"{found:.1f}",
        f"{ALLOWED[name]}{'' if found <= ALLOWED[name] else ' ✗'}",
        f"{cpu:.1f}" if cpu else "", f"{earlier:.1f}" if earlier else "",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"
