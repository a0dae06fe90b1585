"""What every page of the engine starts from."""

from __future__ import annotations

from rapport.accounts.request import Request
from rapport.records.kinds.base import Context
from rapport.records.reading import context_for


def page_context(request: Request) -> Context:
    """The context in which this request's values are read and typed."""
    workspace = request.workspace
    return context_for(request.principal, currency=workspace.currency, country=workspace.country)
