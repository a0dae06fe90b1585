"""What a lock may be: sentences at what it can't be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from rapport.accounts.models import Role
from rapport.accounts.principals import service
from rapport.records import registry
from rapport.records.conditions import ConditionError, check_in_memory, from_json, named_fields
from rapport.records.declare import Object
from rapport.records.kinds.base import Context, Kind
from rapport.records.models import CustomField, RecordLock
from rapport.records.store.errors import Rejected

LONGEST_NAME = 100
LONGEST_ADVICE = 300
MOST = 20


def can_be_locked(declaration: type[Object]) -> bool:
    """Whether records of an object change at all, and are people's own."""
    return declaration.trait == "mutable" and not declaration.audience


def lockable(declaration: type[Object]) -> dict[str, Kind]:
    """The fields that a lock may keep as they are."""
    fields = declaration.fields.items()
    return {name: kind for name, kind in fields if kind.editable}


def check_lock(row: RecordLock) -> None:
    """Raises Rejected, with a sentence for each part that can't be."""
    faults = dict(_faults(row))
    if faults:
        raise Rejected(faults)


def _faults(row: RecordLock) -> Iterator[tuple[str, str]]:
    if not registry.is_declared(row.object) or not can_be_locked(registry.get(row.object)):
        yield "object", _("These records can't be locked.")
        return
    declaration = registry.get(row.object)
    if not any(_texts(row.name)):
        yield "name", _("Give the lock a name; people read it where they can't change something.")
    if any(len(text) > LONGEST_NAME for text in _texts(row.name)):
        yield "name", _("Up to %(n)d characters.") % {"n": LONGEST_NAME}
    if any(len(text) > LONGEST_ADVICE for text in _texts(row.advice)):
        yield "advice", _("Up to %(n)d characters.") % {"n": LONGEST_ADVICE}
    if fault := condition_fault(declaration, row.condition):
        yield "condition", fault
    if set(row.fields) - lockable(declaration).keys():
        yield "fields", _("Choose fields of these records that people can change.")
    if set(row.editors) - set(Role.objects.values_list("key", flat=True)):
        yield "editors", _("Choose roles that there are.")
    others = RecordLock.objects.filter(object=row.object).exclude(pk=row.pk)
    if others.count() >= MOST:
        yield "name", _("%(n)d locks are the most.") % {"n": MOST}


def condition_fault(declaration: type[Object], tree: Any) -> str:
    """What is wrong with a condition: it can ask fields of the record's own row only."""
    if not tree:
        return _("Say when it is locked, such as state:won.")
    try:
        condition = from_json(tree)
        check_in_memory(condition, declaration, Context(service("locks")))
    except ConditionError as problem:
        return str(problem)
    kinds = [declaration.fields[name] for name in sorted(named_fields(condition))]
    for kind in kinds:
        if not kind.stored or kind.is_beside or hasattr(kind, "node"):
            return _("A lock can't go by “%(field)s”: it is not kept with the record.") % {
                "field": kind.label
            }
    return "" if kinds else _("Say when it is locked, such as state:won.")


def locks_using(row: CustomField) -> list[str]:
    """What the locks are called that go by a field or keep it as it is."""
    return [
        next(_texts(lock.name), lock.object)
        for lock in RecordLock.objects.filter(object=row.object)
        if row.name in lock.fields or row.name in named_fields(from_json(lock.condition))
    ]


def check_not_locking(row: CustomField) -> None:
    """Raises Rejected, naming the locks that use a field, where there are any."""
    if using := locks_using(row):
        said = {"names": ", ".join(f"“{one}”" for one in using)}
        text = _("The locks %(names)s use it. Change or remove these first.") % said
        raise Rejected({"field": text})


def _texts(words: Mapping[str, str]) -> Iterator[str]:
    return (text for text in words.values() if text)
