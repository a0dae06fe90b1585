"""What may become of a quote, whoever changes it: a draft is edited, what was sent stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records.store import Rejected
from rapport.sales.models import Quote, QuoteLine
from rapport.sales.models.quote import STATES
from rapport.sales.parts.approval import check_approved

#: What the customer reads; nobody changes it once the quote was sent.
SHOWN = frozenset(
    {"name", "company", "person", "currency", "day", "valid_until", "language", "terms", "lines"}
)
COLUMNS = (
    "name", "company_id", "person_id", "currency", "day", "valid_until", "language", "terms",
)  # fmt: skip
LINE = (
    "name", "sort", "product_id", "quantity", "unit", "price", "discount", "tax", "is_optional",
    "alternative", "is_chosen", "note",
)  # fmt: skip
STEPS: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"sent"}),
    "sent": frozenset({"accepted", "declined", "expired"}),
    "expired": frozenset({"accepted", "declined"}),
}
#: States that a new quote can't begin with past the rules for approval.
OUT = ("sent", "accepted")


def note_states(ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """The state of each quote that is there already."""
    return dict(Quote.objects.filter(pk__in=ids).order_by().values_list("pk", "state"))


def note_shown(ids: Sequence[UUID]) -> Mapping[UUID, Any]:
    """What each quote that was sent says."""
    sent = Quote.objects.filter(pk__in=ids).exclude(state="draft").order_by()
    said: dict[UUID, Any] = {row["pk"]: (row, []) for row in sent.values("pk", *COLUMNS)}
    lines = QuoteLine.objects.filter(quote__in=list(said)).order_by("position", "pk")
    for row in lines.values_list("quote_id", *LINE):
        said[row[0]][1].append(row)
    return said


def check_unsent(principal: Principal, ids: Sequence[UUID], before: Mapping[UUID, Any]) -> None:
    """Raises Rejected where what a quote says is changed after it was sent."""
    if before and before != note_shown(list(before)):
        sentence = _("A quote that was sent stays as it is. Make a new version instead.")
        raise Rejected({"state": sentence})


def check_steps(principal: Principal, ids: Sequence[UUID], before: Mapping[UUID, str]) -> None:
    """Raises Rejected where a quote can't come to its state from that before, or isn't ready."""
    for key, state in note_states(ids).items():
        was = before.get(key, state)
        if state != was and state not in STEPS.get(was, ()):
            raise Rejected({"state": _step(was, state)})
    sent = [key for key, state in note_states(ids).items() if before.get(key) == "draft" != state]
    made = [key for key, state in note_states(ids).items() if key not in before and state in OUT]
    if why := check_approved(principal, [*sent, *made]):
        raise Rejected({"state": why})
    if sent:
        _check_ready(sent)
        _check_versions(sent)


def _step(was: str, state: str) -> str:
    sentence = _("A quote that is “%(was)s” can't become “%(state)s”.")
    return sentence % {"was": STATES[was], "state": STATES[state]}


def _check_ready(ids: Sequence[UUID]) -> None:
    """Raises Rejected for a quote that says too little to be sent."""
    is_line = Q(line_rows__sort="line")
    rows = Quote.objects.filter(pk__in=ids).annotate(
        lines=Count("line_rows", filter=is_line),
        unpriced=Count("line_rows", filter=is_line & Q(line_rows__price__isnull=True)),
    )
    today = timezone.localdate()
    for quote in rows.order_by("pk"):
        if quote.company_id is None and quote.person_id is None:
            raise Rejected({"company": _("Say for whom the quote is before you send it.")})
        if not quote.lines:
            raise Rejected({"lines": _("Add a line before you send the quote.")})
        if quote.unpriced:
            raise Rejected({"lines": _("Say what each line costs before you send the quote.")})
        if quote.valid_until and quote.valid_until < today:
            raise Rejected({"valid_until": _("This day is past. Choose a later one.")})


def _check_versions(ids: Sequence[UUID]) -> None:
    """Raises Rejected where another version was accepted already, or a newer one is out."""
    # The trigger holds the other versions by now, so that no customer answers one meanwhile.
    root = OuterRef("original")
    others = Quote.objects.filter(Q(pk=root) | Q(original=root), deleted_at=None)
    newer = others.filter(revision__gt=OuterRef("revision")).exclude(state="draft")
    revised = Quote.objects.filter(pk__in=ids).exclude(original=None)
    found = revised.aggregate(
        accepted=Count("pk", filter=Exists(others.filter(state="accepted"))),
        late=Count("pk", filter=Exists(newer)),
    )
    if found["accepted"]:
        raise Rejected({"state": _("Another version of this quote was accepted already.")})
    if found["late"]:
        raise Rejected({"state": _("A newer version of this quote is out already.")})
