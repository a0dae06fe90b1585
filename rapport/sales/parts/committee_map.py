"""The people of a deal as a map: from those against us to those for us, the weighty ones on top."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from rapport.ui.initials import initials

WIDTH, HEIGHT = 300, 176
LEFT, STEP = 58, 46
ACROSS = ("blocker", "sceptic", "", "neutral", "supporter", "champion")
DOWN = {"high": 30, "medium": 84, "low": 138, "": 84}
TONES = {"blocker": "b2", "sceptic": "b2", "supporter": "b1", "champion": "b1"}
#: Where several stand on one place of the map: beside and below each other.
ASIDE = ((0, 0), (17, 13), (-17, 13), (17, -13), (-17, -13), (0, 24))


@dataclass(frozen=True, slots=True)
class Member:
    """One of the people of a deal, and how often colleagues were in contact."""

    key: UUID
    contacts: Mapping[str, int]
    name: str
    job_title: str
    role: str
    influence: str
    stance: str


def draw_map(members: Sequence[Member], ties: Sequence[tuple[UUID, UUID]]) -> SafeString:
    """The map; the list beside it says the same in words."""
    places = _places(members)
    lines = [
        (*places[one], *places[other]) for one, other in ties if one in places and other in places
    ]
    label = _("Map of %(n)d people, from those against to those for us") % {"n": len(members)}
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>',
        WIDTH,
        HEIGHT,
        label,
        _legend(),
        format_html_join("", '<line class="ax" x1="{}" y1="{}" x2="{}" y2="{}"/>', lines),
        format_html_join("", "{}", ((_node(one, *places[one.key]),) for one in members)),
    )


def _places(members: Sequence[Member]) -> dict[UUID, tuple[int, int]]:
    taken: dict[tuple[int, int], int] = defaultdict(int)
    places = {}
    for one in members:
        column = ACROSS.index(one.stance) if one.stance in ACROSS else 2
        spot = (LEFT + STEP * column, DOWN.get(one.influence, DOWN[""]))
        aside = ASIDE[taken[spot] % len(ASIDE)]
        taken[spot] += 1
        places[one.key] = (spot[0] + aside[0], spot[1] + aside[1])
    return places


def _node(one: Member, x: int, y: int) -> SafeString:
    radius = 5 + min(5.0, math.log2(1 + sum(one.contacts.values())))
    return format_html(
        '<g><title>{}</title><circle class="{}" cx="{}" cy="{}" r="{}"/>'
        '<text class="k" x="{}" y="{}" text-anchor="middle">{}</text></g>',
        one.name, TONES.get(one.stance, "b0"), x, y, f"{radius:.1f}",
        x, y - 12, initials(one.name),
    )  # fmt: skip


def _legend() -> SafeString:
    foot, last = HEIGHT - 4, LEFT + STEP * 5
    words = (
        (2, DOWN["high"], "start", pgettext("influence", "High")),
        (2, DOWN["low"], "start", pgettext("influence", "Low")),
        (LEFT + STEP // 2, foot, "middle", _("Against")),
        (LEFT + STEP * 5 // 2, foot, "middle", _("Undecided")),
        (last - STEP // 2, foot, "middle", _("For us")),
    )
    return format_html_join("", '<text x="{}" y="{}" text-anchor="{}">{}</text>', words)
