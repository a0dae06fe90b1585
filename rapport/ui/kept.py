"""Parts of pages that stay the same between requests: rendered once, then kept.

A part is kept under its template, the reader's language and a key that names all else it shows.
What differs from request to request, such as the forgery token, is filled in late.
"""

import re
from collections.abc import Hashable, Mapping
from secrets import token_hex

from django.conf import settings
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from rapport.kit.keep import Keep

from .html import escaped, trusted

# Nobody can write a text that is taken for a place to fill.
_MARK = f"late-{token_hex(12)}-"
_PLACE = re.compile(f"{_MARK}([a-z_]+)-")

#: Texts and, between them, the names of what is filled in.
type _Pieces = tuple[str, ...]

_kept: Keep[_Pieces] = Keep()


def render_kept(
    context: Context, template: str, key: Hashable, late: Mapping[str, object]
) -> SafeString:
    """The template, rendered in this context unless it is kept under its key already.

    An empty key keeps nothing. Values of `late` can only be printed, not asked about.
    """
    values = {**late, "csrf_token": context.get("csrf_token", "")}
    if not key or settings.DEBUG:
        return _filled(_render(context, template, values), values)
    place = (template, get_language(), key)
    return _filled(_kept.get(place, lambda: _render(context, template, values)), values)


def _render(context: Context, template: str, late: Mapping[str, object]) -> _Pieces:
    marks = {name: f"{_MARK}{name}-" for name in late}
    with context.push(**marks):
        text = context.template.engine.get_template(template).render(context)  # type: ignore[union-attr]
    return tuple(_PLACE.split(text))


def _filled(pieces: _Pieces, late: Mapping[str, object]) -> SafeString:
    if len(pieces) == 1:
        return trusted(pieces[0])
    parts = list(pieces)
    for number in range(1, len(parts), 2):
        parts[number] = escaped(late[parts[number]])
    return trusted("".join(parts))
