"""Whether a file is a picture that a document can show."""

from __future__ import annotations

from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from rapport.kit.typesetting import NotSet, typeset

LARGEST = 300 * 1024
#: The ending of a logo by what it starts with.
ENDINGS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
TRIAL = Path(__file__).with_name("logo.typ")


class NoLogo(ValueError):
    """Why a file can't be the logo; a sentence."""


def ending_of(logo: bytes) -> str:
    """`png`, `jpg`, or nothing for what is neither."""
    return next((ending for mark, ending in ENDINGS.items() if logo.startswith(mark)), "")


def check_logo(upload: UploadedFile) -> bytes:
    """The bytes of a picture that was really set in a document. Raises NoLogo."""
    if (upload.size or 0) > LARGEST:
        raise NoLogo(_("This picture is larger than 300 kB. Save it smaller and try again."))
    content = bytes(upload.read())
    ending = ending_of(content)
    if not ending:
        raise NoLogo(_("This is neither PNG nor JPEG. Save the logo as one of them."))
    try:
        typeset(TRIAL, {"logo": f"logo.{ending}"}, {f"logo.{ending}": content})
    except NotSet as fault:
        raise NoLogo(_("This picture can't be shown in a document. Save it anew.")) from fault
    return content
