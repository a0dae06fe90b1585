"""From files that came together to a set of runs in the right order, each with its mapping."""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal, Scope
from rapport.records import access, registry
from rapport.records.imports.drafting import keep_upload, mapping_of, suggest_for
from rapport.records.imports.identity import gone_places, is_gone, says_gone
from rapport.records.imports.reading import Unreadable
from rapport.records.imports.remembered import remembered
from rapport.records.imports.running.plan import (
    GONE,
    KNOWN,
    KNOWN_KEY,
    MOVE,
    RECORD_ID,
    Assigned,
)
from rapport.records.imports.sets.adjusting import (
    adjusted,
    later,
    later_by_id,
    meant,
    put_off,
)
from rapport.records.imports.sets.known_files import MAIL, TYPES
from rapport.records.imports.sets.packing import Delivery, Kept
from rapport.records.imports.sets.recognising import Recognised, Seen, look_at, recognise
from rapport.records.imports.sets.words import Words, read_words
from rapport.records.imports.stored import Manner, path_of
from rapport.records.kinds.relation import Links
from rapport.records.models import ImportRun, ImportSet

ORDER = (
    "company", "person", "lead", "product", "deal", "order", "task", "call", "meeting", "note",
)  # fmt: skip
TIES_LAST = 1000
#: Behind every file, where all their keys are here.
AT_LAST = 10_000
#: What is looked up by nothing.
KEYS = ("", GONE, "external_id", RECORD_ID)


@dataclass(frozen=True, slots=True)
class _File:
    seen: Seen
    found: Recognised


def draft_set(
    principal: Principal,
    name: str,
    delivery: Delivery,
    *,
    policy: str = "update",
    about: str = "",
) -> ImportSet:
    """Say of each file what it is about, unless somebody says that all are of the object `about`,
    and prepare its import. Files that can't be understood are named with the reason; those that
    only explain keys give the others their meanings."""
    files, left = _recognised(principal, delivery, about)
    files, left = _allowed(principal, files, left)
    with transaction.atomic():
        made = ImportSet.objects.create(
            name=name[:300],
            user_id=principal.user_id,
            policy=_policy(principal, files, delivery, policy),
            program=_program(files),
            brought=sorted({one.found.object for one in files if not _is_tie(one)} - {""}),
            words=_words(principal, files, left),
        )
        ordered = _in_order(files, list(delivery.objects))
        for turn in range(len(ordered)):
            left += _drafted(principal, made, ordered, turn)
        made.left = left
        made.save(update_fields=["left"])
    return made


def _recognised(
    principal: Principal, delivery: Delivery, about: str
) -> tuple[list[_File], list[dict[str, Any]]]:
    files: list[_File] = []
    left = [left_file(name, "", why) for name, why in delivery.left.items()]
    for kept in delivery.files:
        try:
            seen = look_at(kept)
        except Unreadable as refused:
            left.append(left_file(kept.name, "", str(refused)))
            path_of(kept.storage).unlink(missing_ok=True)
            continue
        found = Recognised(object=about) if about else recognise(principal, seen, delivery.objects)
        if found.object or found.words or found.types:
            files.append(_File(seen, found))
        else:
            left.append(left_file(kept.name, kept.storage, str(found.why), seen.rows))
    return files, left


def left_file(name: str, storage: str, why: str, rows: int = 0) -> dict[str, Any]:
    """A file that no run takes, for `ImportSet.left`."""
    return {"name": name, "storage": storage, "why": why, "rows": rows}


def _allowed(
    principal: Principal, files: Sequence[_File], left: list[dict[str, Any]]
) -> tuple[list[_File], list[dict[str, Any]]]:
    """The files whose records the principal may take in."""
    kept = []
    for one in files:
        name = one.found.object
        if not name or may_take(principal, name):
            kept.append(one)
            continue
        why = _("%(objects)s are not imported.")
        if registry.get(name).importable:
            why = _("Your role does not allow to import %(objects)s.")
        label = str(registry.get(name).label_plural)
        seen = one.seen
        left.append(
            left_file(seen.kept.name, seen.kept.storage, why % {"objects": label}, seen.rows)
        )
    return kept, left


