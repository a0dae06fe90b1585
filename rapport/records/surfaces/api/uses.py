"""What a view is to the principal himself: a tab, a favourite, the one his list opens with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.store import Missing, Rejected
from rapport.records.surfaces.api.bodies import read_object
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.views.checking import OBJECT
from rapport.records.views.choosing import CHOICES, choose
from rapport.records.views.reading import View, all_views


def get_use(request: Request, view_id: UUID) -> HttpResponse:
    """Whether the view is one's tab, favourite and default."""
    return answer_json(_document(_view(request, view_id)))


def patch_use(request: Request, view_id: UUID) -> HttpResponse:
    """Change what the body names; the rest stays."""
    access.check(request.principal, "create", OBJECT)
    _view(request, view_id)
    body = read_object(request)
    faults = {
        name[:60]: _("This is yes or no, for one of: %(names)s.") % {"names": ", ".join(CHOICES)}
        for name, value in body.items()
        if name not in CHOICES or not isinstance(value, bool)
    }
    if faults:
        raise Rejected(faults)
    for name, is_on in body.items():
        choose(request.principal, view_id, name, is_on=is_on)
    return get_use(request, view_id)


def _view(request: Request, view_id: UUID) -> View:
    found = next((one for one in all_views(request.principal) if one.id == view_id), None)
    if found is None:
        raise Missing
    return found


def _document(view: View) -> dict[str, Any]:
    return {"tab": view.is_tab, "favourite": view.is_favourite, "default": view.is_default}
