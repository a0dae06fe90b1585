"""What the directory does to users: each by the action that a person would use."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.actions.actor import OWNER, Actor, record_event
from rapport.accounts.actions.emails import change_email
from rapport.accounts.actions.users import change_role, create_user, deactivate, reactivate
from rapport.accounts.models import ProvisionedUser, Provisioning, SecurityEvent, User
from rapport.accounts.scim.errors import ScimError, invalid
from rapport.accounts.scim.telling import ToldUser
from rapport.accounts.scim.users import provisioned_of


def add_user(provisioning: Provisioning, told: ToldUser, by: Actor) -> User:
    """Make somebody a user; whom the directory had deleted comes back as who he was.

    Raises ScimError, ValidationError.
    """
    known = Q(provisioned__user_name__iexact=told.user_name) | Q(email=told.email)
    before = list(User.objects.select_related("role", "provisioned").filter(known)[:2])
    if not before:
        _require_domain(provisioning, told.email)
        role = provisioning.default_role.key
        user = create_user(told.email, told.name, None, role, by)
    elif len(before) == 1 and _is_removed(before[0]):
        user = before[0]
        _start_anew(provisioning, user, by)
    else:
        raise _taken()
    change_user(provisioning, user, told, by)
    return user


def change_user(provisioning: Provisioning, user: User, told: ToldUser, by: Actor) -> None:
    """Make the user what the directory says. Raises ScimError, ValidationError, Refused."""
    require_reach(provisioning, user)
    _require_free(user, told)
    if user.email != told.email:
        _require_domain(provisioning, told.email)
        change_email(user, told.email, by)
    if user.name != told.name:
        _rename(user, told.name, by)
    if user.is_active != told.is_active:
        (reactivate if told.is_active else deactivate)(user, by)
    values = {
        "user_name": told.user_name,
        "external_id": told.external_id,
        "told": told.words,
        "removed_at": None,
    }
    ProvisionedUser.objects.update_or_create(user=user, defaults=values)


def remove_user(provisioning: Provisioning, user: User, by: Actor) -> None:
    """Shut the user out for good, as far as the directory goes; his records stay his.

    Raises ScimError, Refused.
    """
    require_reach(provisioning, user)
    if user.is_active:
        deactivate(user, by)
    row = provisioned_of(user) or ProvisionedUser(user=user, user_name=user.email)
    row.removed_at = timezone.now()
    row.groups = []
    row.save()


def require_reach(provisioning: Provisioning, user: User) -> None:
    """Raise ScimError 403 for owners, unless an owner has said that they may be changed."""
    if user.role.key == OWNER and not provisioning.reaches_owners:
        raise ScimError(403, _("Owners are not changed from outside."))


def _require_domain(provisioning: Provisioning, email: str) -> None:
    """Whoever gives a user another address can have a new password sent there."""
    if provisioning.domains and email.rpartition("@")[2] not in provisioning.domains:
        raise invalid(_("Addresses like %(email)s don't come in here.") % {"email": email})


def _require_free(user: User, told: ToldUser) -> None:
    name = Q(provisioned__user_name__iexact=told.user_name)
    name |= Q(provisioned=None, email__iexact=told.user_name)
    if User.objects.filter(name | Q(email=told.email)).exclude(pk=user.pk).exists():
        raise _taken()


def _is_removed(user: User) -> bool:
    row = provisioned_of(user)
    return row is not None and row.removed_at is not None


def _start_anew(provisioning: Provisioning, user: User, by: Actor) -> None:
    """What his groups gave him went when he did; his groups are told again."""
    require_reach(provisioning, user)
    if user.role.key != OWNER:
        change_role(user, provisioning.default_role.key, by)


def _taken() -> ScimError:
    return ScimError(409, _("Somebody with this address is here already."), "uniqueness")


def _rename(user: User, name: str, by: Actor) -> None:
    before, user.name = user.name, name
    user.full_clean()
    user.save(update_fields=["name"])
    record_event(SecurityEvent.Kind.RENAMED, by, user, before=before, after=name)
