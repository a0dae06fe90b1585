"""Fields and objects of one's own as files: written out, compared and taken in by another instance.

Each is a file of its own, under its key, which is the same everywhere: what is renamed here is
renamed there, and two fields that only happen to share a name are never taken for one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from rapport.accounts.actions import NOBODY
from rapport.records import registry
from rapport.records.layouts import carrying
from rapport.records.locking import carrying as locks
from rapport.records.metadata import actions, object_actions, rights_files
from rapport.records.metadata.further import FURTHER
from rapport.records.metadata.rule_checks import RULES
from rapport.records.metadata.tables import make_tables
from rapport.records.models import CustomField, CustomObject
from rapport.records.store.errors import Rejected

type Facts = dict[str, Any]
FORMAT = 1
MARK = "rapport-config.json"
PARTS = ("objects", "fields", "teams", "roles", "locks", "layouts", "permission_tests")
#: What folders of releases hold that did not say what they hold.
FIRST_PARTS = ("objects", "fields", "layouts")
OBJECT_PARTS = (
    "name", "plural", "label", "label_plural", "description", "icon", "access", "personal",
)  # fmt: skip
#: What a file of each part may say.
KNOWN: Mapping[str, tuple[str, ...]] = {
    "objects": OBJECT_PARTS,
    "fields": tuple(CustomField().facts()),
    "teams": rights_files.TEAM_PARTS,
    "roles": rights_files.ROLE_PARTS,
    "locks": locks.LOCK_PARTS,
    "layouts": carrying.LAYOUT_PARTS,
    "permission_tests": rights_files.TEST_PARTS,
}


class Unusable(ValueError):
    """A folder that holds no configuration, or a broken one; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that the files have otherwise than the instance."""

    part: str
    key: str
    name: str
    what: str
    #: What differs, as (here, in the files).
    changes: Mapping[str, tuple[Any, Any]]


type Config = Mapping[str, Mapping[str, Facts]]


def present() -> Config:
    """The objects, fields and layouts of this instance by part and key, without removed ones."""
    objects = CustomObject.objects.filter(removed_at=None)
    fields = CustomField.objects.filter(removed_at=None)
    return {
        "objects": {
            str(one.pk): {part: getattr(one, part) for part in OBJECT_PARTS} for one in objects
        },
        "fields": {str(one.pk): one.facts() for one in fields},
        "teams": rights_files.present_teams(),
        "roles": rights_files.present_roles(),
        "locks": locks.present_locks(),
        "layouts": carrying.present_layouts(),
        "permission_tests": rights_files.present_tests(),
        **{name: part.present() for name, part in FURTHER.items()},
    }


def parts() -> tuple[str, ...]:
    """All that is carried, in the order in which it is taken in."""
    return (*PARTS, *FURTHER)


def write(config: Config, folder: Path) -> int:
    """Write the files in place of those that are there; how many. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in (path for part in parts() for path in (folder / part).glob("*.json")):
        old.unlink()
    (folder / MARK).write_text(json.dumps({"format": FORMAT, "parts": parts()}) + "\n")
    count = 0
    for part in parts():
        (folder / part).mkdir(exist_ok=True)
        for key, facts in config[part].items():
            name = _file_name(part, key, facts)
            text = json.dumps({"id": key, **facts}, indent=2, sort_keys=True, ensure_ascii=False)
            (folder / part / f"{name}.json").write_text(text + "\n", encoding="utf-8")
            count += 1
    return count


def _file_name(part: str, key: str, facts: Facts) -> str:
    """What says in a folder which object, field or layout it is; a team may be called anything."""
    if part == "layouts":
        return f"{facts['object']}.{key}" if facts["team"] else facts["object"]
    if part in ("teams", "locks", "permission_tests", *FURTHER):
        return key
    if part == "roles":
        return str(facts["key"])
    return f"{facts['object']}.{facts['name']}" if part == "fields" else facts["name"]


