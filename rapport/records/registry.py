"""All declared objects of this process."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from django.db import models

from rapport.records.declare import Contribution, Object
from rapport.records.kinds.base import Kind


class UnknownObject(LookupError):
    """No object of that name is declared."""


@dataclass(frozen=True, slots=True)
class Logged:
    """A table whose changes go to the log: under which object, and whose history shows them."""

    model: type[models.Model]
    object: str
    subject: str


@dataclass(frozen=True, slots=True)
class Rights:
    """The roles that read a field, None for all that see its records, and those that change it."""

    readers: frozenset[str] | None
    editors: frozenset[str]


@dataclass(frozen=True, slots=True)
class Declared:
    """What is declared at one moment, by name, by plural, and by table."""

    objects: dict[str, type[Object]]
    plurals: dict[str, type[Object]]
    logged: dict[type[models.Model], Logged]


#: The one in force: replaced as a whole, so that no thread meets half of another.
_now: list[Declared] = [Declared({}, {}, {})]
_contributions: list[Contribution] = []
_granted: dict[str, LiteralString] = {}
_editions: list[int] = [0]

RESERVED = {
    "q", "sort", "after", "before", "columns", "view", "count", "limit", "page", "include", "id",
    "format", "by", "measure", "next", "setup", "api", "static", "login", "logout", "account",
    "filter", "where", "objects", "delimiter", "bom", "header", "files", "notifications",
    "mentions", "history", "reads", "undo", "as", "group", "totals", "widths", "colours",
    "links", "export", "search", "changes", "webhooks", "mcp", "plans", "prices", "stock",
}  # fmt: skip


def edition() -> int:
    """A number that is another one after every change to what is declared."""
    return _editions[0]


def _is_changed() -> None:
    _editions[0] += 1


def register(declaration: type[Object]) -> None:
    """Take a declaration in. Raises ValueError for a reserved or doubled name."""
    declared = _now[0]
    if declared.objects.get(declaration.name, declaration) is not declaration:
        raise ValueError(f"Two objects are named {declaration.name}.")
    if declaration.plural in RESERVED or declaration.name in RESERVED:
        raise ValueError(f"{declaration.plural} is a reserved word; choose another name.")
    declaration.collect()
    declared.objects[declaration.name] = declaration
    declared.plurals[declaration.plural] = declaration
    _is_changed()
    if declaration.trait == "mutable":
        log(declaration.model, declaration.name, "id")


def log(model: type[models.Model], object: str, subject: str) -> None:
    """Log changes of a table; `subject` is the column whose record shows them in its history."""
    _now[0].logged[model] = Logged(model, object, subject)


def grant(model: type[models.Model], rights: LiteralString) -> None:
    """Let the application's role do no more than `rights` with a table, such as that of a ledger,
    which is added to and never changed."""
    _granted[model._meta.db_table] = rights


def granted() -> dict[str, LiteralString]:
    """The rights of the application's role on tables of which it may not do everything."""
    return dict(_granted)


def logged() -> list[Logged]:
    """Every table whose changes go to the log."""
    return list(_now[0].logged.values())


def add(contribution: Contribution) -> None:
    """Keep a contribution and apply it if its object is there already."""
    _contributions.append(contribution)
    for declaration in all_objects():
        if contribution.to in (declaration.name, "*"):
            _apply(contribution, declaration)


def settle() -> None:
    """Apply contributions to objects registered after them; called when all domains are loaded."""
    for declaration in all_objects():
        declaration.collect()
        for contribution in _contributions:
            if contribution.to in (declaration.name, "*"):
                _apply(contribution, declaration)


