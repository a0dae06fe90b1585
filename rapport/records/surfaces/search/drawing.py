"""What was found as mark-up; by hand, for a page can have hundreds of hits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from urllib.parse import urlencode
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records.declare import Object
from rapport.records.search.excerpts import with_excerpts
from rapport.records.search.finding import Hit
from rapport.ui.components import avatar, icon
from rapport.ui.html import Markup, joined

GROUP = Markup(
    '<section class="card"><header><h2>{}</h2></header>\n<ul class="lst">{}</ul>\n{}</section>\n'
)
MORE = Markup('<p class="body small"><a class="link" href="{}">{}</a></p>')
HIT = Markup(
    '<li>{}<a class="strong" href="{}" dir="auto">{}</a><span class="small muted">{}</span></li>'
)
CHIPS = Markup('<nav class="row wrap" aria-label="{}">{}</nav>')
CHIP = Markup('<span class="chip{}"><a href="{}"{}>{} <b class="num">{}</b></a></span>')


def draw_groups(principal: Principal, hits: Sequence[Hit], q: str, most: int) -> SafeString:
    """The hits by object, the object of the best one first; with the way to all of each."""
    places = {hit.declaration: place for place, hit in reversed(list(enumerate(hits)))}
    by_object = sorted(hits, key=lambda hit: places[hit.declaration])
    groups = [(one, list(some)) for one, some in groupby(by_object, lambda hit: hit.declaration)]
    shown = [hit for _one, some in groups for hit in some[:most]]
    told = {hit.id: hit for hit in with_excerpts(principal, shown, q)}
    drawn = (_group(one, some, told, q) for one, some in groups)
    return joined("", drawn)


def draw_visited(hits: Sequence[Hit]) -> SafeString:
    """The records visited last, as they were visited."""
    if not hits:
        return SafeString("")
    return GROUP(_("Visited last"), joined("", map(_drawn, hits)), "")


def draw_chips(hits: Sequence[Hit], q: str, only: str, most: int) -> SafeString:
    """Links that show the hits of one object alone, and of all."""
    counts = Counter(hit.declaration for hit in hits)
    if len(counts) < 2:
        return SafeString("")
    chips = [_chip(_("All"), "", q, only, "")]
    for one, count in sorted(counts.items(), key=lambda pair: pair[0].order):
        number = f"{count}+" if count >= most else str(count)
        chips.append(_chip(str(one.label_plural), one.name, q, only, number))
    return CHIPS(_("Show only"), joined("", chips))


def _chip(label: str, name: str, q: str, only: str, number: str) -> SafeString:
    is_on = name == only
    current = Markup(' aria-current="true"')() if is_on else ""
    return CHIP(" on" if is_on else "", _address(q, name), current, label, number)


def _group(
    declaration: type[Object], hits: Sequence[Hit], told: Mapping[UUID, Hit], q: str
) -> SafeString:
    plural = str(declaration.label_plural)
    shown = [told[hit.id] for hit in hits if hit.id in told]
    more: SafeString | str = ""
    if len(shown) < len(hits):
        words = _("All %(objects)s that match") % {"objects": plural.lower()}
        more = MORE(_address(q, declaration.name), words)
    return GROUP(plural, joined("", map(_drawn, shown)), more)


def _drawn(hit: Hit) -> SafeString:
    return HIT(_face(hit), hit.url, hit.title or str(hit.declaration.label), hit.second)


def _address(q: str, name: str) -> str:
    asked = {"q": q, "object": name} if name else {"q": q}
    return f"/search/?{urlencode(asked)}"


def _face(hit: Hit) -> SafeString:
    """Initials, or the icon of objects that are no one."""
    face = hit.declaration.face
    return avatar(hit.title, hit.id, org=face == "org") if face else icon(hit.declaration.icon)
