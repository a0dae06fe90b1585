"""Files on their way in."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse

from rapport.accounts.routes import View, most_bytes_of, refusal_of

from .errors import too_large

type Respond = Callable[[HttpRequest], HttpResponse]


class UploadLimitMiddleware:
    """Refuses what is too large by its announced size, before a byte of it is read.

    It stands before whatever looks into a form: looking spools all of it to disk.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Answer in place of the view where it would take less. No size means no body."""
        announced = request.META.get("CONTENT_LENGTH") or "0"
        most = most_bytes_of(view)
        if announced.isdecimal() and int(announced) <= most:
            return None
        refuse = refusal_of(view)
        answer: HttpResponse | None = refuse(request, *args, **kwargs) if refuse else None
        return answer or too_large(request, most)


class SpoolingUploadHandler(TemporaryFileUploadHandler):
    """Spools to disk, and gives the room back at once when there is too little of it."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep one more part. Raises OSError, with nothing kept, when the disk is full."""
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            self.file.close()
            raise
