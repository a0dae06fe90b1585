"""Changing the address somebody signs in with."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from rapport.accounts.actions.actor import NOBODY, Actor, record_event, require_rank_over
from rapport.accounts.actions.links import LinkUsedUp
from rapport.accounts.actions.mail import send_mail_to_user
from rapport.accounts.jobs import mail_email_change
from rapport.accounts.links import digest_of
from rapport.accounts.models import EmailChange, SecurityEvent, User
from rapport.accounts.throttle import RESET, claim_try

LIFE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """One letter's question: may this address give way to that one?"""

    change: EmailChange
    is_old: bool
    """Whether the letter went to the present address."""


@transaction.atomic
def ask_for_email_change(user: User, email: str, by: Actor = NOBODY) -> EmailChange:
    """Have both addresses asked by mail; an earlier wish is forgotten.

    Raises ValidationError with the faults under "email", TooManyTries.
    """
    wanted = _checked(user, email)
    claim_try(RESET, wanted, by.ip)
    EmailChange.objects.filter(user=user).delete()
    change = EmailChange.objects.create(
        user=user,
        new_email=wanted,
        binding=_binding_of(user),
        expires_at=timezone.now() + LIFE,
    )
    record_event(SecurityEvent.Kind.EMAIL_ASKED, by, user, before=user.email, after=wanted)
    mail_email_change.defer(user_id=str(user.pk))
    return change


def asked_by(secret: str, lock: bool = False) -> Asked | None:
    """Return what the letter with this secret asks; None if it asks no more."""
    digest = digest_of(secret)
    found = EmailChange.objects.select_related("user__role").filter(
        Q(old_digest=digest) | Q(new_digest=digest),
        expires_at__gt=timezone.now(),
        user__is_active=True,
    )
    if lock:
        found = found.select_for_update(of=("self", "user"))
    change = found.first()
    if change is None or not constant_time_compare(change.binding, _binding_of(change.user)):
        return None
    return Asked(change, is_old=change.old_digest == digest)


@transaction.atomic
def agree_to_email_change(secret: str, by: Actor = NOBODY) -> bool:
    """Note that one address agrees; True if both have and the change is made.

    Raises LinkUsedUp.
    """
    asked = asked_by(secret, lock=True)
    if asked is None:
        raise LinkUsedUp
    change, now = asked.change, timezone.now()
    if asked.is_old:
        change.old_agreed_at = now
    else:
        change.new_agreed_at = now
    change.save()
    if not (change.old_agreed_at and change.new_agreed_at):
        return False
    try:
        _apply(change.user, _checked(change.user, change.new_email), Actor(change.user, by.ip))
    except ValidationError as taken:
        raise LinkUsedUp from taken
    return True


@transaction.atomic
def refuse_email_change(secret: str) -> None:
    """Forget the wish, at the word of either address. Raises LinkUsedUp."""
    asked = asked_by(secret, lock=True)
    if asked is None:
        raise LinkUsedUp
    asked.change.delete()


@transaction.atomic
def change_email(user: User, email: str, by: Actor = NOBODY) -> None:
    """Give a colleague another address; he is told at the old one.

    Raises ValidationError with the faults under "email", PermissionDenied for the rank.
    """
    require_rank_over(by, user)
    wanted = _checked(user, email)
    subject, text = _told(user, wanted)
    send_mail_to_user(user, subject, text, to=user.email)
    _apply(user, wanted, by)


def _apply(user: User, email: str, by: Actor) -> None:
    before = user.email
    user.email = email
    user.save(update_fields=["email"])
    EmailChange.objects.filter(user=user).delete()
    user.links.filter(used_at=None).delete()
    record_event(SecurityEvent.Kind.EMAIL_CHANGED, by, user, before=before, after=email)


def _checked(user: User, email: str) -> str:
    wanted = User.objects.normalize_email(email)
    probe = User(pk=user.pk, email=wanted)
    try:
        probe.clean_fields(exclude=[one.name for one in User._meta.fields if one.name != "email"])
        if wanted == user.email:
            raise ValidationError({"email": _("This is the present address.")})
        if User.objects.filter(email=wanted).exists():
            raise ValidationError({"email": _("Somebody with this address is here already.")})
    except ValidationError as faults:
        raise ValidationError({"email": faults.message_dict["email"]}) from faults
    return wanted


def _binding_of(user: User) -> str:
    text = "\n".join((str(user.pk), user.email, user.password))
    return salted_hmac("rapport.accounts.emails", text, algorithm="sha256").hexdigest()


def _told(user: User, wanted: str) -> tuple[str, str]:
    facts = {"name": user.name, "email": wanted}
    return _("Your address was changed"), _(
        "Hello %(name)s,\n\nan administrator has changed the address you sign in with to "
        "%(email)s. If you did not expect that, tell your administrator."
    ) % facts
