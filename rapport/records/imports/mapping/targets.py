"""The fields that columns may go to, looked up by what files call them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace

from rapport.records.imports.mapping.headings import key
from rapport.records.imports.mapping.vocabulary import ALIASES

PARTS = {
    "address": ("street", "city", "region", "postal_code", "country"),
    "money": ("currency",),
}


@dataclass(frozen=True, slots=True)
class Target:
    """A field as its declaration gives it: API name, labels by language, synonyms, kind."""

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    synonyms: tuple[str, ...] = ()
    kind: str = "text"
    is_of_row: bool = False
    """Whether it is said of a row beside the record, such as a line of an order."""


class Targets:
    """All fields of one object, with the parts of those that have some (address.city)."""

    def __init__(self, targets: Iterable[Target]) -> None:
        given = list(targets)
        names = {target.name for target in given}
        heads = [one.name.partition(".")[0] for one in given if "." in one.name]
        self.related = list(dict.fromkeys(heads))
        self.all = {part.name: part for target in given for part in with_parts(target, names)}
        self.by_label: dict[str, list[Target]] = {}
        self.by_synonym: dict[str, list[Target]] = {}
        for target in self.all.values():
            if self._is_shadowed(target):
                continue
            for label in target.labels.values():
                self.by_label.setdefault(key(label), []).append(target)
            for synonym in target.synonyms:
                self.by_synonym.setdefault(key(synonym), []).append(target)

    def _is_shadowed(self, target: Target) -> bool:
        """Whether the object itself, or a record described before, has a field of the same name:
        a plain word means that one."""
        head, _dot, rest = target.name.partition(".")
        if head not in self.related:
            return False
        before = self.related[: self.related.index(head)]
        return rest in self.all or any(f"{one}.{rest}" in self.all for one in before)

    def named(self, name: str) -> Target | None:
        """The field of exactly this API name."""
        return self.all.get(name)

    def find(self, standard: str) -> Target | None:
        """The field that stands for a standard one, whatever this object calls it."""
        for name in (standard, *ALIASES.get(standard, ())):
            found = self.all.get(name)
            if found is not None:
                return found
        return next(
            filter(None, map(self._described, (standard, *ALIASES.get(standard, ())))), None
        )

    def farness(self, target: Target) -> float:
        """What a field of a described record yields to the object's own of as good a name."""
        return 0.03 if target.name.partition(".")[0] in self.related else 0.0

    def _described(self, name: str) -> Target | None:
        """The field of a record that the rows describe beside their own, such as their person."""
        return next(filter(None, (self.all.get(f"{one}.{name}") for one in self.related)), None)


def with_parts(target: Target, names: Set[str]) -> list[Target]:
    """The field itself, or its parts where it is never written as a whole; `names` has the
    fields that the object has anyway."""
    if target.kind == "address":
        return [part_of(target, name, "text") for name in PARTS["address"]]
    if target.kind == "money" and "currency" not in names:
        return [target, part_of(target, "currency", "currency")]
    return [target]


def part_of(target: Target, name: str, kind: str) -> Target:
    """One part of a field as a target of its own."""
    return replace(target, name=f"{target.name}.{name}", labels={}, synonyms=(), kind=kind)


def bare_name(name: str) -> str:
    """The name without the field before it that points at the record it is a field of."""
    head, _dot, rest = name.partition(".")
    is_part = not rest or head in PARTS or rest in PARTS["money"]
    return name if is_part else rest


def standard_name(target: Target) -> str:
    """The standard field that a target is, by its API name; the name itself if it is none."""
    bare = bare_name(target.name)
    for standard, names in ALIASES.items():
        if bare in names and standard not in ("website", "domain", "name", "people", "source"):
            return standard
    return bare
