"""Apps that come by themselves: an address is their name, and the document there describes them.

Client ID metadata documents (draft-ietf-oauth-client-id-metadata-document), as the Model Context
Protocol wants them. Only hosts that an administrator named are asked, only for somebody who is
signed in, and what comes so only reads and proposes until an administrator says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.actions.actor import Actor, lock_workspace, record_event
from rapport.accounts.models import OAuthApp, SecurityEvent
from rapport.accounts.oauth.redirects import LOOPBACK, check_redirect
from rapport.accounts.oauth.scopes import WRITE
from rapport.accounts.outbound import Forbidden, Unreachable, ask, read_address
from rapport.accounts.queries import workspace
from rapport.accounts.throttle import DOCUMENT, TooManyTries, claim_try

#: How long what a document said is taken for granted.
FRESH = timedelta(hours=1)
#: The draft advises five kilobytes at most.
MOST_BYTES, SECONDS = 5 * 1024, 5
LONGEST_URL, LONGEST_NAME, MOST_REDIRECTS, MOST_APPS = 500, 60, 10, 200
#: How long it is let in before people are asked again.
DAYS = 30
_HOST = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
# A path whose parts are plain: no dots that lead elsewhere, nothing encoded.
_PATH = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/?")


class NotTaken(Exception):
    """An app that came by itself and is not let ask; the message says why."""


def is_host(text: str) -> bool:
    """Whether it is the name of a host, as an administrator writes it."""
    return _HOST.fullmatch(text) is not None


def is_document(client_id: str) -> bool:
    """Whether a client id is the address of a document."""
    return client_id.startswith("https://")


def known_app(client_id: str) -> OAuthApp | None:
    """The app that came with this document, as long as its host may send apps; nobody is asked."""
    if not is_allowed(client_id):
        return None
    return OAuthApp.objects.filter(document_url=client_id, removed_at=None).first()


def is_allowed(client_id: str) -> bool:
    """Whether an administrator named the host of a well-formed address."""
    try:
        parts = urlsplit(client_id)
        is_plain = parts.port is None and parts.username is None
    except ValueError:
        return False
    rebuilt = f"https://{parts.hostname}{parts.path}"
    is_plain = is_plain and rebuilt == client_id and len(client_id) <= LONGEST_URL
    return bool(
        is_plain and _PATH.fullmatch(parts.path) and parts.hostname in workspace().app_hosts
    )


def app_with_document(client_id: str, by: Actor) -> OAuthApp:
    """The app as its document describes it, read anew where that was long ago. Raises NotTaken."""
    if not is_allowed(client_id):
        raise NotTaken(_("Apps of this host may not come by themselves. Ask your administrator."))
    known = OAuthApp.objects.filter(document_url=client_id).first()
    if known is not None and known.removed_at is not None:
        raise NotTaken(_("An administrator has removed this app."))
    if known is not None and known.read_at and timezone.now() - known.read_at < FRESH:
        return known
    name, redirects = _described(client_id, _fetched(client_id, by))
    return _kept(client_id, name, redirects, by)


def _fetched(url: str, by: Actor) -> dict[str, Any]:
    """Raises NotTaken."""
    try:
        claim_try(DOCUMENT, url, by.ip)
        read_address(url)
        answer = ask(
            "GET", url, headers={"Accept": "application/json"}, seconds=SECONDS,
            most_bytes=MOST_BYTES,
        )  # fmt: skip
        found = answer.json() if answer.status == 200 else None
    except TooManyTries as many:
        said = _("It was asked too often. Try again in %(n)d minutes.") % {"n": many.minutes}
        raise NotTaken(said) from many
    except (Unreachable, Forbidden) as fault:
        said = _("What the app says of itself can't be read: %(why)s") % {"why": fault}
        raise NotTaken(said) from fault
    if not isinstance(found, dict):
        raise NotTaken(_("What the app says of itself can't be read."))
    return found


def _described(url: str, told: dict[str, Any]) -> tuple[str, list[str]]:
    """Its name, and where it may be answered. Raises NotTaken."""
    name, redirects = told.get("client_name"), told.get("redirect_uris")
    proof = told.get("token_endpoint_auth_method", "none")
    grants = told.get("grant_types", ["authorization_code"])
    is_ours = (
        told.get("client_id") == url
        and "client_secret" not in told
        and proof == "none"
        and isinstance(grants, list)
        and "authorization_code" in grants
    )
    if not is_ours or not isinstance(name, str) or not _is_name(name):
        raise NotTaken(_("What the app says of itself is not as we need it."))
    if not isinstance(redirects, list) or not 1 <= len(redirects) <= MOST_REDIRECTS:
        raise NotTaken(_("What the app says of itself is not as we need it."))
    for one in redirects:
        _check_place(one, urlsplit(url).hostname or "")
    return " ".join(name.split())[:LONGEST_NAME], list(dict.fromkeys(redirects))


def _is_name(name: str) -> bool:
    return bool(name.strip()) and name.isprintable()


def _check_place(address: Any, host: str) -> None:
    """It is answered at the host that vouches for it, or on the computer of its person: nobody
    else can have a code sent to him. Raises NotTaken."""
    try:
        if not isinstance(address, str):
            raise NotTaken(_("What the app says of itself is not as we need it."))
        check_redirect(address)
    except ValidationError as fault:
        raise NotTaken(" ".join(fault.messages)) from fault
    parts = urlsplit(address)
    is_its_own = parts.scheme == "https" and parts.hostname == host
    if not is_its_own and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        said = _("The app wants to be answered at %(place)s, which is not its own.")
        raise NotTaken(said % {"place": parts.hostname or parts.scheme})


@transaction.atomic
def _kept(url: str, name: str, redirects: Sequence[str], by: Actor) -> OAuthApp:
    """The app with what its document says; a new one reads, and proposes as an agent."""
    lock_workspace()
    app = OAuthApp.objects.filter(document_url=url).first()
    if app is None:
        if OAuthApp.objects.exclude(document_url="").count() >= MOST_APPS:
            raise NotTaken(_("Too many apps came by themselves. Ask your administrator."))
        app = OAuthApp(document_url=url, scopes=[WRITE], days=DAYS, proposes=True)
        record_event(SecurityEvent.Kind.APP_CREATED, by, name=name, address=url)
    app.name, app.redirect_uris, app.read_at = name, list(redirects), timezone.now()
    app.save()
    return app
