"""Words of a file that name nobody here: colleagues, stages, and what else is not made by names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from rapport.accounts.models import User
from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.imports.given import MAKE
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
    #: What becomes of it where nothing is chosen.
    otherwise: str
    #: The object that it should name, and what the field for that is called.
    target: str
    label: str
    #: What its fields in a form are called.
    key: str


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
    said = learnt.words(run, [one.place for one in columns])
    called = names or {}
    return [
        left
        for one in columns
        for left in _left(principal, plan, one, said[one.place], called.get(one.column, {}))
    ]


def _left(
    principal: Principal,
    plan: Plan,
    column: Assigned,
    words: Sequence[str],
    says: Mapping[str, str],
) -> Iterator[Unmatched]:
    """The words of a column that are not known, by themselves or by what other files call them."""
    kind = plan.declaration.fields[column.field]
    target = _target(kind)
    called = {word: says.get(word, word) for word in words}
    known = References(principal, plan.declaration).known_by(target, {*words, *called.values()})
    choices = _choices(principal, target)
    if may_make(principal, target):
        choices.insert(0, (MAKE, _("Make it")))
    left = [word for word in words if word not in known and called[word] not in known][:WORDS]
    for number, word in enumerate(left):
        is_made = one_of(column.make, called[word])
        chosen = MAKE if is_made else column.values.get(word, "")
        yield Unmatched(
            column.place, number, column.column, word, says.get(word, ""), chosen, choices,
            _otherwise(principal, target, called[word]), target, str(kind.label),
            f"{column.place}-{number}",
        )  # fmt: skip


def one_of(names: Sequence[str], text: str) -> bool:
    """Whether a text is one of these names, however it is written."""
    return text.casefold() in {name.casefold() for name in names}


def may_make(principal: Principal, name: str) -> bool:
    """Whether the principal may have records of the object made for words of a file."""
    if name == "user" or not registry.get(name).made_when_asked:
        return False
    return access.may(principal, "create", name)


def _otherwise(principal: Principal, name: str, text: str) -> str:
    if name == "user":
        return _("Nobody here: what is new is yours")
    found = registry.get(name).stand_in(access.rows(principal, name), text)
    return _("Taken as “%(name)s”") % {"name": found[1]} if found else _("Nothing here")


def settled_by(plan: Plan) -> dict[str, str]:
    """The columns whose words are settled by hand, each with the object that they name."""
    fields = plan.declaration.fields
    return {one.column: _target(fields[one.field]) for one in plan.own if settles(plan, one)}


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
