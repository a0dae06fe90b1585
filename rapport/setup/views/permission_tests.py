"""Permission tests: statements on rights that the house keeps asking."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.accounts.request import Request
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.models import PermissionTest
from rapport.records.permission_tests.keeping import OF_FIELDS, create_test, delete_test
from rapport.records.permission_tests.running import run_tests
from rapport.records.permission_tests.telling import told
from rapport.records.permission_tests.words import verbs
from rapport.records.sharing.holders import holders_of
from rapport.records.store.errors import Rejected
from rapport.records.surfaces.pages import moment_words, page_context
from rapport.setup.access import administrators_only
from rapport.setup.views.users import INVALID
from rapport.ui.toasts import toast_after_redirect


@administrators_only
@never_cache
@require_safe
def permission_tests(request: Request) -> HttpResponse:
    """List the tests, those that do not hold first."""
    order = {PermissionTest.State.FAILS.value: 0, PermissionTest.State.BROKEN.value: 1}
    tests = sorted(PermissionTest.objects.all(), key=lambda one: order.get(one.state, 2))
    context = page_context(request)
    lines = [
        (one, moment_words(one.test.checked_at, context) if one.test.checked_at else "")
        for one in told(request.principal, tests)
    ]
    objects = sorted(access.visible_objects(request.principal), key=lambda one: one.order)
    failing = sum(one.state == PermissionTest.State.FAILS for one in tests)
    facts = {"lines": lines, "objects": objects, "failing": failing}
    return render(request, "setup/permission_tests.html", facts)


@administrators_only
@never_cache
@require_safe
def choose_object(request: Request) -> HttpResponse:
    """Go on to the form about the chosen kind of record."""
    name = request.GET.get("object", "")
    if not registry.is_declared(name):
        raise Http404
    return redirect("setup_permission_test_new", name)


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, name: str) -> HttpResponse:
    """The form of a test about one kind of record; a post keeps it and asks it."""
    if name not in {one.name for one in access.visible_objects(request.principal)}:
        raise Http404
    declaration = registry.get(name)
    if request.method != "POST":
        return _form(request, declaration, QueryDict(), {})
    try:
        made = create_test(request.principal, _given(request, name), page_context(request))
    except Rejected as refusal:
        return _form(request, declaration, request.POST, refusal.fields, INVALID)
    holds = made.state == PermissionTest.State.PASSES
    says = _("Kept, and it holds.") if holds else _("Kept. It does not hold now.")
    toast_after_redirect(request, says, is_error=not holds)
    return redirect("setup_permission_tests")


@administrators_only
@require_POST
def run(request: Request) -> HttpResponse:
    """Ask all tests now."""
    failing = run_tests()
    says = _("All of them hold.") if not failing else _("Not all of them hold.")
    toast_after_redirect(request, says, is_error=bool(failing))
    return redirect("setup_permission_tests")


@administrators_only
@require_POST
def delete(request: Request, test_id: UUID) -> HttpResponse:
    """Forget a test."""
    delete_test(request.principal, test_id)
    toast_after_redirect(request, _("The test is gone."))
    return redirect("setup_permission_tests")


def _given(request: Request, name: str) -> dict[str, object]:
    posted = request.POST
    who, _mark, who_id = posted.get("who", "").partition(":")
    which, _mark, which_id = posted.get("which", "").partition(":")
    return {
        "who": who,
        "who_id": who_id,
        "is_must": posted.get("must") == "must",
        "action": posted.get("action", ""),
        "object": name,
        "field": posted.get("field", ""),
        "which": which,
        "which_id": which_id,
        "condition": posted.get("condition", ""),
    }


def _form(
    request: Request,
    declaration: type[Object],
    typed: QueryDict,
    faults: dict[str, str],
    status: int = 200,
) -> HttpResponse:
    readable = access.fields(request.principal, declaration.name).readable
    facts = {
        "declaration": declaration,
        "holders": holders_of(),
        "actions": verbs().items(),
        "of_fields": OF_FIELDS,
        "fields": [(n, kind.label) for n, kind in declaration.fields.items() if n in readable],
        "typed": typed,
        "faults": faults,
    }
    return render(request, "setup/permission_test.html", facts, status=status)
