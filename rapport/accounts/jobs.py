"""What the worker does for accounts: mail that carries links, and tidying up."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from rapport.accounts.links import digest_of, link_address, new_secret, site_of_mail
from rapport.accounts.models import (
    AuthorizationCode,
    EmailChange,
    OAuthApp,
    OneTimeLink,
    RefreshToken,
    SignInAttempt,
    User,
    Workspace,
)
from rapport.accounts.quiet import is_put_off, is_quiet
from rapport.accounts.sessions import SessionStore

# About a quarter of an hour in all: a link should not arrive when nobody waits any more.
_AGAIN = RetryStrategy(max_attempts=5, exponential_wait=4)
_KEEP_LINKS = timedelta(days=30)


@app.task(name="accounts.mail_link", queue="mail", retry=_AGAIN)
def mail_link(user_id: str, purpose: str) -> None:
    """Mail the user a fresh one-time link; the secret exists in the mail only."""
    if is_put_off(mail_link, user_id=user_id, purpose=purpose):
        return
    user = User.objects.filter(pk=UUID(user_id), is_active=True).first()
    if user is not None:
        _mail_fresh_link(user, OneTimeLink.Purpose(purpose))


@app.task(name="accounts.answer_reset", queue="mail", retry=_AGAIN)
def answer_reset(email: str, ip: str | None, language: str) -> None:
    """Mail a reset link if the address belongs to somebody who has joined, else do nothing.

    Nor does it while the instance is quiet: by the time it speaks nobody waits for it.
    """
    from rapport.accounts.actions.actor import Actor, record_event

    user = User.objects.filter(email=email, is_active=True, is_service=False).first()
    if user is None or not Workspace.objects.get().sends_mail or is_quiet():
        return
    purpose = OneTimeLink.Purpose.RESET if user.has_joined else OneTimeLink.Purpose.INVITATION
    _mail_fresh_link(user, purpose)
    record_event("reset_requested", Actor(None, ip), user)


@app.task(name="accounts.mail_user", queue="mail", retry=_AGAIN)
def mail_user(user_id: str, subject: str, text: str, to: str = "") -> None:
    """Mail an active user something that is no secret, at another address if one is given."""
    from rapport.accounts.outgoing import send_mail

    if is_put_off(mail_user, user_id=user_id, subject=subject, text=text, to=to):
        return
    user = User.objects.filter(pk=UUID(user_id), is_active=True).first()
    workspace = Workspace.objects.get()
    if user is not None and workspace.sends_mail:
        send_mail(workspace, to or user.email, subject, text)


@app.task(name="accounts.mail_email_change", queue="mail", retry=_AGAIN)
def mail_email_change(user_id: str) -> None:
    """Ask the present and the wanted address whether the one may give way to the other.

    The secrets exist in the letters only; tried again, both get fresh ones.
    """
    from rapport.accounts.outgoing import send_mail

    if is_put_off(mail_email_change, user_id=user_id):
        return
    wish = EmailChange.objects.select_related("user").filter(user_id=UUID(user_id)).first()
    workspace = Workspace.objects.get()
    if wish is None or not wish.user.is_active or not workspace.sends_mail:
        return
    old, new = new_secret(), new_secret()
    with translation.override(wish.user.language), transaction.atomic():
        wish.old_digest, wish.new_digest = digest_of(old), digest_of(new)
        wish.save(update_fields=["old_digest", "new_digest"])
        for to, secret in ((wish.user.email, old), (wish.new_email, new)):
            send_mail(workspace, to, *_email_letter(wish, workspace, secret))


@app.periodic(cron="17 3 * * *")
@app.task(name="accounts.tidy", queue="maintenance")
def tidy(timestamp: int) -> None:
    """Remove sessions, links, tries and secrets of apps that let nobody in any more."""
    now = timezone.now()
    SessionStore.clear_expired()
    SignInAttempt.objects.filter(at__lt=now - timedelta(days=1)).delete()
    OneTimeLink.objects.filter(expires_at__lt=now - _KEEP_LINKS).delete()
    EmailChange.objects.filter(expires_at__lt=now).delete()
    AuthorizationCode.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
    # Apps that came by themselves and that nobody let in; what was removed must stay out.
    OAuthApp.objects.filter(
        removed_at=None, created_at__lt=now - _KEEP_LINKS, accesses=None
    ).exclude(document_url="").delete()
    # Used ones stay until then, to be known when they come again.
    RefreshToken.objects.filter(expires_at__lt=now).delete()


def _mail_fresh_link(user: User, purpose: OneTimeLink.Purpose) -> None:
    from rapport.accounts.actions.links import issue_link
    from rapport.accounts.outgoing import send_mail

    workspace = Workspace.objects.get()
    with translation.override(user.language), transaction.atomic():
        secret = issue_link(user, purpose)
        subject, text = _letter(user, purpose, workspace, link_address(workspace, purpose, secret))
        # Inside the transaction: a link that was not sent is not left behind either.
        send_mail(workspace, user.email, subject, text)


def _email_letter(wish: EmailChange, workspace: Workspace, secret: str) -> tuple[str, str]:
    facts = {
        "name": wish.user.name,
        "company": workspace.name or "Rapport",
        "old": wish.user.email,
        "new": wish.new_email,
        "address": site_of_mail(workspace) + f"/email/{secret}/",
    }
    text = _(
        "Hello %(name)s,\n\nsomebody wants to sign in at %(company)s with %(new)s instead of "
        "%(old)s. Both addresses have to agree. Do so, or stop it, here:\n\n%(address)s\n\n"
        "The link works for a day. If it was not you, stop it and choose a new password."
    )
    return _("Another address for %(company)s?") % facts, text % facts


def _letter(
    user: User, purpose: OneTimeLink.Purpose, workspace: Workspace, address: str
) -> tuple[str, str]:
    facts = {"name": user.name, "company": workspace.name or "Rapport", "address": address}
    if purpose == OneTimeLink.Purpose.INVITATION:
        subject = _("%(company)s invites you to Rapport")
        text = _(
            "Hello %(name)s,\n\n%(company)s keeps its customers in Rapport, and a place is ready "
            "for you. Choose a password here:\n\n%(address)s\n\n"
            "The link works once, for seven days. If you did not expect it, do nothing."
        )
    else:
        subject = _("A new password for %(company)s")
        text = _(
            "Hello %(name)s,\n\nsomebody asked for a new password for your account at "
            "%(company)s. If it was you, choose one here:\n\n%(address)s\n\n"
            "The link works once, for two hours. If it was not you, do nothing: "
            "your password stays as it is."
        )
    return subject % facts, text % facts
