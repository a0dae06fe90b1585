"""Months behind and months ahead, as a line with the band it may lie in."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

WIDTH, HEIGHT, LEFT, TOP, FOOT = 560, 226, 8, 16, 196
#: Of the months behind, those that are drawn.
BEHIND = 36


def draw_model(
    behind: Sequence[float],
    ahead: Sequence[tuple[float, float, float]],
    words: tuple[str, str, str],
) -> SafeString:
    """`ahead` are (middle, low, high); `words` what it says, the first and the last month."""
    past = list(behind)[-BEHIND:]
    count = len(past) + len(ahead)
    top = max([*past, *(high for _middle, _low, high in ahead), 1.0])

    def at(place: int, value: float) -> str:
        across = LEFT + (WIDTH - 2 * LEFT) * place / max(count - 1, 1)
        return f"{across:.1f} {FOOT - (FOOT - TOP) * value / top:.1f}"

    def line(values: Sequence[float], since: int) -> str:
        return "M" + "L".join(at(since + number, one) for number, one in enumerate(values))

    begins = len(past)
    middles = [*past[-1:], *(middle for middle, _low, _high in ahead)]
    upper = line([high for _middle, _low, high in ahead], begins)
    lower = [at(begins + n, low) for n, (_middle, low, _high) in enumerate(ahead)][::-1]
    told, first, last = words
    return format_html(
        '<svg class="chart few" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<path class="band" d="{}L{}Z"/><path class="l1" d="{}"/><path class="l2" d="{}"/>'
        '<path class="ax" d="M{} {}H{}"/><text x="{}" y="{}">{}</text>'
        '<text x="{}" y="{}" text-anchor="end">{}</text></svg>',
        WIDTH, HEIGHT, told, upper, "L".join(lower), line(past, 0), line(middles, begins - 1),
        LEFT, FOOT, WIDTH - LEFT, LEFT, HEIGHT - 10, first, WIDTH - LEFT, HEIGHT - 10, last,
    )  # fmt: skip
