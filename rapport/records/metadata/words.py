"""Words that people gave in several languages, as labels that turn with the reader's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.functional import lazy
from django.utils.translation import get_language

from rapport.records.kinds.other import words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def _said(given: Mapping[str, str], otherwise: str) -> str:
    return words(given, get_language() or "en") or otherwise


_lazily: Any = lazy(_said, str)


def local(given: Mapping[str, str], otherwise: str = "") -> _StrPromise:
    """The words in the language of whoever reads them, else in another, else `otherwise`."""
    found: _StrPromise = _lazily(dict(given), otherwise)
    return found
