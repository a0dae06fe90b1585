"""How much a request with files may hold, and what is said of more."""

from __future__ import annotations

from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadedfile import UploadedFile

from rapport.accounts.request import Request
from rapport.records.imports.reading.limits import Limits
from rapport.records.imports.reading.unreadable import too_large, unreadable
from rapport.records.imports.sets.packing import MOST_FILES

# The form and the marks between its parts.
AROUND_A_FILE = 1024 * 1024
TOO_LARGE = 413


def most_bytes() -> int:
    """The largest file that is taken, and the form around it."""
    return Limits.configured().file + AROUND_A_FILE


def is_too_large() -> str:
    """What is said of files that are larger together."""
    return str(too_large(Limits.configured().file))


def files_of(request: Request) -> list[UploadedFile]:
    """The files that were sent. Raises Unreadable where there are more than one import takes."""
    try:
        return request.FILES.getlist("file")
    except TooManyFilesSent:
        raise unreadable("too_many_files", limit=MOST_FILES) from None
