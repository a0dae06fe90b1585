"""Where a field is named: in rules of other fields, saved views, layouts. All can do without it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.conditions import ConditionError, from_json, named_fields
from rapport.records.conditions.whose import fields_named
from rapport.records.kinds.other import words
from rapport.records.layouts.arrangement import from_json as arranged
from rapport.records.metadata.rule_checks import RULES
from rapport.records.models import CustomField, PageLayout, SavedView
from rapport.records.views.definition import FIELDS, Definition, from_values


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing that names the field: a rule, a view or a layout, and where it is changed."""

    sort: str
    label: str
    url: str


@dataclass(slots=True)
class Mentions:
    """All that name a field, as far as the reader sees it, and how many private views besides."""

    told: list[Mention] = field(default_factory=list)
    private: int = 0


def mentions_of(principal: Principal, row: CustomField) -> Mentions:
    """Everything that names this field."""
    found = Mentions([*_rules(row), *_layouts(row)])
    seen = set(access.rows(principal, "saved_view").values_list("pk", flat=True))
    for view in SavedView.objects.filter(deleted_at=None).order_by("pk"):
        if not _view_names(view, row):
            continue
        if view.pk in seen:
            label = words(view.name, get_language() or "en")
            found.told.append(Mention("view", label, f"/views/{view.pk}/"))
        else:
            found.private += 1
    return found


def _rules(row: CustomField) -> Iterator[Mention]:
    others = CustomField.objects.filter(object=row.object, removed_at=None).exclude(pk=row.pk)
    for other in others:
        trees = [getattr(other, rule) for rule in RULES if getattr(other, rule)]
        if other.controlled_by == row.name or any(row.name in _named(tree) for tree in trees):
            yield Mention("rule", other.shown_label, reverse("setup_field", args=[other.pk]))


def _layouts(row: CustomField) -> Iterator[Mention]:
    for layout in PageLayout.objects.filter(object=row.object, deleted_at=None):
        if row.name in arranged(layout.arrangement).placed:
            label = words(layout.name, get_language() or "en")
            yield Mention("layout", label, f"/layouts/{layout.pk}/")


def _named(tree: Any) -> set[str]:
    try:
        return named_fields(from_json(tree))
    except ConditionError:
        return set()


def _view_names(view: SavedView, row: CustomField) -> bool:
    """Whether a view names the field: of its own records, or of records related to them."""
    try:
        shown = from_values({name: getattr(view, name) for name in FIELDS.values()})
    except ConditionError:
        return False
    if view.object == row.object and row.name in _own_names(shown):
        return True
    if not registry.is_declared(view.object):
        return False
    declaration, asked = registry.get(view.object), (row.object, row.name)
    trees = [shown.condition, *(one.when for one in shown.colours)]
    return any(asked in fields_named(one, declaration) for one in trees)


def _own_names(shown: Definition) -> set[str]:
    named = {shown.sort.lstrip("-"), shown.group.partition(":")[0], shown.by}
    return named | {*shown.columns, *shown.totals, *(name for name, _width in shown.widths)}
