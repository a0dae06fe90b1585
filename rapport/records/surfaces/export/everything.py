"""All objects in one ZIP, a file each: what a firm takes along when it moves house."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import IO, Any, Literal

from django.http import QueryDict
from django.utils import timezone

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.kinds import Computed, Context
from rapport.records.kinds.filed_rows import FiledRows
from rapport.records.kinds.relation import Links, Relation
from rapport.records.reading import count
from rapport.records.reading.selection import Selection, read_selection
from rapport.records.surfaces.export.files import file_chunks
from rapport.records.surfaces.export.options import Options
from rapport.records.surfaces.export.readlog import logged_export

MANIFEST = "contents.json"

type Told = Callable[[int], None]


def exportable(principal: Principal) -> list[type[Object]]:
    """The objects of which the principal may take records out, each after what it points at."""
    found = [one for one in registry.all_objects() if access.may(principal, "export", one.name)]
    return in_order(found)


def in_order(objects: list[type[Object]]) -> list[type[Object]]:
    """Each object after those its records point at, as far as no circle forbids it."""
    by_name = {one.name: one for one in objects}
    placed: dict[str, type[Object]] = {}

    def place(name: str, above: frozenset[str]) -> None:
        if name in placed or name in above:
            return
        for other in _pointed_at(by_name[name], by_name):
            place(other, above | {name})
        placed[name] = by_name[name]

    for name in by_name:
        place(name, frozenset())
    return list(placed.values())


def _pointed_at(declaration: type[Object], names: Collection[str]) -> list[str]:
    """What the object's records point at; what may be about anything is about all but itself."""
    found: list[str] = []
    for kind in declaration.fields.values():
        if isinstance(kind, Links) and not kind.to:
            found += [one for one in names if one != declaration.name]
        elif isinstance(kind, Relation | Links) and kind.to in names:
            found.append(kind.to)
        elif isinstance(kind, FiledRows):
            parts = kind.parts.values()
            found += [part.to for part in parts if isinstance(part, Relation) and part.to in names]
    return found


def selections(principal: Principal, context: Context) -> Iterator[Selection]:
    """All records of all objects, with every field that is not worked out from others."""
    for declaration in exportable(principal):
        readable = access.fields(principal, declaration.name).readable
        columns = [
            name
            for name, kind in declaration.fields.items()
            if name in readable and not isinstance(kind, Computed)
        ]
        yield read_selection(QueryDict(), declaration, context, ["id", *columns])


def write_everything(
    file: IO[bytes],
    principal: Principal,
    context: Context,
    options: Options,
    *,
    through: Literal["web", "job", "command"],
    ip: str | None = None,
    told: Told = lambda rows: None,
) -> dict[str, int]:
    """Write the ZIP: related records by their ids, columns by the names of their fields.

    `told` hears how many rows there are so far; returns the rows of each object. Memory is flat.
    """
    options = replace(options, header="names", links="ids")
    rows: dict[str, int] = {}
    contents: list[dict[str, Any]] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for selection in selections(principal, context):
            declaration = selection.declaration
            name = f"{declaration.plural}.{options.format}"
            with (
                logged_export(selection, options, through=through, asked="", ip=ip) as taken,
                archive.open(name, "w", force_zip64=True) as entry,
            ):

                def note(added: int) -> None:
                    taken.count(added)
                    told(sum(rows.values()) + taken.rows)

                for chunk in file_chunks(selection, options, note):
                    entry.write(chunk)
            rows[declaration.name] = taken.rows
            contents.append({"object": declaration.name, "file": name, "rows": taken.rows})
        about = {"made_by": "Rapport", "at": timezone.now().isoformat(), "files": contents}
        archive.writestr(MANIFEST, json.dumps(about, indent=1))
    return rows


def size_of(principal: Principal, context: Context) -> int:
    """About how many rows there are to write."""
    return sum(count(one.rows("export")).value for one in selections(principal, context))
