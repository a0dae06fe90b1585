"""The fields of one kind of record: which a role hides, and which it only reads."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rapport.accounts.actions import Refused, actor_of
from rapport.accounts.actions.roles import change_field_levels
from rapport.accounts.models import FieldLevel, Role
from rapport.accounts.request import Request
from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.metadata.restrictions import why_not
from rapport.setup.access import owners_only
from rapport.setup.trying import would_break
from rapport.setup.views.users import INVALID
from rapport.ui.toasts import toast_after_redirect

EDIT = "edit"
HIDDEN, READ = FieldLevel.Level.HIDDEN, FieldLevel.Level.READ


@owners_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def fields(request: Request, key: str, name: str) -> HttpResponse:
    """Show what the role may do with each field; a post changes it."""
    role = get_object_or_404(Role, key=key)
    if not registry.is_declared(name):
        raise Http404
    declaration = registry.get(name)
    if request.method != "POST":
        return _page(request, role, declaration)
    by = actor_of(request)
    try:
        wanted = _posted(role, declaration, request.POST)
        broken = would_break(request.POST, lambda: change_field_levels(role, name, wanted, by))
        if broken:
            return _page(request, role, declaration, wanted, broken)
        change_field_levels(role, name, wanted, by)
    except ValueError:
        return HttpResponseBadRequest(_("There is no such level."))
    except Refused as refusal:
        toast_after_redirect(request, str(refusal), is_error=True)
    else:
        toast_after_redirect(request, _("Saved. It holds from the next click of everybody."))
    return redirect("setup_role_fields", key, name)


def _posted(role: Role, declaration: type[Object], form: QueryDict) -> Mapping[str, str]:
    """The fields that may be less than changed; what a field has it may keep, though it could not
    be given it any more. Raises ValueError for one that can't have its level."""
    present = dict(
        role.field_levels.filter(object_name=declaration.name).values_list("field", "level")
    )
    found = {}
    for name in declaration.fields:
        level = form.get(name, EDIT)
        if level != EDIT:
            found[name] = FieldLevel.Level(level).value
            if level != present.get(name) and why_not(declaration, name, level, role):
                raise ValueError(f"{name} can't be restricted")
    return found


def _page(
    request: Request,
    role: Role,
    declaration: type[Object],
    wanted: Mapping[str, str] | None = None,
    broken: Sequence[str] = (),
) -> HttpResponse:
    present = role.field_levels.filter(object_name=declaration.name)
    levels = dict(present.values_list("field", "level")) if wanted is None else wanted
    rows = [_row(role, declaration, name, levels.get(name, EDIT)) for name in declaration.fields]
    facts = {
        "role": role,
        "declaration": declaration,
        "rows": rows,
        "is_fixed": role.key == "owner",
        "broken": broken,
    }
    return render(request, "setup/role_fields.html", facts, status=INVALID if broken else 200)


def _row(role: Role, declaration: type[Object], name: str, level: str) -> dict[str, Any]:
    """A field with the levels that it can have, and why not every one."""
    kind = declaration.fields[name]
    why = {one: why_not(declaration, name, one, role) for one in (HIDDEN, READ)}
    levels = [(EDIT, _("Read and change") if kind.editable else _("Read"))]
    levels += [
        (one.value, str(one.label))
        for one in (READ, HIDDEN)
        if one == level or (not why[one] and (kind.editable or one == HIDDEN))
    ]
    return {
        "name": name, "label": kind.label, "level": level, "why": why[HIDDEN],
        "levels": levels if len(levels) > 1 else [],
    }  # fmt: skip
