"""Which object a file is about: by what known programs call its columns, else by how many of them
find a field, and by the file's name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.imports.drafting import SURE, suggest_for
from rapport.records.imports.identity import gone_places, is_gone
from rapport.records.imports.mapping import Suggestion, profiles, sample_columns
from rapport.records.imports.mapping.headings import Heading, heading, plain
from rapport.records.imports.reading import Table
from rapport.records.imports.running.plan import NO_FIELDS
from rapport.records.imports.sets.known_files import (
    BY_TYPE,
    HUBSPOT,
    KINDS,
    MAIL,
    PIPEDRIVE,
    PIPEDRIVE_OBJECTS,
    PRODUCTS,
    TYPES,
    FileKind,
)
from rapport.records.imports.sets.packing import Kept
from rapport.records.imports.stored import Manner, path_of
from rapport.records.kinds.relation import Relation

COUNTED = 20_000
BY_FILE_NAME = 4.0
LEAST = 2.0
SAYS_NOTHING = {
    "external_id", "name", "owner", "created_at", "description", "tags", "subject", "person",
    "company", "people", "about",
}  # fmt: skip
"""Fields of nearly every object."""
FILE_WORDS = {
    "person": "contact contacts person persons people kontakt kontakte contacto contactos persona"
    " personas",
    "company": "company companies account accounts organization organizations organisation"
    " organisations firma firmen empresa empresas cuenta cuentas customer customers",
    "deal": "deal deals opportunity opportunities opp opps potential potentials negocio negocios"
    " oportunidad oportunidades",
    "lead": "lead leads prospect prospects",
    "task": "task tasks tarea tareas aufgabe aufgaben activity activities",
    "call": "call calls llamada llamadas anruf anrufe",
    "meeting": "meeting meetings event events appointment appointments reunion reuniones termine",
    "note": "note notes nota notas notiz notizen",
}
WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was first looked at; `rows` of a long one is an estimate, and so is `gone`."""

    kept: Kept
    columns: Sequence[str]
    samples: Sequence[Sequence[str]]
    rows: int
    #: Bytes that reading consumes.
    size: int
    sheet: str = ""
    #: Rows that the other program has deleted, of those that were looked at.
    gone: int = 0

    @property
    def headings(self) -> list[Heading]:
        """Its columns, taken apart."""
        return [heading(column) for column in self.columns]

    def values(self, *keys: str) -> list[str]:
        """Some values of the first of these columns that has any."""
        for one, values in zip(self.headings, self.samples, strict=True):
            if one.key in keys and values:
                return list(values)
        return []


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file is: records of `object`, words for keys (`words`), or nothing, for `why`."""

    object: str = ""
    words: str = ""
    program: str = ""
    why: str | Promise = ""
    kind: FileKind | None = None
    #: Where the rows of a tie are about several objects: the objects by the types its rows say.
    types: Mapping[str, str] | None = None


def look_at(kept: Kept) -> Seen:
    """Read the beginning of a file. Raises Unreadable."""
    with Manner().open(path_of(kept.storage), kept.name) as table:
        samples = sample_columns(table)
        rows, gone = _count(table, gone_places(table.columns, samples))
        return Seen(kept, list(table.columns), samples, rows, table.total, table.sheet, gone)


def _count(table: Table, places: Sequence[int]) -> tuple[int, int]:
    """How many rows there are, and how many of them are deleted; long files are not read to the
    end, but reckoned."""
    seen = gone = 0
    for row in islice(table.rows(), COUNTED):
        seen += 1
        gone += is_gone(row.cells, places)
    done = table.position
    if seen < COUNTED or not done:
        return seen, gone
    rows = max(seen, seen * table.total // done)
    return rows, gone * rows // seen


def recognise(principal: Principal, seen: Seen, objects: Mapping[str, str]) -> Recognised:
    """What the file is; `objects` are those that our own export names for its files."""
    if seen.kept.name in objects:
        return _ours(objects[seen.kept.name])
    keys = {name for one in seen.headings for name in (one.key, one.text.strip().lower())}
    if "engagementid" in keys and (found := _by_type(seen)):
        return found
    for kind in KINDS:
        if kind.fits(keys):
            return _of(kind)
    return _pipedrive(seen) or _by_columns(principal, seen)


def _ours(name: str) -> Recognised:
    try:
        return Recognised(object=registry.get(name).name, program="Rapport")
    except registry.UnknownObject:
        why = _("This Rapport has no records of the kind “%(name)s”. Take its objects over first.")
        return Recognised(program="Rapport", why=why % {"name": name[:60]})


def _of(kind: FileKind) -> Recognised:
    if not kind.about:
        return Recognised(program=kind.program, why=kind.why)
    if kind.about in ("user", "stage", "pipeline"):
        return Recognised(words=kind.about, program=kind.program, kind=kind)
    return Recognised(object=kind.about, program=kind.program, kind=kind)


def _by_type(seen: Seen) -> Recognised | None:
    """HubSpot's activities, each sort in a file or all in one that ties them to records."""
    types = {text.strip().lower() for text in seen.values(*TYPES)} & set(BY_TYPE)
    keys = {one.key for one in seen.headings}
    tie = next((one for one in KINDS if one.ties and not one.about and one.fits(keys)), None)
    if tie is not None:
        return Recognised(program=HUBSPOT, kind=tie, types=BY_TYPE)
    if len(types) != 1:
        return None
    name = BY_TYPE[types.pop()]
    return Recognised(object=name, program=HUBSPOT, why="" if name else MAIL)


