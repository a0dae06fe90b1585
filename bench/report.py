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
#: Rows on a page of a list.
SHOWN = 50
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


COMPANY_HEAD = (
    "| as | page | floor p50 | CPU | Rapport p50 | p95 | CPU | pages/s | ratio p50 | ratio CPU "
    f"| may be | rows read | most | buffers |\n|---|---{'|--:' * 12}|"
)
#: By how much more the page may take than the floor, as who asks by a rule over another record.
RULED = 2
#: Pages that are held against one of our own.
LIKE = {"deep": ("list", 1.2)}
#: Of the rows that a page shows.
MOST_READ = 3


def write_company(folder: Path, measured: Mapping[str, Measured], read: Any, *, people: int) -> str:
    """Write a run of the large company as JSON and as a table beside it; the table."""
    folder.mkdir(exist_ok=True)
    now = datetime.now(tz=UTC)
    run = {
        "at": now.isoformat(timespec="seconds"), "people": people,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
        "load": round(os.getloadavg()[0], 1), "askers": measured, "read": read,
    }  # fmt: skip
    stem = f"company-{people}"
    (folder / f"{stem}.json").write_text(json.dumps(run, indent=1) + "\n")
    title = f"{people:,} people, {run['machine']}, load {run['load']}, {run['at']}"
    lines = [
        _company_line(asker, name, pages, read.get(asker, {}))
        for asker, pages in measured.items()
        for name in pages
    ]
    table = "\n".join([title, "", COMPANY_HEAD, *lines]) + "\n"
    (folder / f"{stem}.md").write_text(table)
    return table


def _company_line(asker: str, name: str, pages: Measured, read: Any) -> str:
    floor, ours = pages[name]["floor"], pages[name]["rapport"]
    if "failed" in floor or "failed" in ours:
        return f"| {asker} | {name} | failed: {str(floor.get('failed') or ours['failed'])[:80]} |"
    found, allowed = _against(asker, name, pages)
    cells = [
        asker, name, f"{floor['p50_ms']:.1f}", f"{floor['cpu_ms']:.1f}", f"{ours['p50_ms']:.1f}",
        f"{ours['p95_ms']:.1f}", f"{ours['cpu_ms']:.1f}", f"{ours['pages_per_s']:.0f}",
        f"{found['p50_ms']:.1f}", f"{found['cpu_ms']:.1f}",
        f"{allowed:g}{'' if found['cpu_ms'] <= allowed else ' ✗'}", *_read_cells(name, read),
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _against(asker: str, name: str, pages: Measured) -> tuple[dict[str, float], float]:
    """How many times the floor, or another page of ours, it takes; and how many it may."""
    ours, floor = pages[name]["rapport"], pages[name]["floor"]
    other, allowed = LIKE.get(name, ("", 0.0))
    if other in pages:
        floor = pages[other]["rapport"]
    else:
        allowed = ALLOWED.get(name, ALLOWED["list"]) * (RULED if asker == "rule" else 1)
    return {one: ours[one] / (floor[one] or 0.01) for one in ("p50_ms", "cpu_ms")}, allowed


def _read_cells(name: str, read: Any) -> list[str]:
    page = read.get(name)
    if not page:
        return ["", "", ""]
    most = max(MOST_READ * SHOWN, read["sees"])
    is_over = "" if page["most"] <= most else " ✗"
    return [f"{page['most']:,}{is_over}", f"{most:,}", f"{page['buffers']:,}"]
