"""Documents by which a program finds out how to be let in."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from rapport.accounts.oauth.scopes import READ, WRITE
from rapport.accounts.oauth.sites import RESOURCES, issuer
from rapport.accounts.queries import workspace
from rapport.accounts.request import Request
from rapport.accounts.routes import admits

PROOFS = ["none", "client_secret_basic", "client_secret_post"]


@admits("anonymous")
@require_safe
def authorization_server(request: Request) -> HttpResponse:
    """Where apps ask for what, and in which ways (RFC 8414)."""
    site = issuer(request)
    return _document(
        {
            "issuer": site,
            "authorization_endpoint": site + reverse("oauth_authorize"),
            "token_endpoint": site + reverse("oauth_token"),
            "revocation_endpoint": site + reverse("oauth_revoke"),
            "scopes_supported": [READ, WRITE],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_methods_supported": PROOFS,
            "revocation_endpoint_auth_methods_supported": PROOFS,
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            "client_id_metadata_document_supported": bool(workspace().app_hosts),
        }
    )


@admits("anonymous")
@require_safe
def protected_resource(request: Request, place: str = RESOURCES[0]) -> HttpResponse:
    """Who lets programs into the API and its likes (RFC 9728). Raises Http404 for other places."""
    if place not in RESOURCES:
        raise Http404
    site = issuer(request)
    return _document(
        {
            "resource": f"{site}/{place}",
            "authorization_servers": [site],
            "scopes_supported": [READ, WRITE],
            "bearer_methods_supported": ["header"],
            "resource_name": "Rapport",
        }
    )


def _document(facts: dict[str, Any]) -> HttpResponse:
    response = JsonResponse(facts)
    # The same for everybody, and read by pages of other sites too.
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