def _pipedrive(seen: Seen) -> Recognised | None:
    """By the word before the dash that most of its columns begin with."""
    heads = [column.partition(" - ")[0].strip().lower() for column in seen.columns]
    first = max(heads, key=heads.count, default="")
    if first == "product":
        return Recognised(program=PIPEDRIVE, why=PRODUCTS)
    if (
        first not in PIPEDRIVE_OBJECTS
        or profiles.recognise(seen.headings) is not profiles.PIPEDRIVE
    ):
        return None
    return Recognised(object=PIPEDRIVE_OBJECTS[first], program=PIPEDRIVE)


def _by_columns(principal: Principal, seen: Seen) -> Recognised:
    """The object most of whose own fields have a column here."""
    profile = profiles.recognise(seen.headings)
    named = _by_file_name(principal, seen.kept.name)
    scores = {
        one.name: _score(one, found) + (BY_FILE_NAME if one.name == named else 0.0)
        for one in _candidates(principal)
        if _is_whole(one, found := _suggestions(principal, one, seen))
    }
    best = max(scores, key=lambda name: scores[name], default="")
    program = profile.name if profile else ""
    if not best or scores[best] < _enough(registry.get(best)):
        return Recognised(program=program, why=_("Its columns don't say what it is about."))
    return Recognised(object=best, program=program)


def _candidates(principal: Principal) -> list[type[Object]]:
    """The objects people work with, of which the principal may take records in."""
    return [
        one
        for one in access.visible_objects(principal)
        if one.importable and one.menu and access.may(principal, "import", one.name)
    ]


def _suggestions(principal: Principal, declaration: type[Object], seen: Seen) -> list[Suggestion]:
    found = suggest_for(principal, declaration.name, seen.columns, seen.samples)
    return [one for one in found if one.target and one.confidence >= SURE]


def _is_whole(declaration: type[Object], found: Sequence[Suggestion]) -> bool:
    """Whether the columns name a record, and give it what it can't be without."""
    targets = {one.target for one in found}
    heads = {str(target).partition(".")[0] for target in targets}
    title = declaration.fields[declaration.title]
    is_named = bool({declaration.title, *title.written} & targets)
    is_derived = not title.editable and set(title.written) <= {declaration.title}
    needed = {
        name
        for name, kind in declaration.fields.items()
        if kind.required and kind.editable and kind.default is None
    } - {declaration.title}
    is_called = title.required and title.stored and _names_itself(declaration, heads)
    return (is_named or is_derived or is_called) and needed <= heads


def _names_itself(declaration: type[Object], heads: Set[str]) -> bool:
    """Whether records without a name get one from the company or person they belong to."""
    kinds = [kind for name, kind in declaration.fields.items() if name in heads]
    return any(
        isinstance(kind, Relation) and kind.to != "user" and registry.get(kind.to).made_on_the_fly
        for kind in kinds
    )


def _score(declaration: type[Object], found: Sequence[Suggestion]) -> float:
    own = {str(one.target) for one in found if "." not in str(one.target).replace("amount.", "")}
    told = own - SAYS_NOTHING - {*NO_FIELDS}
    # Whoever has an address or a number is somebody: a name beside it is enough.
    ways = {name for name in told if declaration.fields[name.partition(".")[0]].staged}
    rest = 0.1 * len(own & SAYS_NOTHING) + 0.03 * (len(found) - len(own))
    return len(told) + len(ways) + rest


def _enough(declaration: type[Object]) -> float:
    """More is asked where records go by another's name: any list of people would do for leads."""
    return LEAST if declaration.fields[declaration.title].editable else LEAST + 1


def _by_file_name(principal: Principal, name: str) -> str:
    """The object whose name the file bears; empty for none, or several."""
    words = set(WORD.findall(plain(PurePosixPath(name).stem.replace("_", " "))))
    return next((one for one, known in _names(principal).items() if words & known), "")


def _names(principal: Principal) -> dict[str, set[str]]:
    found = {name: set(words.split()) for name, words in FILE_WORDS.items()}
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            for one in _candidates(principal):
                labels = {plain(str(one.label)), plain(str(one.label_plural))}
                found.setdefault(one.name, set()).update(labels | {one.plural, one.name})
    return found
