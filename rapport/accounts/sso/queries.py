"""Questions about single sign-on; nothing here writes."""

from rapport.accounts.actions.actor import OWNER
from rapport.accounts.models import IdentityProvider, User


def provider() -> IdentityProvider | None:
    """Return the firm's identity provider, if it has named one."""
    return IdentityProvider.objects.select_related("default_role").first()


def must_use_provider(user: User) -> bool:
    """Whether the user may come in by the provider only.

    An owner never: a provider that is down, or set up wrongly, must not lock the house.
    """
    found = provider()
    return bool(found and found.is_only_way and user.role.key != OWNER)
