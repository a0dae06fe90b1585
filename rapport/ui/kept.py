"""Pages and parts of pages that stay the same between requests: rendered once, then kept.

What is kept is found by its template, the reader's language and a key that names all else it shows.
What differs from request to request, such as the forgery token, is filled in late: values of
`late` can be printed by the template, not asked about.
"""

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csp import get_nonce
from django.middleware.csrf import get_token
from django.template import Context, Engine, RequestContext
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from rapport.kit.keep import Keep

from .html import escaped, trusted

# Nobody can write a text that is taken for a place to fill.
_MARK = f"late-{token_hex(12)}-"
_PLACE = re.compile(f"{_MARK}([a-z_0-9]+)-")

#: Texts and, between them, the names of what is filled in.
type _Pieces = tuple[str, ...]
type Late = Mapping[str, object]

_kept: Keep[_Pieces] = Keep()


@dataclass(frozen=True, slots=True)
class Reader:
    """All that a kept page may know of a request: who reads it, and where."""

    principal: Any
    workspace: Any


def render_kept(context: Context, template: str, key: Hashable, late: Late) -> SafeString:
    """The template, rendered in this context unless it is kept under its key already.

    An empty key keeps nothing.
    """
    values = {**late, "csrf_token": context.get("csrf_token", "")}

    def make() -> _Pieces:
        engine = context.template.engine if context.template else Engine.get_default()
        found = engine.get_template(template)
        with context.push(**_marks(values)):
            return _pieces(found.render(context))

    return _filled(_find(template, key, make), values)


def answer_kept(
    request: HttpRequest,
    template: str,
    key: Hashable,
    late: Late,
    context: Callable[[], dict[str, Any]],
) -> HttpResponse:
    """Answer with a page of which only what is late is new; without a key nothing is kept.

    The key has to name the reader, if the page has a menu. The context is only made if need be.
    A page with notices is not kept.
    """
    values = {
        **late, "csrf_token": get_token(request), "csp_nonce": get_nonce(request),
        "here": request.get_full_path(),
    }  # fmt: skip

    def make() -> _Pieces:
        found: Any = get_template(template)
        reader = Reader(getattr(request, "principal", None), getattr(request, "workspace", None))
        made = RequestContext(request, context())
        # Not before the template is bound: what the request adds would stand above the marks.
        with made.bind_template(found.template), made.push(request=reader, **_marks(values)):
            return _pieces(found.template.render(made))

    has_notices = bool(len(get_messages(request)))
    return HttpResponse(_filled(_find(template, None if has_notices else key, make), values))


def _find(template: str, key: Hashable, make: Callable[[], _Pieces]) -> _Pieces:
    if not key or settings.DEBUG:
        return make()
    return _kept.get((template, get_language(), key), make)


def mark(name: str) -> str:
    """What a template prints where a late value of this name belongs."""
    return f"{_MARK}{name}-"


def _marks(late: Late) -> dict[str, str]:
    return {name: mark(name) for name in late}


def _pieces(text: str) -> _Pieces:
    return tuple(_PLACE.split(text))


def _filled(pieces: _Pieces, late: Late) -> SafeString:
    parts = list(pieces)
    for number in range(1, len(parts), 2):
        parts[number] = escaped(late[parts[number]])
    return trusted("".join(parts))
