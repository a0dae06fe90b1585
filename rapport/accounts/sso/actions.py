"""What single sign-on changes: its settings, and the accounts of those who come by it."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from rapport.accounts.actions.actor import NOBODY, OWNER, Actor, record_event, require_owner
from rapport.accounts.actions.users import change_role, create_user
from rapport.accounts.models import (
    ExternalIdentity,
    IdentityProvider,
    Role,
    SecurityEvent,
    User,
)
from rapport.accounts.sealing import seal
from rapport.accounts.sso.asking import NoAnswer
from rapport.accounts.sso.protocol import discover

Kind = SecurityEvent.Kind


class NotWelcome(Exception):
    """The provider knows this person, but he has no place here; the message says why."""


@transaction.atomic
def change_provider(values: dict[str, Any], secret: str | None, by: Actor = NOBODY) -> None:
    """Set the provider up or change it, once it has answered; a secret of None keeps the present.

    Raises ValidationError with the fault under "issuer", PermissionDenied unless an owner asks.
    """
    require_owner(by)
    try:
        discover(values["issuer"], is_fresh=True)
    except NoAnswer as silence:
        raise ValidationError({"issuer": str(silence)}) from silence
    if secret is not None:
        values = {**values, "client_secret_sealed": seal(secret)}
    IdentityProvider.objects.update_or_create(pk=1, defaults=values)
    record_event(Kind.SSO_CHANGED, by, name=values["name"])


@transaction.atomic
def remove_provider(by: Actor = NOBODY) -> None:
    """Sign nobody in by the provider any more. Raises PermissionDenied unless an owner asks."""
    require_owner(by)
    for gone in IdentityProvider.objects.all():
        gone.delete()
        record_event(Kind.SSO_CHANGED, by, name=gone.name)


@transaction.atomic
def meet(provider: IdentityProvider, claims: dict[str, Any], by: Actor = NOBODY) -> User:
    """Return the user behind the provider's claims, with the role that his groups give him.

    Whom it names by a subject we know is that user, whatever his address says now. Somebody new is
    known by his address, or made a user, if the address is of a domain of which its word counts.
    Raises NotWelcome.
    """
    subject = str(claims["sub"])
    known = ExternalIdentity.objects.select_related("user__role").filter(
        issuer=provider.issuer, subject=subject
    )
    link = known.first()
    user = link.user if link else _newcomer(provider, claims, by)
    if not user.is_active:
        raise NotWelcome(_("This account is deactivated. Ask your administrator."))
    if link is None:
        ExternalIdentity.objects.create(user=user, issuer=provider.issuer, subject=subject)
        record_event(Kind.IDENTITY_LINKED, by, user, name=provider.name)
    _give_role(provider, user, claims)
    return user


def _newcomer(provider: IdentityProvider, claims: dict[str, Any], by: Actor) -> User:
    address = User.objects.normalize_email(str(claims.get("email") or ""))
    if not address or claims.get("email_verified", True) not in (True, "true"):
        raise NotWelcome(_("%(name)s told us no address of yours.") % {"name": provider.name})
    if address.rpartition("@")[2] not in provider.domains:
        raise NotWelcome(_("Addresses like %(email)s don't come in here.") % {"email": address})
    user = User.objects.select_related("role").filter(email=address).first()
    if user is not None:
        return user
    role = _role_of_groups(provider, claims) or provider.default_role
    if role is None:
        raise NotWelcome(_("You have no account here yet. Ask your administrator to invite you."))
    try:
        return create_user(address, str(claims.get("name") or address)[:200], None, role.key, by)
    except ValidationError as faults:
        raise NotWelcome(" ".join(faults.messages)) from faults


def _give_role(provider: IdentityProvider, user: User, claims: dict[str, Any]) -> None:
    """Let the groups decide on each arrival, but never on owners: they name owners themselves."""
    role = _role_of_groups(provider, claims)
    if role is not None and user.role.key != OWNER:
        change_role(user, role.key)


def _role_of_groups(provider: IdentityProvider, claims: dict[str, Any]) -> Role | None:
    found = claims.get(provider.groups_claim) if provider.groups_claim else None
    groups = {str(one) for one in found} if isinstance(found, list) else {str(found)}
    pairs: Sequence[Sequence[str]] = provider.group_roles
    key = next((role for group, role in pairs if group in groups), "")
    return Role.objects.filter(key=key).exclude(key=OWNER).first()
