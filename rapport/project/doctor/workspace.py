"""What the firm has set up in the pages."""

from django.conf import settings
from django.utils.translation import gettext as _

from rapport.accounts.models import User, Workspace
from rapport.project.backups.manifest import product_version
from rapport.project.observing.figures import mail_failing_since

from .finding import Finding, advice, bad, good, said_moment


def has_version() -> Finding:
    """Say which version this is."""
    return good("version", _("This is Rapport %(version)s.") % {"version": product_version()})


def has_owner() -> Finding:
    """Look for somebody who can administer the workspace."""
    if User.objects.filter(role__key="owner", is_active=True).exists():
        return good("owner", _("The workspace has an owner."))
    return advice(
        "owner",
        _("Nobody owns the workspace yet."),
        _("Open it in a browser to make the account."),
    )


def has_mail() -> Finding:
    """Look whether mail can go out, and does."""
    page, workspace = "/setup/mail/", Workspace.objects.first()
    if not (workspace and workspace.sends_mail):
        said = _("No mail server is set: invitations and resets are links to copy.")
        return advice("mail", said, _("Name one on the page Settings, Mail."), page)
    if since := mail_failing_since():
        facts = {"host": workspace.mail_host, "at": said_moment(since)}
        return bad(
            "mail",
            _("Mail through %(host)s has not gone out since %(at)s.") % facts,
            _("Send a test letter: the page shows what the server answers."),
            page,
        )
    said = _("Mail goes out through %(host)s.") % {"host": workspace.mail_host}
    return good("mail", said, page)


def has_public_address() -> Finding:
    """Look whether links in mails will lead to the right place, and over TLS."""
    page, workspace = "/setup/workspace/", Workspace.objects.first()
    address = (workspace.public_address if workspace else "") or settings.PUBLIC_URL
    if not address:
        return advice(
            "address",
            _("No public address is set: links in mails lead to this machine only."),
            _("Set it on the page Settings, Workspace."),
            page,
        )
    said = _("People reach it at %(address)s.") % {"address": address}
    if not address.startswith("https://"):
        remedy = _(
            "Put a proxy with a certificate before it: passwords cross the network in clear."
        )
        return advice("address", said, remedy, page)
    return good("address", said, page)
