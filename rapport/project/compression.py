"""Pages packed for the way: a list has a tenth of its size."""

import gzip
import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

# Half the processor time of the usual level, for a seventh more bytes.
LEVEL = 1
LEAST = 1000
MOST_PADDING = 100
NAMED = 0x08

type Respond = Callable[[HttpRequest], HttpResponseBase]


class CompressionMiddleware:
    """Sends pages by gzip to whoever takes it.

    The size of a packed page must not give away its secrets to somebody who can have his own words
    put into it (BREACH): Django masks the token of a form anew each time, session cookies do not
    come with requests from other sites, and each answer gets padding of a random length.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; what streams, is short or is no page goes as it is."""
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or not _is_page(response):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if _takes_gzip(request):
            response.content = packed(response.content)
            response.headers["Content-Encoding"] = "gzip"
            response.headers["Content-Length"] = str(len(response.content))
        return response


def _is_page(response: HttpResponse) -> bool:
    kind = response.headers.get("Content-Type", "")
    is_plain = "Content-Encoding" not in response.headers
    return kind.startswith("text/html") and is_plain and len(response.content) >= LEAST


def _takes_gzip(request: HttpRequest) -> bool:
    offered = request.headers.get("Accept-Encoding", "").replace(" ", "").lower().split(",")
    return any(one == "gzip" or (one.startswith("gzip;q=") and one[7:] > "0") for one in offered)


def packed(content: bytes) -> bytes:
    """The content by gzip, under a file name of random length."""
    data = gzip.compress(content, LEVEL, mtime=0)
    name = b"a" * secrets.randbelow(MOST_PADDING) + b"\0"
    return data[:3] + bytes([NAMED]) + data[4:10] + name + data[10:]
