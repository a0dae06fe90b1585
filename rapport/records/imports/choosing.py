"""What is chosen for the columns of a draft, in the light of what is suggested for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rapport.accounts.principals import Principal
from rapport.records import registry
from rapport.records.imports.drafting import assigned, suggest_for
from rapport.records.imports.given import Given, given
from rapport.records.imports.learnt import Learnt
from rapport.records.imports.mapping import Suggestion
from rapport.records.imports.new_fields import may_make_fields
from rapport.records.imports.running.plan import MOVE, NEW_FIELD
from rapport.records.imports.sets.adjusting import adjusted, pointed_at
from rapport.records.imports.targets import choices_of
from rapport.records.models import ImportRun


def suggested(principal: Principal, run: ImportRun, learnt: Learnt) -> list[Suggestion]:
    """Where the columns most likely go, in the light of the files that come with this one."""
    found = suggest_for(
        principal, run.object, learnt.columns, learnt.samples, keeps_keys=run.policy == MOVE
    )
    return adjusted(principal, run.set, run.object, found) if run.set else found


def takeable(principal: Principal, name: str) -> set[str]:
    """The fields that a column may go to, and the new field of whoever may have one made."""
    declaration = registry.get(name)
    own = {field for field, _label in choices_of(principal, declaration)}
    return own | ({NEW_FIELD} if may_make_fields(principal, declaration) else set())


def choose_fields(
    principal: Principal,
    run: ImportRun,
    chosen: Mapping[str, str],
    meanings: Mapping[str, Mapping[str, str]],
) -> None:
    """Let columns of a draft go to other fields, by their names, and words of them mean what is
    said; the rest stays. Raises Unreadable."""
    suggestions = suggested(principal, run, Learnt.of(run))
    fields = [chosen.get(one["column"], one["field"]) for one in run.mapping]
    meant = said_beside(run, "means")
    said = [
        given(one, meanings.get(one["column"], {}), meant.get(one["column"], {}))
        for one in run.mapping
    ]
    values, makes = [one.values for one in said], [one.make for one in said]
    run.mapping = [one.as_json() for one in assigned(suggestions, fields, values, makes)]
    run.save(update_fields=["mapping"])


def set_meanings(run: ImportRun, said: Sequence[Given]) -> None:
    """Let the words of each column of a draft mean what is said."""
    for column, one in zip(run.mapping, said, strict=True):
        column.update(values=one.values, make=one.make)
    run.save(update_fields=["mapping"])


def said_beside(run: ImportRun, what: str) -> dict[str, dict[str, str]]:
    """What the files that come with this one say of the keys in its columns, by column and key:
    what they call them (`says`), or what that means here."""
    if run.set is None:
        return {}
    declaration = registry.get(run.object)
    sorts = {one["column"]: pointed_at(declaration, one["field"]) for one in run.mapping}
    return {
        column: {
            key: one["says"] if what == "says" else one["means"] or one["says"]
            for key, one in run.set.words.get(sort, {}).items()
        }
        for column, sort in sorts.items()
        if sort in run.set.words
    }
