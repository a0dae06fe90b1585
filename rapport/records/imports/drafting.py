"""From an uploaded file to a run whose mapping is suggested."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from rapport.accounts.principals import Principal
from rapport.kit.ids import uuid7
from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.imports.given import given
from rapport.records.imports.identity import with_gone, with_record_id
from rapport.records.imports.mapping import Suggestion, sample_columns, suggest
from rapport.records.imports.remembered import Remembered, remembered
from rapport.records.imports.running import Assigned
from rapport.records.imports.running.plan import MOVE, is_known
from rapport.records.imports.stored import Manner, path_of
from rapport.records.imports.targets import own_names, targets_of
from rapport.records.models import ImportRun

SURE = 0.75
FOLDER = "imports"


class Content(Protocol):
    """What can be read to its end: a file, an upload, a request."""

    def read(self, size: int = ..., /) -> bytes:
        """The next bytes; none at the end."""


def keep_upload(content: Content) -> str:
    """Store what was sent under a name of our own; its place under the media root.

    Raises OSError, with nothing kept, when the disk is full."""
    place = f"{FOLDER}/{uuid7().hex}"
    path = path_of(place)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with path.open("wb") as file:
            shutil.copyfileobj(content, file, 1024 * 1024)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return place


def draft(
    principal: Principal,
    name: str,
    filename: str,
    place: str,
    *,
    policy: str = "update",
    manner: Manner | None = None,
    chosen: Mapping[str, str] | None = None,
    meanings: Mapping[str, Mapping[str, str]] | None = None,
) -> ImportRun:
    """A run with the mapping of the last such file, else the suggested one, overruled by `chosen`
    (column name to field); `meanings` say by column what words of it mean.

    Raises Unreadable, UnknownObject, access.Denied."""
    path, manner = path_of(place), manner or Manner()
    try:
        with manner.open(path, filename) as table:
            samples = sample_columns(table)
            suggestions = suggest_for(
                principal, name, table.columns, samples, keeps_keys=policy == MOVE
            )
            return ImportRun.objects.create(
                object=name,
                user_id=principal.user_id,
                filename=filename[:300],
                storage=place,
                sheet=table.sheet,
                encoding=manner.encoding,
                delimiter=manner.delimiter,
                header=manner.header,
                mapping=mapping_of(
                    suggestions,
                    chosen or {},
                    meanings or {},
                    remembered(principal, name, table.columns),
                ),
                policy=policy,
                bytes_total=table.total,
            )
    except Exception:
        path.unlink(missing_ok=True)
        raise


def suggest_for(
    principal: Principal,
    name: str,
    columns: Sequence[str],
    samples: Sequence[Sequence[str]],
    *,
    keeps_keys: bool = False,
) -> list[Suggestion]:
    """Where each column most likely goes, by its name and some of its values; `keeps_keys` for
    files of another Rapport."""
    declaration = registry.get(name)
    targets = targets_of(principal, declaration)
    ours = own_names(declaration)
    found = suggest(columns, samples, targets, principal.language, ours)
    whole = [replace(one, target=plain_field(declaration, one.target)) for one in found]
    told = with_gone(whole, samples)
    return with_record_id(principal, name, told, samples, keeps_keys=keeps_keys)


def mapping_of(
    suggestions: Sequence[Suggestion],
    chosen: Mapping[str, str],
    meanings: Mapping[str, Mapping[str, str]],
    before: Remembered | None,
) -> list[dict[str, Any]]:
    """The mapping of a run: what is chosen now, else what was chosen for such a file before, else
    what is suggested."""
    fields = before.chosen if before else [_sure(one) for one in suggestions]
    values = before.values if before else [{} for _one in suggestions]
    pairs = list(zip(suggestions, fields, values, strict=True))
    fields = [chosen.get(one.column, field) for one, field, _words in pairs]
    said = [
        given({"values": words}, meanings.get(one.column, {}), {}) for one, _field, words in pairs
    ]
    values, makes = [one.values for one in said], [one.make for one in said]
    return [one.as_json() for one in assigned(suggestions, fields, values, makes)]


def assigned(
    suggestions: Sequence[Suggestion],
    chosen: Sequence[str] | None = None,
    values: Sequence[Mapping[str, str]] | None = None,
    makes: Sequence[Sequence[str]] | None = None,
) -> list[Assigned]:
    """The mapping: what was chosen for each column, else what is suggested surely enough; a column
    that is left out has no field. `values` are what words of each column mean, `makes` the names
    of each for which records are to be made."""
    made = []
    for place, one in enumerate(suggestions):
        field = chosen[place] if chosen is not None else _sure(one)
        if not field:
            made.append(Assigned(column=one.column, place=place, field=""))
            continue
        kept = field == one.target
        made.append(
            Assigned(
                column=one.column, place=place, field=field,
                label=one.label if kept else "", label_of=one.label_of if kept else "",
                part=one.part if kept else 0, glue=one.glue or " ",
                separator=one.separator if kept else "", match=one.match if kept else "",
                date_order=one.date_order, decimal=one.decimal,
                values=dict(values[place]) if values else {},
                make=tuple(makes[place]) if makes else (),
            )
        )  # fmt: skip
    return made


def _sure(one: Suggestion) -> str:
    return one.target if one.target and one.confidence >= SURE else ""


def plain_field(declaration: type[Object], target: str | None) -> str | None:
    """The field that a part such as `amount.currency` stands for; None for no target."""
    if target is None or is_known(declaration, target):
        return target
    return target.rpartition(".")[2]
