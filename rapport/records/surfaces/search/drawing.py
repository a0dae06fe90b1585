"""What was found as mark-up; by hand, for a page can have hundreds of hits."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from urllib.parse import quote

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.records.declare import Object
from rapport.records.surfaces.search.find import Hit
from rapport.ui.components import avatar, icon
from rapport.ui.html import Markup, joined

GROUP = Markup(
    '<section class="card"><header><h2>{}</h2></header>\n<ul class="lst">{}</ul>\n'
    '<p class="body small"><a class="link" href="{}?q={}">{}</a></p></section>\n'
)
HIT = Markup(
    '<li>{}<a class="strong" href="{}" dir="auto">{}</a><span class="small muted">{}</span></li>'
)


def draw_groups(hits: Sequence[Hit], q: str) -> SafeString:
    """The hits by object, with the way to each object's whole list."""
    by_object = sorted(hits, key=lambda hit: hit.declaration.order)
    groups = groupby(by_object, key=lambda hit: hit.declaration)
    return joined("", (_group(one, list(some), q) for one, some in groups))


def _group(declaration: type[Object], hits: Sequence[Hit], q: str) -> SafeString:
    plural = str(declaration.label_plural)
    more = _("All %(objects)s that match") % {"objects": plural.lower()}
    found = joined("", (HIT(_face(one), one.url, one.title, one.second) for one in hits))
    return GROUP(plural, found, declaration.url(), quote(q), more)


def _face(hit: Hit) -> SafeString:
    """Initials, or the icon of objects that are no one."""
    face = hit.declaration.face
    return avatar(hit.title, hit.id, org=face == "org") if face else icon(hit.declaration.icon)
