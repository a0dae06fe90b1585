"""What every page of the engine starts from."""

from __future__ import annotations

from datetime import datetime

from rapport.accounts.request import Request
from rapport.kit.formats import format_moment
from rapport.records.kinds.base import Context
from rapport.records.reading import context_for


def page_context(request: Request) -> Context:
    """The context in which this request's values are read, typed and answered for."""
    context = context_for(request.principal, request.workspace)
    context.through = _through(request)
    return context


def _through(request: Request) -> str:
    """The name of the address, by which the log of reads knows it; exports are noted as a whole."""
    match = request.resolver_match
    name = match.url_name if match else ""
    if not name or name.startswith("export"):
        return ""
    return "api" if name.startswith("api") else name


def moment_words(at: datetime, context: Context) -> str:
    """A moment in full, in the reader's zone and words."""
    return format_moment(at.astimezone(context.timezone), context.language, full=True)
