"""Apps of others: registered, changed and removed by programs of administrators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from rapport.accounts.models import OAuthApp
from rapport.accounts.models.oauth import APP_LIMITS
from rapport.accounts.oauth.queries import apps
from rapport.accounts.oauth.redirects import check_redirect
from rapport.accounts.oauth.registering import change_app, create_app, remove_app, renew_app_secret
from rapport.accounts.oauth.scopes import UnknownScope, allowed_by, words_of
from rapport.accounts.principals import EVERY_OBJECT
from rapport.accounts.request import Request
from rapport.records import registry
from rapport.records.store import Rejected
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.problems import Problem
from rapport.setup.api.asking import (
    Document,
    administrator,
    answer_one,
    etag_of,
    one_at_a_time,
    read_body,
    told_as_problems,
)
from rapport.setup.api.openapi_apps import APP_CHANGE, APP_NEW

USUAL: Document = {"days": 90, "networks": [], "proposes": False, **dict.fromkeys(APP_LIMITS)}
KEPT = ("name", "redirect_uris", "scopes", *USUAL)
#: What the document of an app that came by itself says.
DOCUMENTED = ("name", "redirect_uris")


def list_apps(request: Request) -> HttpResponse:
    """All that are let in, by name."""
    administrator(request)
    return answer_json({"data": [document(one) for one in apps()]})


def register_app(request: Request) -> HttpResponse:
    """Register one: 201 with its secret, which is not told again."""
    by = administrator(request)
    sent = _checked(read_body(request, APP_NEW, ("name", "redirect_uris", "scopes")))
    is_confidential = sent.pop("is_confidential", True)
    with transaction.atomic(), told_as_problems():
        made, secret = create_app(USUAL | sent, by, is_confidential=is_confidential)
    return _with_secret(made, secret, 201, Location=f"/api/v1/apps/{made.pk}")


def get_app(request: Request, app_id: UUID) -> HttpResponse:
    """One of them; its secret is not told."""
    administrator(request)
    return answer_one(document(_app(app_id)))


def patch_app(request: Request, app_id: UUID) -> HttpResponse:
    """Change what the body names. Where it may ask for something else, people are asked anew."""
    by = administrator(request)
    sent = _checked(read_body(request, APP_CHANGE))
    with transaction.atomic(), one_at_a_time(request, lambda: document(_app(app_id))):
        found = _app(app_id)
        if found.document_url and (told := [name for name in DOCUMENTED if name in sent]):
            said = _("This app came by itself: that is in its document.")
            raise Rejected(dict.fromkeys(told, said))
        change_app(found, {name: getattr(found, name) for name in KEPT} | sent, by)
    return answer_one(document(_app(app_id)))


def delete_app(request: Request, app_id: UUID) -> HttpResponse:
    """Let it in no more, whoever allowed it."""
    by = administrator(request)
    with transaction.atomic(), one_at_a_time(request, lambda: document(_app(app_id))):
        remove_app(_app(app_id), by)
    return HttpResponse(status=204)


def rotate_secret(request: Request, app_id: UUID) -> HttpResponse:
    """Give it another secret; the one before is good for nothing from now on."""
    by = administrator(request)
    with transaction.atomic(), one_at_a_time(request, lambda: document(_app(app_id))):
        found = _app(app_id)
        if not found.is_confidential:
            raise Problem(409, _("This app runs where it can keep no secret."))
        secret = renew_app_secret(found, by)
    return _with_secret(_app(app_id), secret)


def document(app: OAuthApp) -> Document:
    """An app as programs read it."""
    return {
        "id": str(app.pk),
        "client_id": app.client_id,
        **{name: getattr(app, name) for name in KEPT},
        "is_confidential": app.is_confidential,
        "document_url": app.document_url or None,
        "created_at": app.created_at,
    }


def _with_secret(app: OAuthApp, secret: str, status: int = 200, **headers: str) -> HttpResponse:
    told = document(app)
    headers |= {"ETag": etag_of(told), "Cache_Control": "no-store"}
    return answer_json(told | {"secret": secret or None}, status, **headers)


def _app(app_id: UUID) -> OAuthApp:
    found: OAuthApp = get_object_or_404(apps(), pk=app_id)
    return found


def _checked(sent: Document) -> dict[str, Any]:
    """What can be kept. Raises Rejected."""
    for address in sent.get("redirect_uris", ()):
        try:
            check_redirect(address)
        except ValidationError as fault:
            raise Rejected({"redirect_uris": " ".join(fault.messages)}) from None
    if "scopes" in sent:
        _check_scopes(sent["scopes"])
    return {**sent, "name": sent["name"].strip()} if "name" in sent else dict(sent)


def _check_scopes(scopes: Sequence[str]) -> None:
    try:
        objects = set(allowed_by(words_of(" ".join(scopes)))) - {EVERY_OBJECT}
    except UnknownScope:
        raise Rejected(
            {"scopes": _("These are words such as read, write and deal.edit.")}
        ) from None
    if unknown := sorted(name for name in objects if not registry.is_declared(name)):
        said = _("There is no object %(object)s.") % {"object": unknown[0]}
        raise Rejected({"scopes": said})
