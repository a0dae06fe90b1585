"""How pages grow with the company: the same figures at several sizes, as a table and a picture.

    bench/run growth [--sizes 10000,100000,1000000] [--keep DIR] [--only-draw]

Each size has a folder below DIR. Written are docs/operate/growth.svg and bench/results/growth.md.
What is looked at is processor time of Python and time of the database, for they hardly depend on
what else a machine has to do.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench import company
from bench.compare import HERE, kept_folder

PICTURE = HERE.parent / "docs" / "operate" / "growth.svg"
RESULT = HERE / "results" / "growth.json"
PAGES = ("list", "contains", "city", "deep", "segment", "record", "board")
WHO = {"all": "sees all", "own": "own, 50 shared", "below": "team and below", "rule": "by a rule"}
#: The house's own colours, of the design's palette.
INK, QUIET = "oklch(24.5% .018 215)", "oklch(50.5% .014 215)"
LINE, PAPER = "oklch(91% .008 92)", "oklch(99% .004 92)"
HUES = tuple(f"oklch(60% .12 {hue})" for hue in (43, 195, 300, 255, 90, 5, 140))
WIDTH, HEIGHT, LEFT, TOP, GAP = 880, 300, 52, 40, 28

type Figures = Mapping[str, Mapping[str, Any]]


def main() -> None:
    """Measure the sizes that are asked for, then write both."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--busy", type=float, default=5)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only-draw", action="store_true", help="of what was measured before")
    chosen = parser.parse_args()
    sizes = chosen.sizes.split(",")
    if not chosen.only_draw and len(sizes) > 1:
        # A process for each: one that served an instance keeps connections to it.
        for size in sizes:
            _measure_apart(size, chosen)
    elif not chosen.only_draw:
        _measure(sizes[0], chosen.keep, chosen.busy)
        return
    known: dict[str, Figures] = json.loads(RESULT.read_text())
    sizes = sorted(known, key=int)
    table = as_table(known, sizes)
    (HERE / "results" / "growth.md").write_text(table)
    PICTURE.write_text(as_picture(known, sizes))
    print(table)


def _measure_apart(size: str, chosen: argparse.Namespace) -> None:
    command = [sys.executable, "-m", "bench.growth", "--sizes", size, "--busy", str(chosen.busy)]
    keep = ["--keep", str(chosen.keep)] if chosen.keep else []
    subprocess.run([*command, *keep], check=True)


def _measure(size: str, keep: Path | None, busy: float) -> None:
    known = json.loads(RESULT.read_text()) if RESULT.exists() else {}
    with kept_folder(keep) as folder:
        known[size] = company.prepare(folder / size, int(size), busy).read
    RESULT.write_text(json.dumps(known, indent=1) + "\n")


def as_table(known: Mapping[str, Figures], sizes: Sequence[str]) -> str:
    """A line for each page and who asks: milliseconds at each size, and how they grow."""
    heads = [f"{int(size):,}" for size in sizes]
    lines = [
        f"| page | who | {' | '.join(heads)} | grows | rows read, most, at {heads[-1]} | sees |",
        f"|---|---|{'--:|' * (len(sizes) + 3)}",
    ]
    for page in PAGES:
        for who, words in WHO.items():
            took = [_ms(known[size], who, page) for size in sizes]
            last = known[sizes[-1]][who]
            cells = [f"{one:.1f}" for one in took]
            lines.append(
                f"| {page} | {words} | {' | '.join(cells)} | {took[-1] / took[0]:.1f}× "
                f"| {last[page]['most']:,} | {last['sees']:,} |"
            )
    return "\n".join(lines) + "\n"


def _ms(figures: Figures, who: str, page: str) -> float:
    return float(figures[who][page]["python_ms"] + figures[who][page]["db_ms"])


def as_picture(known: Mapping[str, Figures], sizes: Sequence[str]) -> str:
    """Four small charts beside each other, one for each who asks; a line for each page."""
    most = max(_ms(known[s], who, page) for s in sizes for who in WHO for page in PAGES)
    top = next(one for one in (20, 40, 60, 100, 200, 400, 1000) if one >= most)
    wide = (WIDTH - LEFT - GAP * len(WHO)) / len(WHO)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT + 66}" '
        f'font-family="system-ui, sans-serif" font-size="12" fill="{INK}">',
        "<title>Milliseconds of a page as the company grows</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT + 66}" fill="{PAPER}"/>',
    ]
    for number, (who, words) in enumerate(WHO.items()):
        left = LEFT + number * (wide + GAP)
        parts += _chart(known, sizes, who, words, (left, wide, top))
    for number, page in enumerate(PAGES):
        x = LEFT + number * 116
        y = HEIGHT + 46
        parts.append(f'<rect x="{x}" y="{y - 9}" width="14" height="4" fill="{HUES[number]}"/>')
        parts.append(f'<text x="{x + 20}" y="{y - 3}">{page}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _chart(
    known: Mapping[str, Figures],
    sizes: Sequence[str],
    who: str,
    words: str,
    place: tuple[float, float, float],
) -> list[str]:
    left, wide, top = place
    low = HEIGHT - 10
    step = wide / max(len(sizes) - 1, 1)

    def y(ms: float) -> float:
        return low - (low - TOP) * ms / top

    parts = [f'<text x="{left:.0f}" y="22" font-weight="600">{words}</text>']
    for share in (0, 0.25, 0.5, 0.75, 1):
        ms = top * share
        parts.append(
            f'<path d="M{left:.0f} {y(ms):.1f}h{wide:.0f}" stroke="{LINE}" fill="none"/>'
            f'<text x="{left - 6:.0f}" y="{y(ms) + 4:.1f}" text-anchor="end" fill="{QUIET}">'
            f"{ms:.0f}{' ms' if share == 1 else ''}</text>"
        )
    for number, size in enumerate(sizes):
        anchor = ("start", "middle", "end")[min(number, 2) if len(sizes) > 2 else number * 2]
        parts.append(
            f'<text x="{left + step * number:.0f}" y="{low + 18}" text-anchor="{anchor}" '
            f'fill="{QUIET}">{_short(int(size))}</text>'
        )
    for hue, page in zip(HUES, PAGES, strict=True):
        points = " ".join(
            f"{left + step * number:.1f},{y(_ms(known[size], who, page)):.1f}"
            for number, size in enumerate(sizes)
        )
        parts.append(f'<polyline points="{points}" fill="none" stroke="{hue}" stroke-width="2"/>')
    return parts


def _short(size: int) -> str:
    return f"{size // 1_000_000} million" if size >= 1_000_000 else f"{size // 1000}k"


if __name__ == "__main__":
    main()
