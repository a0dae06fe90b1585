"""Toasts: short notices that something is done, with the address that undoes it."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

_UNDO = "undo:"


def toast(response: HttpResponse, text: str, undo_url: str = "", is_error: bool = False) -> None:
    """Have the page show a toast when this answer to an htmx request arrives.

    `undo_url` is posted to when the person chooses Undo; its own answer may bring a toast.
    """
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    notices = events.setdefault("toast", {"notices": []})["notices"]
    notices.append({"text": str(text), "undo_url": undo_url, "error": is_error})
    response.headers["HX-Trigger"] = json.dumps(events)


def close_dialog(response: HttpResponse) -> None:
    """Have the page close its dialog when this answer to an htmx request arrives."""
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    response.headers["HX-Trigger"] = json.dumps(events | {"close-dialog": {}})


def toast_after_redirect(
    request: HttpRequest, text: str, undo_url: str = "", is_error: bool = False
) -> None:
    """Show a toast on the next whole page this person loads."""
    level = messages.ERROR if is_error else messages.SUCCESS
    messages.add_message(request, level, text, extra_tags=_UNDO + undo_url if undo_url else "")


def undo_url_of(message: messages.storage.base.Message) -> str:
    """Return the address that undoes what a message reports, or an empty string."""
    tags = message.extra_tags or ""
    return tags.removeprefix(_UNDO) if tags.startswith(_UNDO) else ""
