"""The pulse: weeks of contact in both directions on one line."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from .html import Markup, trusted

# Below 1, so that one contact stays visible beside twenty.
_CURVE = 0.62
_BAR = 0.64
_GAP = 1.0
_MARGIN = 0.5
_PULSE = Markup(
    '<span class="pulse" role="img" title="{label}">'
    '<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}" aria-hidden="true">'
    '<path class="base" d="M0 {middle}H{width}"/>{bars}</svg></span>'
)


def pulse(
    inbound: Sequence[int], outbound: Sequence[int], width: int = 72, height: int = 24
) -> SafeString:
    """Draw what they sent above the line and what we sent below, one bar a week, oldest first.

    Raises ValueError if the two sequences differ in length.
    """
    if len(inbound) != len(outbound):
        raise ValueError("A pulse needs as many weeks inbound as outbound.")
    return _drawn(tuple(inbound), tuple(outbound), width, height, get_language())


# Most people of a list were silent, or spoke once.
@lru_cache(maxsize=4096)
def _drawn(
    inbound: Sequence[int], outbound: Sequence[int], width: int, height: int, _language: str | None
) -> SafeString:
    middle = height / 2
    return _PULSE(
        label=_label(sum(inbound), sum(outbound), len(inbound)),
        width=width,
        height=height,
        middle=middle,
        bars=trusted("".join(_bars(inbound, outbound, width, middle))),
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
