"""Further headers that somebody wants sent along."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from rapport.accounts.outbound.web import OUR_HEADERS

MOST = 10
#: RFC 9110, 5.6.2: what a name may be made of. A value is printable ASCII, so that nothing in it
#: ends the line (CWE-93).
NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,80}")
VALUE = re.compile(r"[\x20-\x7e]{1,2000}")
#: What we say ourselves, and what speaks of the connection and not of the message.
OURS = OUR_HEADERS | {
    "content-type", "content-encoding", "user-agent", "cookie", "expect", "keep-alive", "te",
    "trailer", "upgrade", "via", "forwarded", "webhook-id", "webhook-timestamp",
    "webhook-signature",
}  # fmt: skip


def fault_of_headers(headers: Mapping[str, str]) -> str:
    """What is wrong with some headers, as a sentence; empty if nothing is."""
    if len(headers) > MOST:
        return _("Up to %(most)d headers can be sent along.") % {"most": MOST}
    if len({name.lower() for name in headers}) != len(headers):
        return _("A header occurs twice.")
    faults = (_fault(name, value) for name, value in headers.items())
    return next(filter(None, faults), "")


def _fault(name: str, value: str) -> str:
    lower = name.lower()
    if not NAME.fullmatch(name):
        return _("“%(name)s” is not the name of a header.") % {"name": name[:80]}
    if lower in OURS or lower.startswith("proxy-"):
        return _("“%(name)s” is set by Rapport itself.") % {"name": name}
    if not VALUE.fullmatch(value):
        return _("The value of “%(name)s” has signs that a header can't have.") % {"name": name}
    return ""
