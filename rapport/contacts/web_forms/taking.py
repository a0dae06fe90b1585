"""What becomes of what was sent: kept first, then a lead of somebody known or new.

Nothing of a known person is changed: anybody can type anybody's address. What was typed stays
with the lead.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import service
from rapport.contacts.models import EmailAddress, Submission, WebForm
from rapport.contacts.web_forms.asking import COMPANY, read_answers, words_of
from rapport.records import access, registry
from rapport.records.kinds import Invalid
from rapport.records.reading import context_for
from rapport.records.store import ChangeInProgress, Rejected, change

STRANGER = service("web form")
SAME_WITHIN = timedelta(hours=1)
CLICK = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "landing_page",
         "referrer")  # fmt: skip
NAMES = ("name", "first_name", "last_name")
Outcome = Submission.Outcome


@dataclass(frozen=True, slots=True)
class Sent:
    """What came in, by field, and how."""

    answers: Mapping[str, str]
    click: Mapping[str, str] = field(default_factory=dict)
    has_agreed: bool = False
    key: str = ""
    spam: str = ""


def take(form: WebForm, sent: Sent) -> tuple[Submission, dict[str, str]]:
    """Keep what was sent and make a lead of it; with the faults of its answers, by field."""
    facts = {
        "answers": dict(sent.answers), "click": dict(sent.click),
        "consent": words_of(form, "consent") if sent.has_agreed else "",
        "digest": _digest(sent.answers),
    }  # fmt: skip
    if sent.key:
        kept, is_new = Submission.objects.get_or_create(form=form, key=sent.key, defaults=facts)
        if not is_new:
            return kept, {}
    else:
        kept = Submission.objects.create(form=form, **facts)
    if sent.spam:
        return _ended(kept, Outcome.SPAM, sent.spam), {}
    if form.needs_consent and not kept.consent:
        fault = _("Tick that you agree.")
        return _ended(kept, Outcome.REFUSED, fault), {"consent": fault}
    return process(kept)


def process(kept: Submission, *, again: bool = False) -> tuple[Submission, dict[str, str]]:
    """Make a lead of a submission; with the faults of its answers, by field."""
    values, faults = read_answers(kept.form, kept.answers, context_for(STRANGER))
    if faults:
        return _ended(kept, Outcome.REFUSED, " ".join(faults.values())), faults
    try:
        with change(STRANGER, via="web", title=_("A web form was sent in")) as made:
            # One after the other, so that the same sent twice at once is one lead.
            WebForm.objects.select_for_update().get(pk=kept.form_id)
            kept.refresh_from_db()
            if kept.outcome == Outcome.TAKEN:
                return kept, {}
            if not again and _came_before(kept):
                return _ended(kept, Outcome.REPEATED), {}
            kept.lead_id = _lead(made, kept, values)
            return _ended(kept, Outcome.TAKEN), {}
    except Rejected as refused:
        kept.lead_id = None
        said = {"": " ".join(str(one) for one in refused.fields.values())}
        return _ended(kept, Outcome.REFUSED, said[""]), said


def _ended(kept: Submission, outcome: str, reason: str = "") -> Submission:
    kept.outcome, kept.reason = outcome, reason
    kept.save(update_fields=["outcome", "reason", "lead_id"])
    return kept


def _digest(answers: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(answers, sort_keys=True).encode()).hexdigest()


def _came_before(kept: Submission) -> bool:
    same = Submission.objects.filter(form=kept.form_id, digest=kept.digest, outcome=Outcome.TAKEN)
    return same.filter(at__gte=timezone.now() - SAME_WITHIN).exists()


def _lead(made: ChangeInProgress, kept: Submission, values: Mapping[str, Any]) -> UUID:
    form = kept.form
    own = {path[5:]: value for path, value in values.items() if path.startswith("lead.")}
    facts = {
        **own, **_click(kept), "channel": form.channel, "source": form.source,
        "person": _known(values) or made.create("person", _person(form, values)),
        "company": _company(made, values.get(COMPANY)),
    }  # fmt: skip
    if form.campaign and not facts.get("utm_campaign"):
        facts["utm_campaign"] = form.campaign
    return made.create("lead", facts)


def _known(values: Mapping[str, Any]) -> UUID | None:
    """Who has the address already, whoever came first."""
    ways = [way["normalised"] for way in values.get("person.emails") or ()]
    holders = EmailAddress.objects.filter(normalised__in=ways).values("party")
    people = access.rows(STRANGER, "person").filter(pk__in=holders)
    return people.order_by("pk").values_list("pk", flat=True).first() if ways else None


def _person(form: WebForm, values: Mapping[str, Any]) -> dict[str, Any]:
    facts = {path[7:]: value for path, value in values.items() if path.startswith("person.")}
    if not any(facts.get(name) for name in NAMES):
        facts["name"] = facts["emails"][0]["value"]
    return {**facts, "source": form.source, "lifecycle": "lead"}


def _company(made: ChangeInProgress, name: str | None) -> UUID | None:
    if not name:
        return None
    same_name = registry.get("company").fields["name"].condition("is", name)
    known = access.rows(STRANGER, "company").filter(same_name).order_by("id").first()
    return known.pk if known else made.create("company", {"name": name})


def _click(kept: Submission) -> dict[str, Any]:
    """Where the click came from; what can't be taken is left out, as nobody typed it."""
    fields, found = registry.get("lead").fields, {}
    for name in CLICK:
        try:
            found[name] = fields[name].parse(kept.click.get(name, ""), context_for(STRANGER))
        except Invalid:
            continue
    return {name: value for name, value in found.items() if value}
