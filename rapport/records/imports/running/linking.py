"""Links that rows name, such as tags: looked up or made, then written in one statement."""

from __future__ import annotations

from uuid import UUID

from rapport.records.declare import Object
from rapport.records.imports.running.parsing import Parsed
from rapport.records.imports.running.references import References
from rapport.records.kinds.relation import Links
from rapport.records.models import Link
from rapport.records.store import ChangeInProgress

type Ends = tuple[UUID, str, UUID]
"""The record a link goes from, and the object and record it goes to."""


def write_links(
    references: References,
    declaration: type[Object],
    rows: list[Parsed],
    targets: dict[int, UUID],
    made: ChangeInProgress,
) -> set[int]:
    """Add the links of rows that have a record; links that are there stay as they are.

    Returns the numbers of rows that added one.
    """
    added: set[int] = set()
    for name in sorted({name for row in rows for name in row.links}):
        kind = declaration.fields[name]
        if not isinstance(kind, Links):
            continue
        texts = {text for row in rows for text in row.links.get(name, ())}
        found = references.targets_of(name, texts, made)
        wanted = {
            (targets[row.number], *found[text]): row.number
            for row in rows
            if row.number in targets
            for text in row.links.get(name, ())
            if text in found
        }
        added |= _add(declaration, kind, wanted)
        for row in rows:
            missing = [text for text in row.links.get(name, ()) if text not in found]
            if missing:
                row.left[name] = " ".join(references.unknown(kind.to, one) for one in missing)
    return added


def _add(declaration: type[Object], kind: Links, wanted: dict[Ends, int]) -> set[int]:
    """Write the links that are not there yet; the numbers of their rows."""
    links = Link.objects.filter(from_object=declaration.name, role=kind.role)
    records = {record_id for record_id, _object, _key in wanted}
    present = set(links.filter(from_id__in=records).values_list("from_id", "to_object", "to_id"))
    new = {ends: number for ends, number in wanted.items() if ends not in present}
    made = [
        Link(
            from_object=declaration.name,
            from_id=record_id,
            role=kind.role,
            to_object=to_object,
            to_id=to_id,
        )
        for record_id, to_object, to_id in new
    ]
    Link.objects.bulk_create(made, batch_size=5_000, ignore_conflicts=True)
    return set(new.values())
