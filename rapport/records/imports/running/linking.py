"""Links that rows name, such as tags: looked up or made, then written in one statement."""

from __future__ import annotations

from uuid import UUID

from rapport.records.declare import Object
from rapport.records.imports.running.parsing import Parsed
from rapport.records.imports.running.references import References
from rapport.records.kinds.relation import Links
from rapport.records.models import Link
from rapport.records.store import ChangeInProgress


def write_links(
    references: References,
    declaration: type[Object],
    rows: list[Parsed],
    targets: dict[int, UUID],
    made: ChangeInProgress,
) -> None:
    """Add the links of rows that have a record; links that are there stay as they are."""
    for name in sorted({name for row in rows for name in row.links}):
        kind = declaration.fields[name]
        if not isinstance(kind, Links):
            continue
        texts = {text for row in rows for text in row.links.get(name, ())}
        found = references.targets_of(name, texts, made)
        links = [
            Link(
                from_object=declaration.name,
                from_id=targets[row.number],
                role=kind.role,
                to_object=found[text][0],
                to_id=found[text][1],
            )
            for row in rows
            if row.number in targets
            for text in row.links.get(name, ())
            if text in found
        ]
        Link.objects.bulk_create(links, batch_size=5_000, ignore_conflicts=True)
        for row in rows:
            missing = [text for text in row.links.get(name, ()) if text not in found]
            if missing:
                row.left[name] = " ".join(references.unknown(kind.to, one) for one in missing)
