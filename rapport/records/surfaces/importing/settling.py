"""What words of several files mean, asked once for all of them: former colleagues, stages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.http import QueryDict

from rapport.accounts.principals import Principal
from rapport.records.imports.choosing import said_beside, set_meanings
from rapport.records.imports.given import given
from rapport.records.imports.learnt import Learnt
from rapport.records.imports.matching_values import Unmatched, settled_by, unmatched
from rapport.records.imports.reading import Unreadable
from rapport.records.imports.running.plan import KNOWN, plan_of
from rapport.records.imports.sets.running import taking
from rapport.records.models import ImportRun, ImportSet

SHOWN = 60
VALUE = re.compile(r"value-([a-z_]+)\.(\d+)")


def words_of(principal: Principal, made: ImportSet) -> list[Unmatched]:
    """What the files that come in name and is not here, each once under the label of its field;
    what may be made comes first."""
    found: dict[tuple[str, str], Unmatched] = {}
    for run in taking(made).exclude(policy=KNOWN):
        for one in _of(principal, run):
            found.setdefault((one.target, one.word), one)
    ordered = sorted(found.values(), key=lambda one: one.target == "user")
    return [
        replace(one, column=one.label, key=f"{one.target}.{number}")
        for number, one in enumerate(ordered[:SHOWN])
    ]


def _of(principal: Principal, run: ImportRun) -> Sequence[Unmatched]:
    try:
        return unmatched(principal, run, Learnt.of(run), said_beside(run, "says"))
    except Unreadable:
        return ()


def keep_words(made: ImportSet, form: QueryDict) -> None:
    """Let the words mean in all files what the form says."""
    said: dict[str, dict[str, str]] = defaultdict(dict)
    for name in form:
        if found := VALUE.fullmatch(name):
            said[found[1]][form.get(f"word-{found[1]}.{found[2]}", "")] = form.get(name, "")
    for run in taking(made).exclude(policy=KNOWN) if said else ():
        _keep(run, said)


def _keep(run: ImportRun, said: Mapping[str, Mapping[str, str]]) -> None:
    meant, targets = said_beside(run, "means"), settled_by(plan_of(run))
    set_meanings(
        run,
        [
            given(one, said.get(targets.get(one["column"], ""), {}), meant.get(one["column"], {}))
            for one in run.mapping
        ],
    )
