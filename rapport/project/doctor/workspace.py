"""What the firm has set up in the pages."""

from rapport.accounts.models import User, Workspace

from .finding import Finding, advice, good


def has_owner() -> Finding:
    """Look for somebody who can administer the workspace."""
    if User.objects.filter(role__key="owner", is_active=True).exists():
        return good("owner", "The workspace has an owner.")
    return advice(
        "owner", "Nobody owns the workspace yet. Open it in a browser to make the account."
    )


def has_mail() -> Finding:
    """Look whether mail can go out."""
    workspace = Workspace.objects.first()
    if workspace and workspace.sends_mail:
        return good("mail", f"Mail goes out through {workspace.mail_host}.")
    return advice("mail", "No mail server is set: invitations and resets are links to copy.")


def has_public_address() -> Finding:
    """Look whether links in mails will lead to the right place."""
    workspace = Workspace.objects.first()
    if workspace and workspace.public_address:
        return good("address", f"People reach it at {workspace.public_address}.")
    return advice("address", "No public address is set: links in mails lead to this machine only.")
