"""What the database refuses, as a sentence at the field."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import IntegrityError
from django.db.models import BaseConstraint, F, UniqueConstraint
from django.utils.translation import gettext as _

from rapport.records.declare import Object
from rapport.records.metadata.naming import field_of_index
from rapport.records.store.errors import Doubled, Rejected


@contextmanager
def refusals(declaration: type[Object]) -> Iterator[None]:
    """Raises Doubled or Rejected in place of a declared constraint's IntegrityError.

    A constraint may give its own sentence as `violation_error_message` and the field to show it at
    as `violation_error_code`.
    """
    try:
        yield
    except IntegrityError as fault:
        if name := field_of_index(_name_in(fault), declaration.fields):
            raise doubled(declaration, name) from fault
        constraint = _broken(declaration, fault)
        if constraint is None:
            raise
        raise _refusal(declaration, constraint) from fault


def _broken(declaration: type[Object], fault: IntegrityError) -> BaseConstraint | None:
    name = _name_in(fault)
    return next((one for one in declaration.model._meta.constraints if one.name == name), None)


def _name_in(fault: IntegrityError) -> str:
    cause = fault.__cause__
    return (cause.diag.constraint_name or "") if isinstance(cause, psycopg.Error) else ""


def doubled(declaration: type[Object], *names: str) -> Doubled:
    """What is said where another record has the same values already."""
    sentence = _("%(object)s with this value is there already.") % {"object": declaration.label}
    return Doubled(dict.fromkeys(names, sentence))


def _refusal(declaration: type[Object], constraint: BaseConstraint) -> Rejected:
    if constraint.violation_error_code:
        made = Doubled if isinstance(constraint, UniqueConstraint) else Rejected
        sentence = str(constraint.get_violation_error_message())
        return made({constraint.violation_error_code: sentence})
    columns = _columns(constraint)
    names = [name for name, kind in declaration.fields.items() if columns & {name, kind.path}]
    if isinstance(constraint, UniqueConstraint):
        return doubled(declaration, *(names or [declaration.title]))
    sentence = str(constraint.get_violation_error_message())
    return Rejected(dict.fromkeys(names or [declaration.title], sentence))


def _columns(constraint: Any) -> set[str]:
    """Names of the fields a constraint is about, in its own words."""
    found = set(getattr(constraint, "fields", ()))
    waiting = list(getattr(constraint, "expressions", ()))
    while waiting:
        part = waiting.pop()
        if isinstance(part, F):
            found.add(part.name)  # type: ignore[attr-defined] # missing in the stubs
        else:
            waiting += part.get_source_expressions()
    return found
