"""The pulse: weeks of contact in both directions on one line."""

from collections.abc import Iterable, Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .html import trusted

# Below 1, so that one contact stays visible beside twenty.
_CURVE = 0.62
_BAR = 0.64
_GAP = 1.0
_MARGIN = 0.5


def pulse(
    inbound: Sequence[int], outbound: Sequence[int], width: int = 72, height: int = 24
) -> SafeString:
    """Draw what they sent above the line and what we sent below, one bar a week, oldest first.

    Raises ValueError if the two sequences differ in length.
    """
    if len(inbound) != len(outbound):
        raise ValueError("A pulse needs as many weeks inbound as outbound.")
    middle = height / 2
    bars = _bars(inbound, outbound, width, middle)
    label = _label(sum(inbound), sum(outbound), len(inbound))
    return format_html(
        '<span class="pulse" role="img" aria-label="{label}" title="{label}">'
        '<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}" aria-hidden="true">'
        '<path class="base" d="M0 {middle}H{width}"/>{bars}</svg></span>',
        label=label,
        width=width,
        height=height,
        middle=middle,
        bars=trusted("".join(bars)),
    )


def _bars(
    inbound: Sequence[int], outbound: Sequence[int], width: int, middle: float
) -> Iterable[str]:
    # Plain strings of numbers: a list of fifty rows draws up to 1,200 of them.
    most = max([*inbound, *outbound, 1])
    step = width / max(len(inbound), 1)
    room = middle - _GAP - _MARGIN
    for week, counts in enumerate(zip(inbound, outbound, strict=True)):
        x = week * step + step * (1 - _BAR) / 2
        for name, count in zip(("p-in", "p-out"), counts, strict=True):
            if count <= 0:
                continue
            tall = room * (count / most) ** _CURVE
            y = middle - _GAP - tall if name == "p-in" else middle + _GAP
            yield (
                f'<rect class="{name}" x="{x:.1f}" y="{y:.1f}"'
                f' width="{step * _BAR:.1f}" height="{tall:.1f}" rx="1"/>'
            )


def _label(inbound: int, outbound: int, weeks: int) -> str:
    if not inbound and not outbound:
        return ngettext(
            "No contact in the last week", "No contact in the last %(weeks)s weeks", weeks
        ) % {"weeks": weeks}
    return _("Last %(weeks)s weeks: %(inbound)s from them, %(outbound)s from us") % {
        "weeks": weeks,
        "inbound": inbound,
        "outbound": outbound,
    }
