"""From one figure to another, bar by bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

LEAST_WIDTH, HEIGHT, TOP, FOOT, BAR, SLOT = 560, 226, 30, 200, 46, 74
#: Of the height; the smallest bar is still seen.
THIN = 1.5


@dataclass(frozen=True, slots=True)
class Bar:
    """What a step is called, and what it adds; the first and the last are sums of their own."""

    label: str
    amount: Decimal
    is_sum: bool = False


def draw_waterfall(bars: Sequence[Bar], told: str, say: Callable[[Decimal], str]) -> SafeString:
    """The bars beside each other; `say` writes an amount short, `told` is what it says in words."""
    ends = _ends(bars)
    low, high = _range(ends)
    scale = (FOOT - TOP) / float(high - low)

    def at(amount: Decimal) -> float:
        return FOOT - float(amount - low) * scale

    width = max(LEAST_WIDTH, len(bars) * SLOT + 20)
    drawn = [
        _bar(bar, number, at(one), at(other), say)
        for number, (bar, (one, other)) in enumerate(zip(bars, ends, strict=True))
    ]
    return format_html(
        '<svg class="chart few" viewBox="0 0 {} {}" role="img" aria-label="{}">{}'
        '<path class="ax" d="M10 {}H{}"/></svg>',
        width, HEIGHT, told, format_html_join("", "{}", ((one,) for one in drawn)), FOOT,
        width - 10,
    )  # fmt: skip


def _ends(bars: Sequence[Bar]) -> list[tuple[Decimal, Decimal]]:
    """Where each bar begins and ends."""
    found, stands = [], Decimal(0)
    for bar in bars:
        begins = Decimal(0) if bar.is_sum else stands
        stands = begins + bar.amount
        found.append((begins, stands))
    return found


def _range(ends: Sequence[tuple[Decimal, Decimal]]) -> tuple[Decimal, Decimal]:
    """The lowest and the highest that is shown. Small steps between large sums need a cut foot."""
    reached = [end for _begin, end in ends]
    low, high = min(reached), max(reached)
    room = (high - low) / 3 or abs(high) or Decimal(1)
    return (low if low < 0 else max(Decimal(0), low - room)), high + room / 4


def _bar(
    bar: Bar, number: int, one: float, other: float, say: Callable[[Decimal], str]
) -> SafeString:
    left, top = 14 + number * SLOT, min(one, other)
    tall = max(abs(min(one, FOOT) - min(other, FOOT)), THIN)
    tone = "b0" if bar.is_sum else "bg" if bar.amount >= 0 else "bb"
    middle = left + BAR / 2
    sign = "+" if bar.amount > 0 and not bar.is_sum else ""
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="2"/>'
        '<text class="k" x="{}" y="{}" text-anchor="middle">{}{}</text>'
        '<text x="{}" y="{}" text-anchor="middle">{}</text>',
        tone, left, f"{top:.1f}", BAR, f"{tall:.1f}", middle, f"{top - 6:.1f}", sign,
        say(bar.amount), middle, HEIGHT - 8, bar.label,
    )  # fmt: skip
