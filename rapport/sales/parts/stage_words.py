"""What other programs' stage names say: how a deal ended, and how likely it is to be won."""

from __future__ import annotations

import re

WON = re.compile(r"won\b|\b(?:ganad[oa]|gewonnen|gagnée?|vint[oa]|ganh[oa])\b")
LOST = re.compile(r"lost\b|\b(?:perdid[oa]|verloren|perdue?|pers[oa])\b")
#: The chances, in percent, that Salesforce and HubSpot give the stages they come with. Sources:
#: “Opportunity Stages” in Salesforce's help, “Set up and customize deal pipelines” in HubSpot's.
CHANCES = {
    "prospecting": 10, "qualification": 10, "needsanalysis": 20, "valueproposition": 50,
    "iddecisionmakers": 60, "perceptionanalysis": 70, "proposalpricequote": 75,
    "negotiationreview": 90,
    "appointmentscheduled": 20, "qualifiedtobuy": 40, "presentationscheduled": 60,
    "decisionmakerboughtin": 80, "contractsent": 90,
}  # fmt: skip


def state_of(text: str) -> str:
    """`won`, `lost` or `open`: “Closed Won”, “closedlost” and “Ganado” end a deal."""
    folded = text.casefold()
    if WON.search(folded):
        return "won"
    return "lost" if LOST.search(folded) else "open"


def usual_chance(text: str) -> int | None:
    """The chance that other programs give a stage of this name; None for others."""
    return CHANCES.get(re.sub(r"\W", "", text.casefold()))
