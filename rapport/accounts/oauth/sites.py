"""What this installation is called by apps, and what they can be let into."""

from __future__ import annotations

from urllib.parse import urlsplit

from rapport.accounts.addresses import site_of
from rapport.accounts.request import Request

#: Paths that tokens open.
RESOURCES = ("api/v1", "mcp")
METADATA = "/.well-known/oauth-protected-resource"


def issuer(request: Request) -> str:
    """Scheme and host, by which apps tell us from other servers (RFC 9207).

    Behind a proxy that speaks TLS the request alone would say http.
    """
    public = request.workspace.public_address.rstrip("/")
    is_here = urlsplit(public).netloc == request.get_host()
    return public if is_here else site_of(request)


def resource_of(path: str) -> str:
    """The resource a path is part of, empty where it is none."""
    inside = (one for one in RESOURCES if f"{path.strip('/')}/".startswith(f"{one}/"))
    return next(inside, "")


def is_ours(request: Request, resource: str) -> bool:
    """Whether an app asks for this very server, or one of its resources (RFC 8707)."""
    site = issuer(request)
    return resource.rstrip("/") in {site, *(f"{site}/{one}" for one in RESOURCES)}


def challenge(request: Request) -> str:
    """What a 401 tells a program: where it learns how to be let in (RFC 9728, 5.1)."""
    place = resource_of(request.path_info) or RESOURCES[0]
    said = f'Bearer realm="Rapport", resource_metadata="{issuer(request)}{METADATA}/{place}"'
    # Said only to who sent one, as RFC 6750 (3.1) has it.
    return said + ', error="invalid_token"' if "Authorization" in request.headers else said
