"""Rich text as blocks of plain runs, for a document that knows no mark-up of others."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

BLOCKS = frozenset({"p", "div", "h1", "h2", "h3", "li", "pre", "blockquote", "ul", "ol"})
STRONG = frozenset({"b", "strong", "h1", "h2", "h3"})
SLANTED = frozenset({"em", "i", "blockquote"})
type Block = dict[str, Any]


def blocks_of(text: str) -> list[Block]:
    """Each paragraph, heading and list entry: how it is marked, how deep, and its runs of words."""
    if "<" not in text and "&" not in text:
        return [_block([(line, False, False)]) for line in text.splitlines() if line.strip()]
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.end_block()
    return reader.blocks


def _block(runs: list[tuple[str, bool, bool]], mark: str = "", depth: int = 0) -> Block:
    said = [{"text": text, "strong": strong, "slanted": slanted} for text, strong, slanted in runs]
    return {"mark": mark, "depth": depth, "runs": said}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._open: list[str] = []
        self._counts: list[int] = []
        self._links: list[str] = []
        self._runs: list[tuple[str, bool, bool]] = []
        self._mark = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._add("\n")
            return
        if tag in BLOCKS:
            self.end_block()
        self._open.append(tag)
        if tag in ("ul", "ol"):
            self._counts.append(0)
        if tag == "li" and self._counts:
            self._counts[-1] += 1
            ordered = [one for one in self._open if one in ("ul", "ol")][-1] == "ol"
            self._mark = f"{self._counts[-1]}." if ordered else "•"
        if tag == "a":
            self._links.append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open:
            return
        if tag == "a":
            self._tell_address()
        if tag in BLOCKS:
            self.end_block()
        while self._open.pop() != tag:
            pass
        if tag in ("ul", "ol"):
            self._counts.pop()

    def handle_data(self, data: str) -> None:
        self._add(data if "pre" in self._open else " ".join(data.split("\n")))

    def end_block(self) -> None:
        """What was said so far is a block of its own, if it says anything."""
        if any(text.strip() for text, _strong, _slanted in self._runs):
            depth = max(0, len(self._counts) - 1)
            self.blocks.append(_block(self._runs, self._mark, depth))
            self._mark = ""
        self._runs = []

    def _add(self, text: str) -> None:
        around = set(self._open)
        self._runs.append((text, bool(around & STRONG), bool(around & SLANTED)))

    def _tell_address(self) -> None:
        """On paper nobody sees where a link leads unless it says so."""
        address = self._links.pop() if self._links else ""
        told = "".join(text for text, _strong, _slanted in self._runs)
        plain = address.removeprefix("mailto:").removeprefix("tel:")
        if plain and plain not in told:
            self._add(f" ({plain})")
