"""Rows beside a record as the text of one cell: a line per row, its columns parted by bars."""

from __future__ import annotations

import re
from collections.abc import Sequence

BAR = " | "
ELSEWHERE = " ::: "
LETTERS = re.compile(r"\\.|.", re.DOTALL)
MARKS = re.compile(r"[\\|;]")


def joined_cells(cells: Sequence[str]) -> str:
    """One row; its empty end is left away."""
    written = [MARKS.sub(r"\\\g<0>", " ".join(cell.split())) for cell in cells]
    while written and not written[-1]:
        written.pop()
    return BAR.join(written)


def split_rows(text: str) -> list[list[str]]:
    """The cells of each row. A text of another program may also part bare names by semicolons."""
    lines = text.replace(ELSEWHERE, "\n").splitlines()
    if len(lines) == 1 and len(_split(text, "|")) == 1:
        lines = _split(text, ";")
    rows = [[_plain(cell) for cell in _split(line, "|")] for line in lines]
    return [cells for cells in rows if cells[0]]


def _split(text: str, mark: str) -> list[str]:
    """The pieces between marks that no backslash stands before."""
    pieces = [""]
    for letter in LETTERS.findall(text):
        if letter == mark:
            pieces.append("")
        else:
            pieces[-1] += letter
    return pieces


def _plain(piece: str) -> str:
    return re.sub(r"\\(.)", r"\1", piece.strip())
