"""Fields of one's own: which objects have some, what they are, and what becomes of removed ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.accounts.actions import actor_of
from rapport.accounts.request import Request
from rapport.records import registry
from rapport.records.completeness.rules import COMPLETENESS
from rapport.records.declare import Object
from rapport.records.expressions.tree import LONGEST
from rapport.records.locking.checking import can_be_locked, locks_using
from rapport.records.metadata import actions
from rapport.records.metadata.building import CHOOSING
from rapport.records.metadata.checking import can_have_fields
from rapport.records.metadata.formula_checks import users_of
from rapport.records.metadata.formulas import FORMULA
from rapport.records.metadata.mentions import mentions_of
from rapport.records.metadata.queries import holders, until_forgotten
from rapport.records.models import CustomField, CustomObject
from rapport.records.store.errors import Rejected
from rapport.records.surfaces.pages import page_context
from rapport.setup.access import administrators_only
from rapport.setup.field_forms import (
    KIND_WORDS,
    SCORE_WORDS,
    TONE_WORDS,
    FieldForm,
    choice_rows,
    initial_of,
    posted_choices,
    read_rules,
    written_rules,
)
from rapport.setup.formula_forms import (
    form_class,
    formula_initial,
    function_groups,
    said_in,
    said_of,
    usable_names,
)
from rapport.setup.views.users import INVALID
from rapport.ui.toasts import toast_after_redirect


@administrators_only
@never_cache
@require_safe
def fields(request: Request) -> HttpResponse:
    """List the objects that take fields, with how many each has."""
    kept = CustomField.objects.filter(removed_at=None).values("object")
    counts = dict(kept.annotate(n=Count("pk")).order_by().values_list("object", "n"))
    objects = [
        (one, counts.get(one.name, 0)) for one in registry.all_objects() if can_have_fields(one)
    ]
    facts = {"objects": objects, "own": CustomObject.objects.all()}
    return render(request, "setup/fields.html", facts)


@administrators_only
@never_cache
@require_safe
def object_fields(request: Request, name: str) -> HttpResponse:
    """List the fields of one object, and the kinds that another one may be of."""
    declaration = _declaration(name)
    rows = CustomField.objects.filter(object=name)
    kinds = [(key, *words) for key, words in KIND_WORDS.items()]
    facts = {
        "declaration": declaration,
        "rows": [_shown(row) for row in rows if row.removed_at is None],
        "removed": [
            {**_shown(row), "days": until_forgotten(row)}
            for row in rows
            if row.removed_at is not None
        ],
        "kinds": kinds,
        "may_lock": can_be_locked(declaration),
    }
    return render(request, "setup/object_fields.html", facts)


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, name: str, kind: str) -> HttpResponse:
    """Ask for a new field of a kind; a post makes it."""
    declaration = _declaration(name)
    if kind not in KIND_WORDS:
        raise Http404
    return _edit(request, CustomField(object=declaration.name, kind=kind))


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def field(request: Request, field_id: UUID) -> HttpResponse:
    """Show one field; a post changes it. A score has a page of its own."""
    row = get_object_or_404(CustomField, pk=field_id, removed_at=None)
    if row.kind == COMPLETENESS:
        return redirect("setup_completeness_rules", row.object)
    return _edit(request, row)


@administrators_only
@require_POST
def move(request: Request, field_id: UUID) -> HttpResponse:
    """Let a field change places with the one before or after it."""
    row = get_object_or_404(CustomField, pk=field_id, removed_at=None)
    actions.move_field(row, actor_of(request), down=request.POST.get("to") == "down")
    return redirect("setup_object_fields", row.object)


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: Request, field_id: UUID) -> HttpResponse:
    """Ask, naming what is lost; a post hides the field."""
    row = get_object_or_404(CustomField, pk=field_id, removed_at=None)
    using, locks = users_of(row.object, row.name), locks_using(row)
    if request.method != "POST" or using or locks:
        facts = {**_shown(row), "declaration": _declaration(row.object), "holders": holders(row)}
        facts |= {"using": [one.label for one in using], "locks": locks}
        facts["mentions"] = mentions_of(request.principal, row)
        status = INVALID if request.method == "POST" else 200
        return render(request, "setup/field_remove.html", facts, status=status)
    actions.remove_field(row, actor_of(request))
    toast_after_redirect(request, _("The field is removed. It can be brought back for 30 days."))
    return redirect("setup_object_fields", row.object)


@administrators_only
@require_POST
def restore(request: Request, field_id: UUID) -> HttpResponse:
    """Bring a removed field back with its values."""
    row = get_object_or_404(CustomField, pk=field_id, removed_at__isnull=False)
    actions.bring_back(row, actor_of(request))
    toast_after_redirect(request, _("The field is back, with the values it had."))
    return redirect("setup_object_fields", row.object)


def _edit(request: Request, row: CustomField) -> HttpResponse:
    """The form of a field, of a new one too; a post keeps what it says."""
    declaration, is_new = _declaration(row.object), not row.name
    initial = {} if is_new else _initial(request, row, declaration)
    sent = request.POST if request.method == "POST" else None
    form = form_class(row.kind)(row.kind, declaration, sent, initial=initial, is_new=is_new)
    if sent is None:
        return _form(request, row, form)
    kept = _saved(request, row, form)
    if kept is None:
        return _form(request, row, form, INVALID)
    said = {"field": form.cleaned_data.get("label_en") or kept.name}
    made = _("%(field)s is made. Everybody has it from the next page.") % said
    toast_after_redirect(request, made if is_new else _("Saved."))
    return redirect("setup_object_fields", row.object)


def _initial(request: Request, row: CustomField, declaration: type[Object]) -> Mapping[str, Any]:
    """What the form of a field that is there shows at first."""
    shown = initial_of(row) | written_rules(row, declaration, page_context(request))
    return shown | (formula_initial(row) if row.kind == FORMULA else {})


def _declaration(name: str) -> type[Object]:
    if not registry.is_declared(name) or not can_have_fields(registry.get(name)):
        raise Http404
    return registry.get(name)


def _saved(request: Request, row: CustomField, form: FieldForm) -> CustomField | None:
    """The field as it was made or changed; None with the faults in the form."""
    if not form.is_valid():
        return None
    declaration = registry.get(row.object)
    rules = read_rules(form, declaration, page_context(request))
    if rules is None:
        return None
    facts = {**form.facts(), **rules, "options": posted_choices(request.POST, row.kind)}
    try:
        if row.name:
            return actions.change_field(row, facts, actor_of(request))
        return actions.add_field(declaration, {"kind": row.kind, **facts}, actor_of(request))
    except Rejected as refused:
        form.take_faults(refused.fields)
        return None


def _form(request: Request, row: CustomField, form: FieldForm, status: int = 200) -> HttpResponse:
    options = posted_choices(request.POST, row.kind) if form.is_bound else row.options
    facts = {
        **_shown(row),
        "declaration": _declaration(row.object),
        "form": form,
        "is_new": not row.name,
        "choices": choice_rows(options) if row.kind in CHOOSING else (),
        "tones": TONE_WORDS.items(),
        "is_controlled": bool(form["controlled_by"].value()) if row.kind in CHOOSING else False,
        "is_formula": row.kind == FORMULA,
    }
    if row.kind == FORMULA:
        facts["groups"] = function_groups()
        facts["names"] = usable_names(_declaration(row.object))
    return render(request, "setup/field.html", facts, status=status)


@administrators_only
@require_POST
def formula(request: Request, name: str) -> HttpResponse:
    """Say what a formula gives for some records while it is typed, or what is wrong with it."""
    declaration = _declaration(name)
    places = request.POST.get("places", "")
    said = said_in({
        "formula": request.POST.get("formula", "")[: LONGEST + 1],
        "places": int(places) if places in "0123456" and places else None,
        "as": request.POST.get("as", ""),
    })  # fmt: skip
    own = request.POST.get("own_name", "")
    row = CustomField(object=name, kind=FORMULA, name=own, formula=said)
    known = CustomField.objects.filter(object=name, name=row.name, kind=FORMULA).first()
    row.pk = known.pk if known else row.pk
    row.label = known.label if known else {"en": _("This formula")}
    facts = {"said": said_of(row, declaration, page_context(request))}
    return render(request, "setup/_formula_said.html", facts)


def _shown(row: CustomField) -> Mapping[str, Any]:
    label, _help, sign = KIND_WORDS.get(row.kind, SCORE_WORDS)
    target = registry.get(row.to).label if row.to and registry.is_declared(row.to) else ""
    return {"row": row, "label": row.shown_label, "kind": label, "sign": sign, "target": target}
