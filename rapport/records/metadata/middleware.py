"""Every request of somebody known meets the fields as they are now."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse

from rapport.accounts.request import Request
from rapport.records.metadata.noticing import keep_up


class MetadataMiddleware:
    """Keeps the registry up with the number that came with the session or token.

    It stands behind the one that says who asks, and before all that looks an address up.
    """

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Answer by what is declared now; strangers meet no records and cost no question."""
        if request.principal.kind != "anonymous":
            keep_up(request.workspace.metadata_version)
        return self.get_response(request)
