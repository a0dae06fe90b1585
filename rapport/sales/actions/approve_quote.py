"""Quotes that break a rule: approval asked for, given, refused or handed on."""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import override

from rapport.accounts.models import User
from rapport.accounts.principals import Principal, service
from rapport.accounts.queries import workspace
from rapport.kit.ids import uuid7
from rapport.records import access
from rapport.records.models import Notification
from rapport.records.notifications import tell
from rapport.records.store import ChangeInProgress, Missing, Rejected, change
from rapport.sales.models import Quote, QuoteApproval
from rapport.sales.parts.approval import (
    Standing,
    deciders,
    kept_broken,
    standings,
    steps_of,
    users_for,
)

COMMENT = 500


def ask_approval(principal: Principal, quote_id: UUID, *, via: str = "web") -> None:
    """Ask those who can approve what a quote breaks. Raises Denied, Missing, Rejected."""
    access.check(principal, "edit", "quote")
    with change(principal, via=via, title=_("Asked for approval of a quote")) as made:
        quote = _locked(principal, quote_id, "edit")
        standing = _open(quote)
        if standing.state in ("approved", "waiting"):
            raise Rejected({"": _("This is approved already, or asked for.")})
        if standing.state == "none":
            raise Rejected({"": _("This quote breaks no rule. Send it.")})
        QuoteApproval.objects.filter(quote=quote).exclude(state="dropped").update(state="dropped")
        asked, now = uuid7(), timezone.now()
        steps = [
            QuoteApproval(
                quote=quote, asked=asked, asked_at=now, asked_by_id=principal.user_id,
                position=place, broken=kept_broken(standing.broken),
                users=users_for(step, quote, principal.user_id),
            )
            for place, step in enumerate(steps_of(standing.broken))
        ]  # fmt: skip
        QuoteApproval.objects.bulk_create(steps)
        _note(made, quote, lambda: _("Asked for approval of this quote."))
        _tell_deciders(quote, steps[0])


def decide_approval(
    principal: Principal, quote_id: UUID, decision: str, comment: str, *, via: str = "web"
) -> None:
    """Approve or decline the step that waits. Raises Denied, Missing, Rejected."""
    with change(principal, via=via, title=_("Decided on a quote")) as made:
        quote = _locked(principal, quote_id, "view")
        step = _mine(principal, quote)
        if decision == "declined" and not comment.strip():
            raise Rejected({"comment": _("Say why it is not approved.")})
        step.state, step.comment = decision, comment.strip()[:COMMENT]
        step.decided_by_id, step.decided_at = principal.user_id, timezone.now()
        step.save()
        name = _name_of(principal)
        _note(made, quote, lambda: _said(step, name))
        following = standings([quote.pk])[quote.pk].current
        if following is not None:
            _tell_deciders(quote, following)
        else:
            _tell_asker(quote, step, name)


def hand_on_approval(
    principal: Principal, quote_id: UUID, to: UUID | None, *, via: str = "web"
) -> None:
    """Have somebody else decide the step that waits. Raises Denied, Missing, Rejected."""
    with change(principal, via=via, title=_("Handed on an approval")) as made:
        quote = _locked(principal, quote_id, "view")
        step = _mine(principal, quote, or_administers=True)
        user = _colleague(to)
        if user is None or user.pk in (quote.owner_id, step.asked_by_id):
            raise Rejected({"to": _("Choose a colleague whose quote it is not.")})
        step.users = [one for one in step.users if one not in (principal.user_id, user.pk)]
        step.users = [user.pk, *step.users] if principal.administers else [user.pk]
        step.save()
        _note(made, quote, lambda: _("%(name)s decides on this quote now.") % {"name": user.name})
        _tell_deciders(quote, step)


def may_decide(principal: Principal, step: QuoteApproval, owner: UUID | None) -> bool:
    """Whether somebody decides a step: a person who was asked, or stands in."""
    return principal.is_staff and principal.user_id in deciders(step, owner)


def _locked(principal: Principal, quote_id: UUID, action: str) -> Quote:
    found = access.rows(principal, "quote", action).filter(pk=quote_id)
    quote: Quote | None = found.select_for_update(of=("self",)).first()
    if quote is None:
        raise Missing(_("This quote is gone, or not yours to see."))
    return quote


def _open(quote: Quote) -> Standing:
    standing = standings([quote.pk]).get(quote.pk)
    if quote.state != "draft" or standing is None:
        raise Rejected({"": _("There is nothing to approve: the quote is sent, or no rule holds.")})
    return standing


def _mine(principal: Principal, quote: Quote, *, or_administers: bool = False) -> QuoteApproval:
    step = _open(quote).current
    if step is None:
        sentence = _("Nothing waits for approval here, or the quote was changed since.")
        raise Rejected({"": sentence})
    if may_decide(principal, step, quote.owner_id):
        return step
    if or_administers and principal.is_staff and principal.administers:
        return step
    raise access.Denied(_("Somebody else has to approve this quote."))


def _name_of(principal: Principal) -> str:
    return User.objects.filter(pk__in=[principal.user_id]).values_list("name", flat=True)[0]


def _colleague(key: UUID | None) -> User | None:
    return User.objects.filter(pk__in=[key], is_active=True, is_service=False).first()


def _said(step: QuoteApproval, name: str) -> str:
    told = {"name": name, "comment": step.comment}
    if step.state == "declined":
        return _("%(name)s did not approve this quote: %(comment)s") % told
    if step.comment:
        return _("%(name)s approved this quote: %(comment)s") % told
    return _("%(name)s approved this quote.") % told


def _note(made: ChangeInProgress, quote: Quote, words: Callable[[], str]) -> None:
    """A note on the timeline; who may not write notes has it written for him."""
    with override(workspace().language):
        values = {"body": escape(words()), "at": timezone.now(), "about": [("quote", quote.pk)]}
    writer = made if access.may(made.principal, "create", "note") else None
    if writer is None:
        writer = ChangeInProgress(service("approvals"), made.id, made.via)
    writer.create("note", {**values, "owner": made.principal.user_id})


def _tell_deciders(quote: Quote, step: QuoteApproval) -> None:
    title = quote.number or quote.name
    _tell(quote, deciders(step, quote.owner_id), lambda: _("Quote “%(name)s” waits for you.")
          % {"name": title})  # fmt: skip


def _tell_asker(quote: Quote, step: QuoteApproval, name: str) -> None:
    told = {"name": name, "quote": quote.number or quote.name, "comment": step.comment}
    users = {one for one in (step.asked_by_id,) if one}
    if step.state == "declined":
        _tell(quote, users, lambda: _("%(name)s did not approve the quote “%(quote)s”: %(comment)s")
              % told)  # fmt: skip
        return
    _tell(quote, users, lambda: _("%(name)s approved the quote “%(quote)s”.") % told)


def _tell(quote: Quote, users: Collection[UUID], words: Callable[[], str]) -> None:
    about = ("quote", quote.pk)
    for user in User.objects.filter(pk__in=users).order_by("pk"):
        tell(user, Notification.Kind.APPROVAL, words, f"/quotes/{quote.pk}/", about=about)
