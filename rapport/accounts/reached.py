"""Under which address the server may be reached: what its operator said, and what is set."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host
from django.middleware.csrf import CsrfViewMiddleware

from rapport.accounts.queries import workspace


class PublicAddressMiddleware:
    """Admits the host of the workspace's public address as soon as it is saved."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; any other unknown host is refused where Django first asks for it."""
        given = request.headers.get("Host", "")
        domain, _port = split_domain_port(given)
        is_known = not domain or validate_host(domain, settings.ALLOWED_HOSTS)
        if not is_known and domain == urlsplit(workspace().public_address).hostname:
            # Django asks the request, and knows only the hosts it was started with.
            request.get_host = lambda: given  # type: ignore[method-assign]
        return self.get_response(request)


class OriginMiddleware(CsrfViewMiddleware):
    """Takes forms sent from the public address, though a proxy before us speaks its TLS."""

    @property
    def allowed_origins_exact(self) -> set[str]:
        """Origins that are trusted besides the one that is asked; read when that one differs."""
        public = workspace().public_address.rstrip("/")
        return super().allowed_origins_exact | ({public} if public else set())