def read(folder: Path) -> Config:
    """The configuration of a folder. Raises Unusable."""
    try:
        mark = json.loads((folder / MARK).read_text())
        if mark.get("format") != FORMAT:
            raise Unusable(f"{folder} was written by another release of Rapport.")
        held = [part for part in parts() if part in mark.get("parts", FIRST_PARTS)]
        return {part: dict(_files(folder / part)) for part in held}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        if isinstance(problem, Unusable):
            raise
        raise Unusable(f"{folder} holds no configuration that can be read: {problem}.") from problem


def _files(folder: Path) -> Iterator[tuple[str, Facts]]:
    is_further = folder.name in FURTHER
    known = FURTHER[folder.name].known if is_further else KNOWN[folder.name]
    for path in sorted(folder.glob("*.json")):
        facts = json.loads(path.read_text(encoding="utf-8"))
        key = str(UUID(facts.pop("id")))
        if unknown := facts.keys() - set(known):
            raise Unusable(f"{path} says {min(unknown)}, which is not known here.")
        yield key, facts


def differences(here: Config, there: Config, *, is_whole: bool = False) -> list[Difference]:
    """What would change here; what only this instance has counts if the files are the whole of
    the parts that they hold."""
    found = []
    for part in there:
        for key, facts in there[part].items():
            mine = here[part].get(key)
            changes = {
                name: ((mine or {}).get(name), value)
                for name, value in facts.items()
                if mine is None or mine.get(name) != value
            }
            if changes:
                what = "add" if mine is None else "change"
                found.append(Difference(part, key, _called(part, facts), what, changes))
        if is_whole:
            gone = here[part].keys() - there[part].keys() - rights_files.BUILT_IN
            found += [
                Difference(part, key, _called(part, here[part][key]), "remove", {})
                for key in sorted(gone)
            ]
    return found


def _called(part: str, facts: Facts) -> str:
    match part:
        case "layouts":
            return carrying.told(facts)
        case "locks":
            return locks.told(facts)
        case "roles":
            return str(facts["key"])
        case "permission_tests":
            must = "must" if facts["is_must"] else "must not"
            return f"{facts['who_name']} {must} {facts['action']} {facts['object']}"
    return str(facts["name"])


def apply(there: Config, *, is_whole: bool = False) -> list[Difference]:
    """Make this instance what the files say; what was different. Raises Unusable.

    Tables of new objects are made first, since fields may point at them; the rest is one
    transaction. Fields come without their rules at first, which may name one another.
    """
    made = {one["name"] for one in there.get("teams", {}).values()}
    missing = [one for one in carrying.missing_teams(there["layouts"]) if one not in made]
    if missing:
        raise Unusable(f"There is no team called {missing[0]} here. Make it first.")
    wanted = differences(present(), there, is_whole=is_whole)
    objects = [one for one in wanted if one.part == "objects"]
    fields = [one for one in wanted if one.part == "fields"]
    with transaction.atomic():
        for one in objects:
            _refusing(one, partial(_set_object, one, there))
    if any(one.what == "add" for one in objects):
        make_tables()
    with transaction.atomic():
        _drop_locks(wanted)
        _set_fields([one for one in fields if one.what != "remove"], there)
        _set_fields([one for one in fields if one.what == "remove"], there)
        for one in fields:
            if one.what != "remove":
                _refusing(one, partial(_set_field, one, there, has_rules=True))
                position = there["fields"][one.key]["position"]
                CustomField.objects.filter(pk=one.key).update(position=position)
        actions.tell_of_order()
        _set_rights(wanted, there)
        for one in wanted:
            if one.part == "layouts":
                _refusing(one, partial(_set_layout, one, there))
            elif one.part == "locks":
                _set_lock(one, there)
            elif one.part in FURTHER:
                _set_further(one, there)
        _drop_teams(wanted)
    return wanted


