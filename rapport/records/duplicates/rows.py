"""Records as matching takes them in: one row of texts each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from rapport.records.declare import Object
from rapport.records.duplicates.matching.columns import KNOWN

BATCH = 5_000
#: What fields are to matching, by their API names.
ROLES = {name.removeprefix("address."): role for name, role in KNOWN.items()} | {
    "domain": "website"
}


def roles_of(declaration: type[Object]) -> dict[str, str]:
    """The names of `preparing.GIVEN` that records fill, each with the field that does."""
    found: dict[str, str] = {}
    for name, role in ROLES.items():
        if name in declaration.fields:
            found.setdefault(role, name)
    if "given" in found:
        found.pop("name", None)
    elif found.get("name") and declaration.face == "org":
        found["company"] = found.pop("name")
    return found


def read_rows(
    declaration: type[Object],
    roles: dict[str, str],
    keys: list[UUID],
    report: Callable[[int], None],
) -> Iterator[list[str | int]]:
    """All living records, numbered from 1; `keys` gets their keys in that order."""
    rows = declaration.model._default_manager.filter(deleted_at__isnull=True).order_by("pk")
    columns = {role: path_of(declaration, name) for role, name in roles.items()}
    plain = {role: path for role, path in columns.items() if path}
    while True:
        newer = rows.filter(pk__gt=keys[-1]) if keys else rows
        batch = list(newer.values_list("pk", *plain.values())[:BATCH])
        if not batch:
            return
        beside = {
            role: ways_of(declaration, roles[role], [row[0] for row in batch])
            for role, path in columns.items()
            if not path
        }
        for key, *values in batch:
            keys.append(key)
            own = dict(zip(plain, values, strict=True))
            yield [
                len(keys),
                *(
                    text(own[role]) if role in own else beside[role].get(key, "")
                    for role in columns
                ),
            ]
        report(len(keys))


def path_of(declaration: type[Object], name: str) -> str:
    """Where the text of a field lies; empty for what is kept in rows of its own."""
    kind: Any = declaration.fields[name]
    if kind.staged:
        return ""
    target = getattr(kind, "to", "")
    return f"{kind.path.removesuffix('_id')}__name" if target else kind.path


def ways_of(declaration: type[Object], name: str, keys: list[UUID]) -> dict[UUID, str]:
    """The e-mail addresses or phone numbers of some records, parted by semicolons."""
    kind: Any = declaration.fields[name]
    found: dict[UUID, list[str]] = {}
    rows = kind.model.objects.filter(party_id__in=keys).order_by("position")
    for key, value in rows.values_list("party_id", "normalised"):
        found.setdefault(key, []).append(value)
    return {key: ";".join(values) for key, values in found.items()}


def text(value: Any) -> str:
    """A value as matching reads it."""
    return "" if value is None else str(value)
