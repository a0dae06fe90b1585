"""Headers that Django does not set by itself."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PERMISSIONS_POLICY = "camera=(), geolocation=(self), microphone=(), payment=(), usb=()"

# Read anew whenever it is shown, and kept by no proxy: a page differs from reader to reader.
PRIVATE = "private, no-cache"

type Respond = Callable[[HttpRequest], HttpResponse]


class PermissionsPolicyMiddleware:
    """Tell the browser which of its powers no page of ours ever asks for."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response


class PrivateAnswerMiddleware:
    """Tell everybody on the way that an answer is for its reader only, unless it says otherwise."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", PRIVATE)
        return response