def may_take(principal: Principal, name: str) -> bool:
    """Whether the principal may take records of the object in."""
    return registry.get(name).importable and access.may(principal, "import", name)


def _policy(principal: Principal, files: Sequence[_File], delivery: Delivery, policy: str) -> str:
    """Files of another Rapport move in with their keys, where whoever asks may do so."""
    names = {one.found.object for one in files}
    is_house = bool(delivery.objects) and all(
        access.scope(principal, registry.get(name), "import") == Scope.ALL for name in names
    )
    return MOVE if is_house and policy == "update" else policy


def _program(files: Sequence[_File]) -> str:
    """The program that most of the files come from."""
    names = [one.found.program for one in files if one.found.program]
    return max(names, key=names.count, default="")


def _words(
    principal: Principal, files: Sequence[_File], left: list[dict[str, Any]]
) -> dict[str, Words]:
    found: dict[str, Words] = {}
    for one in files:
        if sort := one.found.words:
            kept = one.seen.kept
            words = read_words(principal, sort, kept)
            found.setdefault(sort, {}).update(words)
            left.append(left_file(kept.name, "", _explains(words), one.seen.rows))
    return found


def _explains(words: Words) -> str:
    said = _("It says what %(all)d keys in the other files mean; %(known)d of them are known here.")
    return said % {"all": len(words), "known": sum(bool(one["means"]) for one in words.values())}


def _is_tie(one: _File) -> bool:
    return bool(one.found.kind and one.found.kind.ties)


def _in_order(files: Sequence[_File], manifest: list[str]) -> list[_File]:
    """Companies before people, people before their deals, and what ties records together last."""

    def turn(one: _File) -> tuple[int, int, str]:
        name, kept = one.found.object, one.seen.kept.name
        if kept in manifest:
            return (manifest.index(kept), 0, kept)
        place = ORDER.index(name) if name in ORDER else len(ORDER)
        return (TIES_LAST if _is_tie(one) else place, place, kept)

    return sorted((one for one in files if not one.found.words), key=turn)


def _drafted(
    principal: Principal, made: ImportSet, files: Sequence[_File], turn: int
) -> list[dict[str, Any]]:
    """Add the runs of a file; what of it no run takes."""
    one = files[turn]
    kind = one.found.kind
    if kind is None or not kind.ties:
        to_come = {other.found.object for other in files[turn:]}
        draft_run(principal, made, one.seen, one.found.object, turn, to_come)
        return []
    if one.found.types is None:
        _tie(principal, made, one, one.seen, one.found.object, turn)
        return []
    left = []
    for name, seen in _parted(one.seen, one.found.types):
        if not name:
            left.append(left_file(seen.kept.name, seen.kept.storage, str(MAIL), seen.rows))
        else:
            _tie(principal, made, one, seen, name, turn)
    return left


def draft_run(
    principal: Principal,
    made: ImportSet,
    seen: Seen,
    name: str,
    turn: int,
    to_come: Set[str] = frozenset(),
) -> ImportRun:
    """The run of a file of the set, and one for what ties its records to some that are not here
    before it ends: of its own, and where keys are kept those of the objects `to_come`."""
    keeps_keys, declaration = made.policy == MOVE, registry.get(name)
    plain = suggest_for(principal, name, seen.columns, seen.samples, keeps_keys=keeps_keys)
    if keeps_keys:
        ties = later_by_id(declaration, plain, {name, *to_come})
        found = put_off(plain, ties)
    else:
        ties = later(declaration, made, plain)
        found = adjusted(principal, made, name, plain)
    before = remembered(principal, name, seen.columns, in_set=True)
    mapping = mapping_of(found, {}, meant(made, name, found), before)
    run = _run(principal, made, seen, name, turn, mapping, made.policy)
    if ties:
        labels = [str(declaration.fields[one].label) for one in ties.values() if one not in KEYS]
        shown = f"{seen.kept.name} · {', '.join(labels)}"
        own = replace(seen, kept=replace(seen.kept, name=shown))
        tied = _tied(seen, ties, dict.fromkeys(ties, KNOWN_KEY))
        _run(principal, made, own, name, turn + AT_LAST * keeps_keys, tied, KNOWN)
    return run


