"""The guide's pages, pictures and links belong together."""

import re
from pathlib import Path

from tests.house.sources import CHECKOUT

DOCS = CHECKOUT / "docs"
LARGEST = 200_000
LINK = re.compile(r"\]\(([^)#:\s]+)(#[^)\s]*)?\)")


def broken_links(paper: Path) -> list[str]:
    """Links of a document to files that are not there."""
    return [
        f"{paper.name}: {target}"
        for target, _part in LINK.findall(paper.read_text())
        if not (paper.parent / target).exists()
    ]


def test_documents_link_to_what_is_there() -> None:
    papers = [*DOCS.rglob("*.md"), *CHECKOUT.glob("*.md")]

    assert [link for paper in papers for link in broken_links(paper)] == []


def test_every_picture_is_shown_and_small() -> None:
    shown = {
        (paper.parent / target).resolve()
        for paper in DOCS.rglob("*.md")
        for target, _part in LINK.findall(paper.read_text())
    }
    pictures = list(DOCS.rglob("*.png"))

    assert pictures
    assert [one.name for one in pictures if one not in shown] == []
    assert [one.name for one in pictures if one.stat().st_size > LARGEST] == []


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    paper = tmp_path / "paper.md"
    paper.write_text("[a](gone.md#part) [b](https://example.com/x) [c](#here) [d](paper.md)")

    assert broken_links(paper) == ["paper.md: gone.md"]
