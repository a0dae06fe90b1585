"""What a part of the builder can be about, for its reader: fields, related records, measures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import registry
from rapport.records.conditions.gathering import measure_kind, measures_of
from rapport.records.conditions.ground import Ground, ground_in
from rapport.records.conditions.past import is_kept
from rapport.records.conditions.related import RelatedSet
from rapport.records.conditions.sentence import small
from rapport.records.conditions.words import offered_words, operator_words
from rapport.records.kinds.base import Kind

type Options = Sequence[tuple[str, str]]
type Groups = Sequence[tuple[str, Options]]


def field_groups(ground: Ground, principal: Principal) -> Groups:
    """The fields of the records themselves, and of those that each of them names one of."""
    found = [(str(one.label), _sorted(_fields(one))) for one in _layers(ground)]
    for related in _sets(ground).values():
        if related.is_one:
            of = small(str(related.label))
            inner = _fields(ground_in(related, principal))
            options = [
                (f"{related.name}.{name}", _("%(field)s of %(of)s") % {"field": label, "of": of})
                for name, label in inner
            ]
            found.append((str(related.label), _sorted(options)))
    return found


def _fields(ground: Ground) -> Options:
    return [(name, str(kind.label)) for name, kind in ground.fields.items() if kind.operators]


def kept_groups(ground: Ground) -> Groups:
    """The fields of which the history tells what they were."""
    if ground.declaration is None:
        return []
    kept = [(name, str(kind.label)) for name, kind in ground.fields.items() if is_kept(kind)]
    return [(str(ground.label), _sorted(kept))]


def field_at(path: str, ground: Ground | None, principal: Principal) -> tuple[str, Kind | None]:
    """What the field at the end of a path is called, and its kind unless it is not to be had."""
    head, dot, rest = path.partition(".")
    if ground is None:
        return path, None
    if not dot:
        kind = ground.field(head)
        return (str(kind.label) if kind else path), kind
    related = ground.related(head)
    if related is None:
        return path, None
    label, kind = field_at(rest, ground_in(related, principal), principal)
    of = small(str(related.label))
    return _("%(field)s of %(of)s") % {"field": label, "of": of}, kind


def set_options(ground: Ground, *, many: bool = False) -> Options:
    """The related records, with `many` only those of which there may be several."""
    sets = [one for one in _sets(ground).values() if not (many and one.is_one)]
    times = Counter(str(one.label) for one in sets)
    return _sorted([(one.name, _set_label(one, times)) for one in sets])


def _set_label(related: RelatedSet, times: Mapping[str, int]) -> str:
    """Two sets of the same records are told apart by the field that relates them."""
    label = str(related.label)
    if times[label] == 1 or not related.needs:
        return label
    object_name, field = related.needs[0]
    return f"{label} ({registry.get(object_name).fields[field].label})"


def measure_groups(ground: Ground) -> Groups:
    """The number of related records, and what can be worked out from each of their fields."""
    words = {
        "sum": _("Sum of %(field)s"), "average": _("Average of %(field)s"),
        "min": _("Smallest %(field)s"), "max": _("Largest %(field)s"),
        "latest": _("Latest %(field)s"), "earliest": _("Earliest %(field)s"),
    }  # fmt: skip
    found = [(str(ground.label), [("count", _("Number"))])]
    for kind in _all_fields(ground):
        options = [
            (f"{measure}.{kind.name}", words[measure] % {"field": small(str(kind.label))})
            for measure in measures_of(kind)
        ]
        if options:
            found.append((str(kind.label), options))
    return found


def measured_kind(chosen: str, ground: Ground | None) -> Kind | None:
    """The kind as which a measure such as `sum.amount` is compared."""
    measure, _dot, of = chosen.partition(".")
    if measure == "count":
        return measure_kind(measure, None)
    kind = ground.field(of) if ground else None
    return measure_kind(measure, kind) if kind and measure in measures_of(kind) else None


def operator_options(kind: Kind, present: str) -> Options:
    """The comparisons of a kind; one that people only write is offered where it stands already."""
    offered, every = offered_words(kind), operator_words(kind)
    if present in every:
        offered = {op: words for op, words in every.items() if op in offered or op == present}
    return list(offered.items())


def _layers(ground: Ground) -> Iterator[Ground]:
    """What is said of a relation itself, and the record beyond it."""
    if ground.fields:
        yield ground
    if ground.beyond is not None:
        yield from _layers(ground.beyond)


def _all_fields(ground: Ground) -> Sequence[Kind]:
    found: dict[str, Kind] = {}
    for one in _layers(ground):
        found = {**one.fields, **found}
    return list(found.values())


def _sets(ground: Ground) -> Mapping[str, RelatedSet]:
    beyond = _sets(ground.beyond) if ground.beyond else {}
    return {**beyond, **ground.sets}


def _sorted(options: Options) -> Options:
    return sorted(options, key=lambda pair: pair[1].casefold())
