"""Pairs that wait for a decision, as one reader sees them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.duplicates.thresholds import learnt
from rapport.records.models import DuplicatePair
from rapport.records.store import Missing

DECISIONS = ("different", "later", "open")
LAST = Case(When(state="later", then=Value(1)), default=Value(0), output_field=IntegerField())


def waiting(principal: Principal, declaration: type[Object]) -> QuerySet[DuplicatePair]:
    """Undecided pairs of records that the principal may see both of, the likeliest first and those
    put off last; from the probability on that earlier decisions taught."""
    least = learnt(declaration.name).least
    pairs = seen(principal, declaration).filter(state__in=("open", "later"), probability__gte=least)
    return pairs.alias(last=LAST).order_by("last", "-probability", "pk")


def seen(principal: Principal, declaration: type[Object]) -> QuerySet[DuplicatePair]:
    """Pairs, decided or not, of which both records are there for the principal; none for whom a
    role hides a field, since how alike two records are tells of it."""
    if access.is_kept_from(principal, declaration.name):
        return DuplicatePair.objects.none()
    rows = access.rows(principal, declaration.name).values("pk")
    return DuplicatePair.objects.filter(
        object=declaration.name, left_id__in=rows, right_id__in=rows
    )


def pair_of(principal: Principal, declaration: type[Object], pair_id: UUID) -> DuplicatePair:
    """One pair. Raises Missing."""
    found = seen(principal, declaration).filter(pk=pair_id).first()
    if found is None:
        raise Missing(_("This pair is gone, or not yours to see."))
    return found


def decide(
    principal: Principal, declaration: type[Object], pair_id: UUID, decision: str
) -> DuplicatePair:
    """Call a pair different, put it off, or open it again. Raises Missing, Denied."""
    pair = pair_of(principal, declaration, pair_id)
    both = [pair.left_id, pair.right_id]
    if len(access.reachable(principal, declaration.name, both, "edit")) != len(both):
        raise access.Denied(_("These records are not yours to judge."))
    pair.state, pair.decided_at = decision, timezone.now()
    pair.decided_by_id = principal.user_id
    pair.save(update_fields=["state", "decided_at", "decided_by"])
    return pair
