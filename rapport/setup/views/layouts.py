"""How pages and forms of one object are arranged: seen, changed, and made usual again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts.models import Team
from rapport.accounts.request import Request
from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.kinds.base import Words
from rapport.records.layouts.arrangement import BOTH, from_json, must_be_asked, standard
from rapport.records.layouts.drafts import Draft, draft_of, drop_draft, keep_draft
from rapport.records.layouts.editing import HIDDEN, Desk, lay_out, read_desk
from rapport.records.layouts.kept import layout_of
from rapport.records.layouts.kinds import can_be_arranged
from rapport.records.layouts.parts import shown
from rapport.records.layouts.saving import drop_layout, save_layout, stored_layout
from rapport.records.models import PageLayout
from rapport.records.store.errors import Conflict, Rejected
from rapport.records.surfaces.redirects import send_to
from rapport.setup.access import administrators_only
from rapport.setup.views.users import INVALID
from rapport.ui.toasts import toast_after_redirect

WHERE: Mapping[str, Words] = {
    BOTH: gettext_lazy("Page and form"),
    "page": gettext_lazy("Page only"),
    "form": gettext_lazy("Form only"),
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One field as it stands there to be moved."""

    name: str
    label: str
    on: str
    #: Where it may stand; none for what nobody fills in, which stands on the page.
    choices: Sequence[tuple[str, Words]]
    is_asked: bool
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Box:
    """One section as it stands there to be moved."""

    key: str
    label: str
    words: Sequence[tuple[str, Words, str]]
    columns: int
    slots: Sequence[Slot]


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def layout(request: Request, name: str) -> HttpResponse:
    """Show the layout of an object, for everyone or for `?team=`; a post changes it."""
    declaration, team = _arranged(name), _team(request)
    present = stored_layout(request.principal, declaration, team)
    if request.method != "POST":
        draft = draft_of(request.principal, declaration, team)
        desk = draft.desk if draft else _desk(declaration, team, present)
        return _page(request, declaration, team, present, desk, draft=draft)
    desk = read_desk(request.POST)
    what = request.POST.get("do", "")
    if what in ("cancel", "again"):
        drop_draft(request.principal, declaration, team)
        fields = reverse("setup_object_fields", args=[declaration.name])
        return send_to(request, fields if what == "cancel" else _address(declaration, team))
    if what:
        moved = desk.act(what)
        _keep(request, declaration, team, present, desk)
        return _page(request, declaration, team, present, desk, moved=moved)
    try:
        made = save_layout(
            request.principal, declaration, team, desk.arrangement(), version=_version(request)
        )
    except Rejected as refused:
        faults = list(refused.fields.values())
        return _page(request, declaration, team, present, desk, faults=faults, status=INVALID)
    except Conflict as clash:
        return _page(request, declaration, team, present, desk, clash=clash, status=409)
    drop_draft(request.principal, declaration, team)
    toast_after_redirect(request, _("The layout is saved."), f"/undo/{made}/")
    return send_to(request, _address(declaration, team))


@administrators_only
@require_POST
def keep(request: Request, name: str) -> HttpResponse:
    """Keep what is being arranged, as it is posted while somebody moves things."""
    declaration, team = _arranged(name), _team(request)
    present = stored_layout(request.principal, declaration, team)
    _keep(request, declaration, team, present, read_desk(request.POST))
    return HttpResponse(status=204)


def _keep(
    request: Request,
    declaration: type[Object],
    team: Team | None,
    present: PageLayout | None,
    desk: Desk,
) -> None:
    """Nothing is kept that is as it was before."""
    if desk.arrangement() == _desk(declaration, team, present).arrangement():
        drop_draft(request.principal, declaration, team)
    else:
        keep_draft(request.principal, declaration, team, desk, _version(request) or 0)


@administrators_only
@require_POST
def reset(request: Request, name: str) -> HttpResponse:
    """Take the layout away, so that the usual one holds again."""
    declaration, team = _arranged(name), _team(request)
    made = drop_layout(request.principal, declaration, team)
    drop_draft(request.principal, declaration, team)
    if made:
        toast_after_redirect(request, _("The usual layout holds again."), f"/undo/{made}/")
    return send_to(request, _address(declaration, team))


def _arranged(name: str) -> type[Object]:
    if not registry.is_declared(name) or not can_be_arranged(registry.get(name)):
        raise Http404
    return registry.get(name)


def _team(request: Request) -> Team | None:
    key = request.GET.get("team", "")
    if not key:
        return None
    try:
        return get_object_or_404(Team, pk=UUID(key))
    except ValueError:
        raise Http404 from None


def _address(declaration: type[Object], team: Team | None) -> str:
    address = reverse("setup_layout", args=[declaration.name])
    return f"{address}?team={team.pk}" if team else address


def _version(request: Request) -> int | None:
    """The version that was arranged; 0 where there was no layout yet."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _desk(declaration: type[Object], team: Team | None, present: PageLayout | None) -> Desk:
    """The layout that is there; for a team without one, what it sees now."""
    if present is not None and present.arrangement:
        return lay_out(declaration, from_json(present.arrangement))
    wider = layout_of(declaration) if team else None
    return lay_out(declaration, wider or standard(declaration))


def _page(
    request: Request,
    declaration: type[Object],
    team: Team | None,
    present: PageLayout | None,
    desk: Desk,
    *,
    moved: str = "",
    faults: Sequence[str] = (),
    clash: Conflict | None = None,
    draft: Draft | None = None,
    status: int = 200,
) -> HttpResponse:
    version: int | None = present.version if present else 0
    if not clash and request.method == "POST":
        version = _version(request)
    elif draft:
        version = draft.version
    facts = {
        "declaration": declaration,
        "team": team,
        "teams": list(_teams(declaration)),
        "has_everyones": layout_of(declaration) is not None,
        "layout": present,
        "version": version,
        "address": _address(declaration, team),
        "team_query": f"?team={team.pk}" if team else "",
        "draft": draft,
        "boxes": [_box(declaration, desk, number) for number in range(len(desk.drawers))],
        "hidden": [_slot(declaration, desk, name) for name in desk.hidden],
        "nowhere": HIDDEN,
        "moved": moved,
        "faults": faults,
        "clash": clash,
    }
    return render(request, "setup/layout.html", facts, status=status)


def _teams(declaration: type[Object]) -> Iterator[tuple[Team, bool]]:
    for team in Team.objects.all():
        yield team, layout_of(declaration, str(team.pk)) is not None


def _box(declaration: type[Object], desk: Desk, number: int) -> Box:
    drawer = desk.drawers[number]
    words = [(code, name, drawer.label.get(code, "")) for code, name in settings.LANGUAGES]
    label = shown(drawer.label) or _("Section %(n)d") % {"n": number + 1}
    slots = [_slot(declaration, desk, name) for name in drawer.names]
    return Box(drawer.key, label, words, drawer.columns, slots)


def _slot(declaration: type[Object], desk: Desk, name: str) -> Slot:
    kind = declaration.fields.get(name)
    on = desk.on.get(name, BOTH)
    if kind is None:
        return Slot(name, name, on, (), is_asked=False, is_gone=True)
    is_asked = must_be_asked(declaration, name)
    places = [one for one in WHERE.items() if one[0] != "page" or not is_asked or on == "page"]
    return Slot(name, str(kind.label), on, places if kind.editable else (), is_asked, False)
