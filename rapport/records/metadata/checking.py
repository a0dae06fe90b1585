"""What a custom field may be: sentences at what it can't be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from rapport.accounts.principals import service
from rapport.accounts.queries import roles
from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.kinds.base import Context, Invalid, is_storable
from rapport.records.metadata.building import (
    CAN_BE_UNIQUE,
    CAN_HAVE_DEFAULT,
    CHOOSING,
    build,
    can_be_searched,
)
from rapport.records.metadata.column import plain_json
from rapport.records.metadata.formula_checks import formula_faults
from rapport.records.metadata.formulas import WORKED
from rapport.records.metadata.kinds import KINDS
from rapport.records.metadata.rule_checks import rule_faults
from rapport.records.models import CustomField
from rapport.records.store.errors import Rejected

NAME = re.compile(r"[a-z](?!.*__)[a-z0-9_]{0,38}[a-z0-9]")
LONGEST_LABEL = 80
LONGEST_HELP = 300
MOST_FIELDS = 200
MOST_CHOICES = 500
TONES = ("", "plain", "good", "warn", "bad", "info")


def check_field(row: CustomField, before: CustomField | None = None) -> None:
    """Raises Rejected with a sentence for every part of the field that can't be."""
    faults = dict(reversed(list(_faults(row, before))))
    if not faults:
        faults = dict(_default_faults(row))
    if faults:
        raise Rejected(faults)


def free_name(text: str, declaration: type[Object]) -> str:
    """An API name made of a label, unlike any there is."""
    words = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:34].strip("_")
    base = words if NAME.fullmatch(words) else f"field_{words}".strip("_")
    taken = _taken(declaration)
    named = CustomField.objects.filter(object=declaration.name).values_list("name", flat=True)
    taken |= set(named)
    names = (base if number == 1 else f"{base}_{number}" for number in range(1, MOST_FIELDS * 2))
    return next(name for name in names if name not in taken)


def can_have_fields(declaration: type[Object]) -> bool:
    """Whether administrators may add fields: to what people work with, not to what only tells."""
    return declaration.trait == "mutable" and declaration.importable


def _taken(declaration: type[Object]) -> set[str]:
    """Names that mean something already: of columns and fields, in addresses, in conditions."""
    columns = {one.name for one in declaration.model._meta.get_fields()}
    declared = {name for name, kind in declaration.fields.items() if not kind.is_custom}
    return registry.RESERVED | columns | declared | {"custom", "pk", "object", "and", "or", "not"}


def _faults(row: CustomField, before: CustomField | None) -> Iterator[tuple[str, str]]:
    declaration = registry.get(row.object)
    if row.kind not in KINDS and row.kind not in WORKED:
        yield "kind", _("There is no such kind of field.")
        return
    if before is None:
        yield from _name_faults(row, declaration)
    elif (row.kind, row.name, row.object) != (before.kind, before.name, before.object):
        yield "kind", _("A field stays what it is. Make another one instead.")
    yield from _word_faults(row)
    yield from _choice_faults(row)
    yield from _target_faults(row, before)
    if row.unique and row.kind not in CAN_BE_UNIQUE:
        yield "unique", _("Fields of this kind can't be told apart by their values.")
    if row.search and not can_be_searched(row.kind):
        yield "search", _("The search box looks into texts only.")
    yield from _right_faults(row)
    yield from rule_faults(row)
    yield from formula_faults(row, before)


def _right_faults(row: CustomField) -> Iterator[tuple[str, str]]:
    known = {one.key for one in roles()}
    for part in ("readers", "editors"):
        if not isinstance(getattr(row, part), list) or set(getattr(row, part)) - known:
            yield part, _("There is no such role.")
    if row.personal not in dict(CustomField._meta.get_field("personal").flatchoices):
        yield "personal", _("Say whether it is personal.")


def _name_faults(row: CustomField, declaration: type[Object]) -> Iterator[tuple[str, str]]:
    if not can_have_fields(declaration):
        yield "object", _("These records take no fields of your own.")
    if not NAME.fullmatch(row.name):
        yield (
            "name",
            _("A name for programs has small letters, digits and single underscores, 40 at most."),
        )
    elif row.name in _taken(declaration):
        yield "name", _("This name is taken. Choose another one.")
    others = CustomField.objects.filter(object=row.object)
    if others.filter(name=row.name).exists():
        yield "name", _("This name is taken, perhaps by a field that was removed.")
    if others.count() >= MOST_FIELDS:
        yield "label", _("%(n)d fields are the most. Remove one first.") % {"n": MOST_FIELDS}


def _word_faults(row: CustomField) -> Iterator[tuple[str, str]]:
    if not are_words(row.label, LONGEST_LABEL) or not any(row.label.values()):
        yield "label", _("Give it a name of at most %(n)d characters.") % {"n": LONGEST_LABEL}
    if not are_words(row.help, LONGEST_HELP):
        yield "help", _("This can have %(n)d characters.") % {"n": LONGEST_HELP}


def are_words(given: Any, longest: int) -> bool:
    """Whether these are words by language, none longer than that."""
    return (
        isinstance(given, Mapping)
        and all(isinstance(text, str) and len(text) <= longest for text in given.values())
        and all(re.fullmatch(r"[a-z]{2}", tongue) for tongue in given)
        and is_storable(given)
    )


def _choice_faults(row: CustomField) -> Iterator[tuple[str, str]]:
    if row.kind not in CHOOSING:
        if row.options:
            yield "options", _("Fields of this kind have no choices.")
        return
    options: Sequence[Any] = row.options if isinstance(row.options, list) else []
    if not options:
        yield "options", _("Give at least one choice.")
    if len(options) > MOST_CHOICES:
        yield "options", _("%(n)d choices are the most.") % {"n": MOST_CHOICES}
        return
    keys = [one.get("key") for one in options if isinstance(one, Mapping)]
    if len(keys) != len(options) or len(set(keys)) != len(keys):
        yield "options", _("Two choices can't be the same.")
    for one in options:
        if not isinstance(one, Mapping) or not _is_choice(one):
            yield "options", _("A choice needs a name of at most %(n)d characters.") % {"n": 80}
            return


def _is_choice(one: Mapping[str, Any]) -> bool:
    key, label, control = one.get("key"), one.get("label"), one.get("for", [])
    return (
        isinstance(key, str)
        and bool(re.fullmatch(r"[a-z0-9][a-z0-9_]{0,59}", key))
        and are_words(label, LONGEST_LABEL)
        and isinstance(label, Mapping)
        and any(label.values())
        and one.get("tone", "") in TONES
        and isinstance(control, list)
        and all(isinstance(part, str) for part in control)
    )


def _target_faults(row: CustomField, before: CustomField | None) -> Iterator[tuple[str, str]]:
    if row.kind == "relation" and not _is_target(row.to):
        yield "to", _("Choose the records that it points at.")
    if before is not None and row.to != before.to:
        yield "to", _("A field keeps pointing at the same records. Make another one instead.")


def _is_target(name: str) -> bool:
    return registry.is_declared(name) and not registry.get(name).audience


def _default_faults(row: CustomField) -> Iterator[tuple[str, str]]:
    if row.default is None:
        return
    if row.kind not in CAN_HAVE_DEFAULT:
        yield "default", _("Fields of this kind begin without a value.")
        return
    given, row.default = row.default, None
    kind = build(row)
    try:
        parsed = kind.parse(given, Context(service("metadata")))
    except Invalid as problem:
        yield "default", str(problem)
        return
    row.default = None if kind.blank(parsed) else plain_json(kind.packed(parsed))
