"""Words of a file that name nobody here: colleagues, stages, and what else is not made by names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapport.accounts.models import User
from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.imports.learnt import Learnt
from rapport.records.imports.running.plan import Assigned, Plan, plan_of
from rapport.records.imports.running.references import References
from rapport.records.kinds.base import Kind
from rapport.records.kinds.relation import Relation
from rapport.records.models import ImportRun

WORDS = 100
CHOICES = 200


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A word of a column that names nobody, what there is to choose, and what was chosen."""

    place: int
    number: int
    column: str
    word: str
    #: What another file calls it, where the word is a key.
    says: str
    chosen: str
    choices: Sequence[tuple[str, str]]


def unmatched(
    principal: Principal,
    run: ImportRun,
    learnt: Learnt,
    names: Mapping[str, Mapping[str, str]] | None = None,
) -> list[Unmatched]:
    """The distinct words to be settled, in the order of the columns; `names` is what other files
    call the keys of a column. Raises Unreadable."""
    plan = plan_of(run)
    columns = [one for one in plan.own if settles(plan, one)]
    if not columns:
        return []
    found: list[Unmatched] = []
    said = learnt.words(run, [one.place for one in columns])
    references = References(principal, plan.declaration)
    for one in columns:
        kind = plan.declaration.fields[one.field]
        known = references.known_by(_target(kind), set(said[one.place]))
        choices = _choices(principal, _target(kind))
        left = [word for word in said[one.place] if word not in known][:WORDS]
        found += [
            Unmatched(
                one.place,
                number,
                one.column,
                word,
                (names or {}).get(one.column, {}).get(word, ""),
                one.values.get(word, ""),
                choices,
            )
            for number, word in enumerate(left)
        ]
    return found


def settles(plan: Plan, column: Assigned) -> bool:
    """Whether words of the column are settled by hand: they name what a file can't make."""
    kind = plan.declaration.fields.get(column.field)
    if not isinstance(kind, Relation):
        return False
    if kind.to == "user":
        return True
    target = registry.get(kind.to)
    return not (target.made_on_the_fly or target.has_timeline or target.name == plan.within)


def _target(kind: Kind) -> str:
    return kind.to if isinstance(kind, Relation) else ""


def _choices(principal: Principal, name: str) -> list[tuple[str, str]]:
    """The colleagues or records a word may mean, by what they are called."""
    if name == "user":
        users = User.objects.filter(is_active=True).order_by("name")[:CHOICES]
        return [(str(one.pk), one.name or one.email) for one in users]
    keys = access.rows(principal, name).values_list("pk", flat=True)[:CHOICES]
    titles = access.titles(principal, {(name, key) for key in keys}, principal.language)
    return sorted(((str(key), title.text) for key, title in titles.items()), key=lambda one: one[1])
