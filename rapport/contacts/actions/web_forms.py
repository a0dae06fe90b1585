"""What administrators do with forms on web pages and with what was sent by them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from rapport.accounts.actions import NOBODY, Actor
from rapport.accounts.actions.actor import ADMINISTRATORS, record_event
from rapport.accounts.models import SecurityEvent
from rapport.accounts.sealing import seal
from rapport.contacts.models import Submission, WebForm
from rapport.contacts.web_forms.asking import WHO, possible_fields
from rapport.contacts.web_forms.taking import process
from rapport.records.store import Rejected

#: A site as browsers name it: nothing that could end a line of a policy.
SITE = re.compile(
    r"https://[a-z0-9.-]+(:[0-9]{1,5})?|http://(localhost|127\.0\.0\.1)(:[0-9]{1,5})?"
)


@transaction.atomic
def keep_web_form(form: WebForm, facts: Mapping[str, Any], by: Actor = NOBODY) -> WebForm:
    """Add a form or change one. Raises Rejected, by field, and PermissionDenied."""
    _require_administrator(by)
    for name, value in facts.items():
        setattr(form, name, value)
    _check(form)
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        raise Rejected({"slug": _("Another form has this address.")}) from None
    _tell(form, by, "kept")
    return form


@transaction.atomic
def remove_web_form(form: WebForm, by: Actor = NOBODY) -> None:
    """Remove a form by which nobody became a lead. Raises Rejected, PermissionDenied."""
    _require_administrator(by)
    if form.submissions.exclude(lead=None).exists():
        words = _("Leads came by this form, with what they agreed to. Switch it off instead.")
        raise Rejected({"": words})
    WebForm.objects.filter(pk=form.pk).delete()
    _tell(form, by, "removed")


@transaction.atomic
def renew_form_secret(form: WebForm, by: Actor = NOBODY) -> str:
    """Give the form a new secret for programs; the one before opens nothing more."""
    _require_administrator(by)
    secret = secrets.token_urlsafe(32)
    form.secret_sealed = seal(secret)
    form.save(update_fields=["secret_sealed"])
    _tell(form, by, "new secret")
    return secret


def take_again(kept: Submission, by: Actor = NOBODY) -> Submission:
    """Try what was refused once more, as the form is now. Raises PermissionDenied."""
    _require_administrator(by)
    _tell(kept.form, by, "taken again")
    return kept if kept.lead_id else process(kept, again=True)[0]


def forget_submissions() -> int:
    """Delete what became no lead and is older than its form keeps it; how many there were."""
    old = Q(at__lt=Now() - F("form__keep_days") * timedelta(days=1))
    return Submission.objects.filter(old, lead=None).delete()[0]


def _check(form: WebForm) -> None:
    known = possible_fields()
    if any(row["field"] not in known for row in form.fields):
        raise Rejected({"fields": _("A form can't ask for one of these fields.")})
    asked = [row["field"] for row in form.fields]
    if len(asked) != len(set(asked)):
        raise Rejected({"fields": _("A form asks for a field once.")})
    if not set(asked) & set(WHO):
        raise Rejected({"fields": _("Ask for a name or an email address at least.")})
    if bad := [one for one in form.sites if not SITE.fullmatch(one)]:
        words = _("“%(site)s” is no web site. Write it as https://www.example.com.")
        raise Rejected({"sites": words % {"site": bad[0]}})
    target = urlsplit(form.redirect_to)
    if form.redirect_to and f"{target.scheme}://{target.netloc}" not in form.sites:
        raise Rejected({"redirect_to": _("It must lie on one of the sites above.")})
    if form.needs_consent and not any(one.get("consent") for one in form.texts.values()):
        raise Rejected({"needs_consent": _("Write what they agree to.")})


def _require_administrator(by: Actor) -> None:
    if by.user is not None and by.user.role.key not in ADMINISTRATORS:
        raise PermissionDenied(_("Only an administrator may do this."))


def _tell(form: WebForm, by: Actor, what: str) -> None:
    record_event(SecurityEvent.Kind.SETTINGS_CHANGED, by, rule=f"form: {form.name}", what=what)
