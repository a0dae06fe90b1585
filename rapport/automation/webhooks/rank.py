"""Who may have to do with a webhook: it shows what its owner sees."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from rapport.accounts.actions.actor import (
    ADMINISTRATORS,
    Actor,
    may_administer,
    require_rank_over,
)
from rapport.accounts.models import User


def require_rank(by: Actor, owner: User) -> None:
    """Raises PermissionDenied unless the actor administers the workspace and this user."""
    if by.user is None:
        return
    if by.user.role.key not in ADMINISTRATORS:
        raise PermissionDenied(_("Owners and managers look after webhooks."))
    if by.user.pk != owner.pk:
        require_rank_over(by, owner)


def may_touch(by: Actor, owner: User) -> bool:
    """Whether `require_rank` would let the actor pass."""
    if by.user is None:
        return True
    is_administrator = by.user.role.key in ADMINISTRATORS
    return is_administrator and (by.user.pk == owner.pk or may_administer(by, owner))
