"""What every page of the engine starts from."""

from __future__ import annotations

from datetime import datetime

from rapport.accounts.request import Request
from rapport.kit.formats import format_moment
from rapport.records.kinds.base import Context
from rapport.records.reading import context_for


def page_context(request: Request) -> Context:
    """The context in which this request's values are read and typed."""
    workspace = request.workspace
    return context_for(request.principal, workspace)


def moment_words(at: datetime, context: Context) -> str:
    """A moment in full, in the reader's zone and words."""
    return format_moment(at.astimezone(context.timezone), context.language, full=True)