def _set_rights(wanted: Sequence[Difference], there: Config) -> None:
    """Teams, then roles, whose rules name fields, then what is asked of both. Raises Unusable."""
    teams = [one for one in wanted if one.part == "teams" and one.what != "remove"]
    if teams:
        given = [there["teams"][one.key] for one in teams]
        _refusing(teams[0], partial(rights_files.take_teams, given))
    for one in wanted:
        if one.part == "roles" and one.what == "remove":
            _refusing(one, partial(rights_files.drop_role, one.name))
        elif one.part == "roles":
            _refusing(one, partial(rights_files.take_role, there["roles"][one.key]))
    for one in wanted:
        if one.part == "permission_tests" and one.what == "remove":
            rights_files.drop_test(UUID(one.key))
        elif one.part == "permission_tests":
            facts = there["permission_tests"][one.key]
            _refusing(one, partial(rights_files.take_test, UUID(one.key), facts))


def _drop_locks(wanted: Sequence[Difference]) -> None:
    """Before the fields, which a lock may have kept from being removed."""
    for one in wanted:
        if one.part == "locks" and one.what == "remove":
            locks.drop_lock(UUID(one.key))


def _set_lock(one: Difference, there: Config) -> None:
    if one.what != "remove":
        _refusing(one, partial(locks.take_lock, UUID(one.key), there["locks"][one.key]))


def _set_further(one: Difference, there: Config) -> None:
    part = FURTHER[one.part]
    if one.what == "remove":
        part.drop(UUID(one.key))
    else:
        _refusing(one, partial(part.take, UUID(one.key), there[one.part][one.key]))


def _drop_teams(wanted: Sequence[Difference]) -> None:
    """After the layouts, which may have been a team's."""
    for one in wanted:
        if one.part == "teams" and one.what == "remove":
            rights_files.drop_team(one.name)


def _set_fields(wanted: Sequence[Difference], there: Config) -> None:
    """Set fields in any order in which it can be: a formula comes after the fields that it uses,
    and goes before them. Raises Unusable for what can't be set in the end."""
    left = list(wanted)
    while left:
        refused = []
        for one in left:
            try:
                _set_field(one, there, has_rules=False)
            except (Rejected, LookupError, TypeError):
                refused.append(one)
        if len(refused) == len(left):
            _refusing(left[0], partial(_set_field, left[0], there, has_rules=False))
        left = refused


def _refusing(one: Difference, act: Callable[[], None]) -> None:
    try:
        act()
    except Rejected as refused:
        raise Unusable(f"{one.name}: {refused}") from refused
    except (LookupError, TypeError, ValueError, AttributeError) as fault:
        raise Unusable(f"{one.name} can't be taken in: {fault}") from fault
    except ValidationError as fault:
        raise Unusable(f"{one.name} can't be taken in: {' '.join(fault.messages)}") from fault


def _set_object(one: Difference, there: Config) -> None:
    row = CustomObject.objects.filter(pk=one.key).first()
    if one.what == "remove":
        object_actions.remove_object(CustomObject.objects.get(pk=one.key), NOBODY)
    elif row is None:
        object_actions.add_object({"id": UUID(one.key), **there["objects"][one.key]}, NOBODY)
    else:
        if row.removed_at is not None:
            object_actions.bring_object_back(row, NOBODY)
        object_actions.change_object(row, there["objects"][one.key], NOBODY)


def _set_field(one: Difference, there: Config, *, has_rules: bool) -> None:
    row = CustomField.objects.filter(pk=one.key).first()
    if one.what == "remove":
        actions.remove_field(CustomField.objects.get(pk=one.key), NOBODY)
        return
    facts = dict(there["fields"][one.key])
    if not has_rules:
        facts |= {**{rule: {} for rule in RULES}, "controlled_by": ""}
    if row is None:
        declaration = registry.get(facts.pop("object"))
        actions.add_field(declaration, {"id": UUID(one.key), **facts}, NOBODY)
        return
    if (row.object, row.name, row.kind) != tuple(facts[n] for n in ("object", "name", "kind")):
        raise LookupError("a field of this key has another name or kind here")
    if row.removed_at is not None:
        actions.bring_back(row, NOBODY)
    actions.change_field(row, facts, NOBODY)


def _set_layout(one: Difference, there: Config) -> None:
    if one.what == "remove":
        carrying.drop(UUID(one.key))
    else:
        carrying.take_layout(UUID(one.key), there["layouts"][one.key])
