"""Which leads were answered: the first call, meeting or message from us stops the clock."""

from __future__ import annotations

from django.db.models import Case, F, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from rapport.contacts.leads.crew import ROUTER
from rapport.contacts.models import Lead
from rapport.records import access
from rapport.records.models import TimelineEntry
from rapport.records.store import change

#: A lead that came back is to be answered anew.
BEGAN = Coalesce("returned_at", "created_at")


def note_answers() -> int:
    """Stop the clock of leads that were answered or judged since; how many."""
    waiting = access.rows(ROUTER, "lead").filter(answer_by__isnull=False)
    answered = _answered()
    done = waiting.annotate(began=BEGAN, found=answered).filter(
        Q(found__isnull=False) | Q(answered_at__isnull=False) | ~Q(status="new")
    )
    ids = list(done.values_list("pk", flat=True))
    if not ids:
        return 0
    late = Q(at__gt=F("answer_by"))
    with change(ROUTER, via="job", title=_("First answers to leads")):
        # Each gets the moment of its own answer, which the store's one value for many can't say.
        found = Lead._default_manager.filter(pk__in=ids).annotate(
            began=BEGAN, at=Coalesce("answered_at", answered)
        )
        return found.update(
            answered_at=Coalesce("answered_at", answered),
            answer_kept=Case(
                When(at__isnull=True, then=Value("")),
                When(late, then=Value("late")),
                default=Value("in_time"),
            ),
            answer_by=None,
        )


def _answered() -> Subquery:
    """When we first got in touch with the person, or about the lead, since it came, or came back.

    What is private has no part in it: everybody who sees the lead sees the moment.
    """
    entries = TimelineEntry.objects.filter(
        Q(record_id=OuterRef("pk")) | Q(record_id=OuterRef("person_id")),
        direction="out", is_open=False, private="", at__gte=OuterRef("began"),
    )  # fmt: skip
    return Subquery(
        entries.order_by().values("direction").annotate(first=Min("at")).values("first")
    )
