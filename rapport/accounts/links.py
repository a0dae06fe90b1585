"""What makes a one-time link good: kept as a digest, bound to what it was made for."""

import secrets
from hashlib import sha256

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from rapport.accounts.models import OneTimeLink, Workspace


def new_secret() -> str:
    """Return a secret nobody can guess, fit for an address."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """Return what is stored in place of the secret."""
    return sha256(secret.encode()).hexdigest()


def binding_of(link: OneTimeLink) -> str:
    """Return the keyed digest of all that must not change while the link is out."""
    user = link.user
    parts = (link.purpose, user.pk, user.email, user.password, link.expires_at.isoformat())
    text = "\n".join(map(str, parts))
    return salted_hmac("rapport.accounts.links", text, algorithm="sha256").hexdigest()


def usable_link(secret: str, purpose: str, lock: bool = False) -> OneTimeLink | None:
    """Return the link if it may be used now, else None: unknown, used, run out, user changed."""
    links = OneTimeLink.objects.select_related("user__role").filter(
        digest=digest_of(secret),
        purpose=purpose,
        used_at=None,
        expires_at__gt=timezone.now(),
        user__is_active=True,
    )
    if lock:
        links = links.select_for_update(of=("self", "user"))
    link = links.first()
    if link is None or not constant_time_compare(link.binding, binding_of(link)):
        return None
    return link


def link_address(workspace: Workspace, purpose: str, secret: str) -> str:
    """Return the full address of a link; never built from what a request says about the host."""
    return site_of_mail(workspace) + link_path(purpose, secret)


def site_of_mail(workspace: Workspace) -> str:
    """Return the scheme and host that links in mail begin with."""
    return (workspace.public_address or settings.PUBLIC_URL).rstrip("/")


def link_path(purpose: str, secret: str) -> str:
    """Return the path of a link's page."""
    page = "invite" if purpose == OneTimeLink.Purpose.INVITATION else "reset"
    return f"/{page}/{secret}/"
