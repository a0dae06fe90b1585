"""Which records have a score of completeness, and by which rules."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.accounts.actions import actor_of
from rapport.accounts.request import Request
from rapport.records import registry
from rapport.records.completeness import actions
from rapport.records.completeness.kind import score_of
from rapport.records.completeness.rules import suggested
from rapport.records.declare import Object
from rapport.records.metadata.checking import can_have_fields
from rapport.records.store.errors import Rejected
from rapport.setup.access import administrators_only
from rapport.setup.completeness_forms import (
    check_choices,
    posted,
    read_rules,
    restricted,
    rule_rows,
    typed,
    worth_choices,
)
from rapport.setup.views.users import INVALID
from rapport.ui.toasts import toast_after_redirect


@administrators_only
@never_cache
@require_safe
def objects(request: Request) -> HttpResponse:
    """List the objects with the number of rules of each score; one may be begun at once."""
    found = []
    for declaration in filter(can_have_fields, registry.all_objects()):
        kind = score_of(declaration)
        has_rules = kind is not None or bool(suggested(declaration))
        found.append((declaration, len(kind.rules) if kind else 0, has_rules))
    return render(request, "setup/completeness.html", {"objects": found})


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: Request, name: str) -> HttpResponse:
    """Show the rules of one object's score, or those suggested; a post keeps them."""
    declaration = _declaration(name)
    kind = score_of(declaration)
    if request.method != "POST":
        is_kept = kind is not None and "suggested" not in request.GET
        kept = kind.rules if kind is not None and is_kept else suggested(declaration)
        worth = kind.worth if kind else declaration.worth
        return _page(request, declaration, typed(kept), worth, kind.checked if kind else "")
    given, worth, checked = posted(request.POST), *_chosen(request)
    try:
        actions.set_score(declaration, read_rules(given), worth, checked, actor_of(request))
    except Rejected as refused:
        return _page(request, declaration, given, worth, checked, tuple(refused.fields.values()))
    toast_after_redirect(request, _said(declaration, is_new=kind is None))
    return redirect("setup_completeness_rules", name)


@administrators_only
@require_POST
def begin(request: Request, name: str) -> HttpResponse:
    """Score the records of an object by the suggested rules."""
    declaration = _declaration(name)
    if score_of(declaration) is None:
        try:
            actions.begin_score(declaration, actor_of(request))
        except Rejected as refused:
            given = typed(suggested(declaration))
            faults = tuple(refused.fields.values())
            return _page(request, declaration, given, declaration.worth, "", faults)
        toast_after_redirect(request, _said(declaration, is_new=True))
    return redirect("setup_completeness_rules", name)


@administrators_only
@require_POST
def stop(request: Request, name: str) -> HttpResponse:
    """Score them no more; the rules come back with the field for 30 days."""
    declaration = _declaration(name)
    try:
        actions.stop_score(declaration, actor_of(request))
    except Rejected as refused:
        kind = score_of(declaration)
        given = typed(kind.rules if kind else ())
        return _page(request, declaration, given, "", "", tuple(refused.fields.values()))
    toast_after_redirect(request, _("The score is gone. Begin again, and its rules are back."))
    return redirect("setup_completeness")


def _said(declaration: type[Object], *, is_new: bool) -> str:
    if not is_new:
        return _("Saved.")
    label = {"objects": declaration.label_plural}
    return _("%(objects)s are being scored. Everybody sees it in a moment.") % label


def _chosen(request: Request) -> tuple[str, str]:
    return request.POST.get("worth", ""), request.POST.get("checked", "")


def _declaration(name: str) -> type[Object]:
    if not registry.is_declared(name) or not can_have_fields(registry.get(name)):
        raise Http404
    return registry.get(name)


def _page(
    request: Request,
    declaration: type[Object],
    given: list[tuple[str, str, str]],
    worth: str,
    checked: str,
    faults: Sequence[str] = (),
) -> HttpResponse:
    kind = score_of(declaration)
    facts = {
        "declaration": declaration,
        "rows": rule_rows(declaration, given),
        "worths": worth_choices(declaration, worth),
        "checks": check_choices(declaration, checked),
        "restricted": list(restricted(declaration, read_rules(given))),
        "faults": faults,
        "kind": kind,
        "is_waiting": kind.is_waiting if kind else False,
        "total": sum(rule.points for rule in read_rules(given)),
    }
    status = INVALID if faults else 200
    return render(request, "setup/completeness_rules.html", facts, status=status)
