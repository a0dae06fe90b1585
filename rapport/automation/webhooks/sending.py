"""One try: a signed request through the gateway, and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from rapport.accounts.outbound import Answer, Unreachable, ask
from rapport.automation.webhooks.due import Due
from rapport.automation.webhooks.signing import signed_headers

SECONDS = 20
#: Bytes of an answer that are read and kept.
KEPT = 1_024
GONE = 410


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one try; `status` is None where no answer came, and `fault` says why."""

    due: Due
    at: datetime
    milliseconds: int
    status: int | None = None
    answer: str = ""
    fault: str = ""
    asked: timedelta = timedelta()

    @property
    def is_good(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300


def send(due: Due) -> Tried:
    """Send one delivery. Each time the name is looked up anew, and the address judged."""
    at, begun = timezone.now(), monotonic()
    with translation.override(due.target.language):
        try:
            answer = _ask(due, at)
        except Unreachable as problem:
            return Tried(due, at, _since(begun), fault=str(problem)[:500])
        fault = "" if answer.is_good else _sentence(answer.status)
    return Tried(
        due,
        at,
        _since(begun),
        answer.status,
        answer.body.decode(errors="replace").replace("\x00", "\N{REPLACEMENT CHARACTER}"),
        fault,
        _asked_wait(answer, at),
    )


def _ask(due: Due, at: datetime) -> Answer:
    body = due.payload.encode()
    headers = {
        **due.target.headers,
        "Content-Type": "application/json",
        **signed_headers(due.message_id, int(at.timestamp()), body, due.target.secrets),
    }
    return ask(
        "POST", due.target.url, headers=headers, body=body, seconds=SECONDS, most_bytes=KEPT,
        is_cut=True,
    )  # fmt: skip


def _sentence(status: int) -> str:
    if 300 <= status < 400:
        return _("The receiver answered with a redirect, which is not followed.")
    return _("The receiver answered with %(status)d.") % {"status": status}


def _since(begun: float) -> int:
    return int((monotonic() - begun) * 1000)


def _asked_wait(answer: Answer, now: datetime) -> timedelta:
    """What `Retry-After` asks for, in seconds or as a date (RFC 9110, 10.2.3)."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdecimal() and len(said) < 9:
        return timedelta(seconds=int(said))
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return timedelta()
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(until - now, timedelta())
