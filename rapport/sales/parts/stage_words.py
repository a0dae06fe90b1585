"""What other programs' stage names say about how a deal ended."""

from __future__ import annotations

import re

WON = re.compile(r"won\b|\b(?:ganad[oa]|gewonnen|gagnée?|vint[oa]|ganh[oa])\b")
LOST = re.compile(r"lost\b|\b(?:perdid[oa]|verloren|perdue?|pers[oa])\b")


def state_of(text: str) -> str:
    """`won`, `lost` or `open`: “Closed Won”, “closedlost” and “Ganado” end a deal."""
    folded = text.casefold()
    if WON.search(folded):
        return "won"
    return "lost" if LOST.search(folded) else "open"
