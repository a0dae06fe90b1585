"""The page of the reference that lists every object and field, made from the declarations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils import translation

from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.kinds import Kind
from rapport.records.kinds.choice import Choice

LANGUAGES = ("en", "es")
# The toy apps that the engine's own tests declare.
OURS_ALONE = "rapport.records.sample"
HEAD = """\
# Objects and fields

Written by `bin/reference` from the declarations; change those, not this page.

- **Field** is the API name: in JSON, in addresses (`/people/?city=Oslo`), as a header of a file.
- **Column** is what exports call it, in English and Spanish. Imports know both, without case and
  accents, and the further names listed.
- **Operators** follow the field after a dot, `amount.gte=1000`; `is` may be left out.
- Every record has an `id` too; exports with all fields carry it, and imports find records by it.
"""


def fields_page() -> str:
    """The whole page as Markdown."""
    objects = sorted(filter(_is_real, registry.all_objects()), key=lambda one: not one.menu)
    with translation.override("en"):
        parts = [HEAD, _kinds(objects), *map(_object, objects)]
    return "\n".join(parts)


def _is_real(declaration: type[Object]) -> bool:
    return not declaration.__module__.startswith(OURS_ALONE)


def _kinds(objects: Sequence[type[Object]]) -> str:
    classes = {
        kind.type: type(kind) for one in reversed(objects) for kind in reversed(one.fields.values())
    }
    rows = [(f"`{name}`", _first_sentence(classes[name])) for name in sorted(classes)]
    return "## Kinds\n\n" + _table(("kind", "holds"), rows)


def _object(declaration: type[Object]) -> str:
    plural = declaration.plural
    facts = [f"API: `/api/v1/{plural}`", f"page: `/{plural}/`"]
    if declaration.importable:
        facts.append(f"import: `bin/rapport import {plural} FILE`")
    if declaration.match:
        keys = (" and ".join(f"`{name}`" for name in one) for one in declaration.match)
        facts.append(f"a file's rows find their record by {', else '.join(keys)}")
    rows = [_field(kind) for kind in declaration.fields.values()]
    head = ("field", "column", "kind", "operators", "notes")
    told = f"## {declaration.label}\n\n{_first_sentence(declaration)}\n\n{'; '.join(facts)}.\n\n"
    return told + _table(head, rows)


def _field(kind: Kind) -> Sequence[str]:
    operators = " ".join(f"`{one}`" for one in kind.operators)
    return (f"`{kind.name}`", " / ".join(_labels(kind)), f"`{kind.type}`", operators, _notes(kind))


def _labels(kind: Kind) -> list[str]:
    found = []
    for language in LANGUAGES:
        with translation.override(language):
            found.append(str(kind.label))
    return list(dict.fromkeys(found))


def _real_options(kind: Choice) -> list[str]:
    """Its options, but where they are objects no toys."""
    toys = {one.name for one in registry.all_objects() if not _is_real(one)}
    if not toys.issubset(kind.options):
        return list(kind.options)
    return [key for key in kind.options if key not in toys]


def _notes(kind: Kind) -> str:
    notes = ["required"] if kind.required else []
    if not kind.editable:
        notes.append("set by a file on new records only" if kind.importable else "worked out")
    if kind.search:
        notes.append("searched")
    if isinstance(kind, Choice) and kind.options:
        notes.append("one of " + " ".join(f"`{key}`" for key in _real_options(kind)))
    if kind.help:
        notes.append(str(kind.help).rstrip("."))
    if kind.synonyms:
        notes.append("files also say " + ", ".join(kind.synonyms))
    return "; ".join(notes)


def _first_sentence(declared: type) -> str:
    paragraph = " ".join((declared.__doc__ or "").strip().split("\n\n")[0].split())
    return paragraph.split(". ")[0].rstrip(".") + "."


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
