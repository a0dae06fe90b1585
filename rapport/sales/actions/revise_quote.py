"""Quotes that are offered anew, with the same number and the next version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.reading import context_for, read_record
from rapport.records.store import ChangeInProgress, Missing, Rejected, change
from rapport.sales.models import Quote
from rapport.sales.models.quote import REVISABLE

#: What belongs to the one version alone.
OWN = {"state", "day", "valid_until", "decline_reason", "external_id"}


@dataclass(frozen=True, slots=True)
class Revised:
    """The change set, and the page of the new version."""

    id: UUID
    url: str


def revise_quote(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> Revised:
    """Make a draft of the next version of quotes that were sent, declined or expired.

    The version before stays as it is, and stays out until the new one is sent. Raises Denied,
    Missing, Rejected for a quote that has a newer version or was not sent.
    """
    access.check(principal, "create", "quote")
    title = ngettext("Revised a quote", "Revised %(n)d quotes", len(ids)) % {"n": len(ids)}
    with change(principal, via=via, title=title) as made:
        found = access.rows(principal, "quote", "edit").filter(pk__in=list(ids))
        quotes = list(found.order_by("pk").values("pk", "original", "state", "revision"))
        if not quotes:
            raise Missing(_("This quote is gone, or not yours to change."))
        _check(quotes)
        keys = [_revise(made, one["pk"], one["original"] or one["pk"]) for one in quotes]
    return Revised(made.id, registry.get("quote").url(keys[0]))


def _check(quotes: Sequence[Mapping[str, Any]]) -> None:
    if any(one["state"] not in REVISABLE for one in quotes):
        sentence = _("Only a quote that was sent, declined or expired gets a new version.")
        raise Rejected({"state": sentence})
    roots = sorted({one["original"] or one["pk"] for one in quotes})
    # Who asks twice at the same moment waits here and is told of the first draft.
    list(Quote.objects.filter(pk__in=roots).order_by("pk").select_for_update())
    of_one = Coalesce("original_id", "pk")
    versions = Quote.objects.filter(Q(pk__in=roots) | Q(original__in=roots), deleted_at=None)
    by_root = versions.order_by().annotate(root=of_one).values("root")
    newest = dict(by_root.annotate(newest=Max("revision")).values_list("root", "newest"))
    for one in quotes:
        found = newest[one["original"] or one["pk"]]
        if found != one["revision"]:
            sentence = _("Version %(n)d of this quote is there already. Go on with that one.")
            raise Rejected({"": sentence % {"n": found}})


def _revise(made: ChangeInProgress, quote: UUID, root: UUID) -> UUID:
    principal, kinds = made.principal, registry.get("quote").fields
    rights = access.fields(principal, "quote")
    names = sorted((rights.readable & rights.editable) - OWN)
    row = read_record(principal, "quote", quote, names, context_for(principal))
    if row is None:
        raise Missing(_("This quote is gone, or not yours to see."))
    kept = {name: row.values[name] for name in names if not kinds[name].blank(row.values[name])}
    if "lines" in kept:
        kept["lines"] = _anew(principal, kept["lines"])
    key = made.create("quote", kept)
    # The database gives it the number of the first version, and its own.
    Quote.objects.filter(pk=key).update(original=root)
    return key


def _anew(principal: Principal, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The lines at the prices offered; one whose product is gone keeps its words."""
    named = {row["product"] for row in rows if row["product"]}
    seen = access.reachable(principal, "product", named, "view") if named else set()
    return [
        {**row, "id": None, "product": row["product"] if row["product"] in seen else None}
        for row in rows
    ]