def adopt_objects(declarations: Sequence[type[Object]]) -> None:
    """Have these custom objects beside the declared ones, in place of those there were.

    Another thread may be reading what was declared: that is left as it is.
    """
    for one in declarations:
        one.collect()
        for contribution in _contributions:
            if contribution.to == "*":
                _apply(contribution, one)
    before = _now[0]
    every = [one for one in before.objects.values() if not one.is_custom] + list(declarations)
    gone = {one.model for one in before.objects.values() if one.is_custom}
    logged = {model: one for model, one in before.logged.items() if model not in gone}
    logged |= {one.model: Logged(one.model, one.name, "id") for one in declarations}
    _now[0] = Declared({one.name: one for one in every}, {one.plural: one for one in every}, logged)
    _is_changed()


def customise(fields: Mapping[str, Sequence[tuple[str, Kind]]]) -> None:
    """Give objects these custom fields, by object and name, in place of those they had.

    Dictionaries are replaced, never changed: another thread may be reading them.
    """
    for declaration in all_objects():
        kept = {name: kind for name, kind in declaration.fields.items() if not kind.is_custom}
        asked = tuple(name for name in declaration.quick if name in kept)
        for name, kind in fields.get(declaration.name, ()):
            # A later release may bring a field of this name: the declared one keeps it.
            free = f"{name}_custom" if name in kept else name
            own = copy.copy(kind)
            own.bind(free, declaration)
            kept[free] = own
            asked += (free,) if asked and own.required and own.default is None else ()
        declaration.fields = kept
        declaration.quick = asked
    _is_changed()


def restrict(rights: Mapping[str, Mapping[str, Rights]]) -> None:
    """Let only these roles read and change these fields, by object and name, in place of what was
    said of fields before."""
    for declaration in all_objects():
        of_object = rights.get(declaration.name, {})
        declaration.fields = {
            name: restricted(kind.unrestricted or kind, of_object.get(name))
            for name, kind in declaration.fields.items()
        }
    _is_changed()


def restricted(kind: Kind, rights: Rights | None) -> Kind:
    """The field with these rights laid over it."""
    if rights is None:
        return kind
    own = copy.copy(kind)
    own.unrestricted = kind
    if rights.readers is not None:
        own.readers = rights.readers if kind.readers is None else rights.readers & kind.readers
    own.editors = rights.editors if kind.editors is None else rights.editors & kind.editors
    return own


def _apply(contribution: Contribution, declaration: type[Object]) -> None:
    _is_changed()
    for name, kind in contribution.fields.items():
        declaration.adopt(name, kind)
    declaration.panels = _joined(declaration.panels, contribution.panels)
    actions = _joined(declaration.actions, contribution.actions)
    declaration.actions = tuple(sorted(actions, key=lambda action: action.order))
    declaration.columns = _placed(declaration.columns, contribution.columns)
    declaration.header = _joined(declaration.header, contribution.header)


def _placed(present: tuple[str, ...], added: Sequence[str] | Mapping[str, str]) -> tuple[str, ...]:
    """Each added column behind the one it names, at the end where it names none that is there."""
    columns = list(present)
    for name in added:
        if name in columns:
            continue
        behind = added[name] if isinstance(added, Mapping) else ""
        columns.insert(columns.index(behind) + 1 if behind in columns else len(columns), name)
    return tuple(columns)


def _joined(present: Any, added: Any) -> Any:
    return (*present, *(one for one in added if one not in present))


def get(name: str) -> type[Object]:
    """The object of that name. Raises UnknownObject."""
    try:
        return _now[0].objects[name]
    except KeyError:
        raise UnknownObject(f"There is no object named {name}.") from None


def is_declared(name: str) -> bool:
    """Whether there is an object of that name."""
    return name in _now[0].objects


def by_plural(plural: str) -> type[Object]:
    """The object with that plural, as addresses name it. Raises UnknownObject."""
    try:
        return _now[0].plurals[plural]
    except KeyError:
        raise UnknownObject(f"There is no list named {plural}.") from None


def all_objects() -> list[type[Object]]:
    """Every declared object, in the order of the layers."""
    return list(_now[0].objects.values())
