"""Toasts: short notices that something is done, with the address that undoes it."""

import json

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse

_UNDO = "undo:"
_OPEN = "open:"


def toast(
    response: HttpResponse,
    text: str,
    undo_url: str = "",
    open_url: str = "",
    *,
    is_error: bool = False,
) -> None:
    """Have the page show a toast when this answer to an htmx request arrives.

    `undo_url` is posted to when the person chooses Undo; its own answer may bring a toast.
    `open_url` is the page of what the toast speaks of.
    """
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    notices = events.setdefault("toast", {"notices": []})["notices"]
    notices.append(
        {"text": str(text), "undo_url": undo_url, "open_url": open_url, "error": is_error}
    )
    response.headers["HX-Trigger"] = json.dumps(events)


def close_dialog(response: HttpResponse) -> None:
    """Have the page close its dialog when this answer to an htmx request arrives."""
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    response.headers["HX-Trigger"] = json.dumps(events | {"close-dialog": {}})


def toast_after_redirect(
    request: HttpRequest,
    text: str,
    undo_url: str = "",
    open_url: str = "",
    *,
    is_error: bool = False,
) -> None:
    """Show a toast on the next whole page this person loads."""
    level = messages.ERROR if is_error else messages.SUCCESS
    tags = [mark + url for mark, url in ((_UNDO, undo_url), (_OPEN, open_url)) if url]
    messages.add_message(request, level, text, extra_tags=" ".join(tags))


def undo_url_of(message: Message) -> str:
    """Return the address that undoes what a message reports, or an empty string."""
    return _tagged(message, _UNDO)


def open_url_of(message: Message) -> str:
    """Return the page of what a message speaks of, or an empty string."""
    return _tagged(message, _OPEN)


def _tagged(message: Message, mark: str) -> str:
    tags = (message.extra_tags or "").split()
    return next((tag.removeprefix(mark) for tag in tags if tag.startswith(mark)), "")