def _tie(
    principal: Principal, made: ImportSet, one: _File, seen: Seen, name: str, turn: int
) -> None:
    kind = one.found.kind
    if kind is None or not may_take(principal, name):
        return
    by_key = {heading.key: heading.text for heading in seen.headings}
    fields = {by_key[key]: field for key, field in kind.ties.items()}
    target = registry.get(name)
    # What may point at anything is told the object: keys may count from one for each.
    matches = {
        column: kind.to if isinstance(target.fields.get(field), Links) else KNOWN_KEY
        for column, field in fields.items()
    }
    _run(principal, made, seen, name, turn, _tied(seen, fields, matches), KNOWN)


def _tied(
    seen: Seen, fields: Mapping[str, str], matches: Mapping[str, str]
) -> list[dict[str, Any]]:
    """A mapping of only these columns, and of what says that a row is deleted."""
    gone = {
        column: GONE
        for column, values in zip(seen.columns, seen.samples, strict=True)
        if says_gone(column, values)
    }
    targets = [fields.get(column, gone.get(column, "")) for column in seen.columns]
    return [
        Assigned(
            column=column, place=place, field=field, match="" if field in KEYS else matches[column]
        ).as_json()
        for place, (column, field) in enumerate(zip(seen.columns, targets, strict=True))
    ]


def _run(
    principal: Principal,
    made: ImportSet,
    seen: Seen,
    name: str,
    turn: int,
    mapping: list[dict[str, Any]],
    policy: str,
) -> ImportRun:
    return ImportRun.objects.create(
        object=name,
        user_id=principal.user_id,
        filename=seen.kept.name[:300],
        storage=seen.kept.storage,
        sheet=seen.sheet,
        mapping=mapping,
        policy=policy,
        bytes_total=seen.size,
        rows=seen.rows,
        gone_rows=seen.gone,
        set=made,
        turn=turn,
    )


def _parted(seen: Seen, types: Mapping[str, str]) -> Iterator[tuple[str, Seen]]:
    """A file whose rows are about several objects as one file for each of these; the rows of a
    type that has no place here, and those of none, make one too, for no object."""
    place = next((n for n, one in enumerate(seen.headings) if one.key in TYPES), None)
    with ExitStack() as opened:
        parts: dict[str, Any] = {}
        counts, gone = Counter[str](), Counter[str]()
        places = gone_places(seen.columns, seen.samples)
        with Manner().open(path_of(seen.kept.storage), seen.kept.name) as table:
            for row in table.rows():
                word = row.cells[place].strip().lower() if place is not None else ""
                name = types.get(word, "")
                if name not in parts:
                    parts[name] = opened.enter_context(_part())
                    csv.writer(parts[name]).writerow(seen.columns)
                csv.writer(parts[name]).writerow(row.cells)
                counts[name] += 1
                gone[name] += is_gone(row.cells, places)
        for name, file in sorted(parts.items()):
            file.flush()
            file.buffer.seek(0)
            part = replace(seen, rows=counts[name], gone=gone[name])
            yield name, _as_file(part, name, keep_upload(file.buffer))
    path_of(seen.kept.storage).unlink(missing_ok=True)


def _part() -> Any:
    return tempfile.TemporaryFile("w+", encoding="utf-8", newline="")


def _as_file(seen: Seen, name: str, storage: str) -> Seen:
    label = str(registry.get(name).label_plural) if name else _("others")
    kept = Kept(f"{seen.kept.name} · {label}", storage)
    return replace(seen, kept=kept, size=Path(path_of(storage)).stat().st_size)
