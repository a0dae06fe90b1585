"""What an address asks of a list: which rows, in which order, with which columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from operator import and_
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.conditions import (
    Asked,
    ConditionError,
    Group,
    Rule,
    ask,
    from_query,
    to_query,
)
from rapport.records.declare import Object
from rapport.records.kinds.base import Context
from rapport.records.reading import Sort, SortRefused, Source, parse_sort
from rapport.records.searching import matches

MOST_COLUMNS = 30


@dataclass(slots=True)
class ListState:
    """A list as its address describes it; `url` gives the address of a changed one."""

    declaration: type[Object]
    context: Context
    condition: Group
    sort: Sort
    columns: tuple[str, ...]
    chosen_columns: bool = False
    q: str = ""
    after: str = ""
    before: str = ""
    problems: list[str] = field(default_factory=list)

    @property
    def principal(self) -> Principal:
        """For whom the list is."""
        return self.context.principal

    @property
    def default_sort(self) -> str:
        """The order without a word about it in the address."""
        return self.declaration.sort or self.declaration.title

    @property
    def filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.condition.parts or self.q)

    def rows(self) -> QuerySet[Any]:
        """The records of the list, unordered."""
        return self.source().query()

    def source(self) -> Source:
        """The same, for whoever reads them by a text that is kept."""
        asked = self._asked()
        reach = access.reach(self.principal, self.declaration)

        def query() -> QuerySet[Any]:
            where = reduce(and_, (one.where for one in asked), Q())
            found = access.reached_rows(self.declaration, reach).filter(where)
            return found.filter(matches(self.declaration, self.q)) if self.q else found

        rules = tuple(one.key for one in asked)
        return Source(query, (registry.edition(), self.declaration.name, reach, rules, self.q))

    def _asked(self) -> list[Asked]:
        """The rules; one that can't be asked is set aside and said so."""
        asked = []
        for rule in self.condition.parts:
            try:
                asked.append(ask(rule, self.declaration, self.context))
            except ConditionError as problem:
                self.problems.append(str(problem))
        return asked

    def query(self, **changes: Any) -> str:
        """The query string of this list with something changed; a change to None leaves it out."""
        parts: dict[str, Any] = {
            "q": self.q,
            "sort": self.sort.text if self.sort.text != self.default_sort else "",
            "columns": ",".join(self.columns) if self.chosen_columns else "",
        }
        parts.update({name: value for name, value in changes.items() if name != "condition"})
        condition = changes.get("condition", self.condition)
        pairs = [*to_query(condition), *((name, value) for name, value in parts.items() if value)]
        return urlencode(pairs)

    def url(self, **changes: Any) -> str:
        """The address of this list with something changed."""
        query = self.query(**changes)
        return f"{self.declaration.url()}?{query}" if query else self.declaration.url()

    def without(self, rule: Rule) -> Group:
        """The condition less one rule."""
        return Group(tuple(part for part in self.condition.parts if part is not rule))

    def toggled(self, rule: Rule) -> Group:
        """The condition with this rule, or without it if it is there."""
        if rule in self.condition.parts:
            return Group(tuple(part for part in self.condition.parts if part != rule))
        return Group((*self.condition.parts, rule))


def read_state(query: QueryDict, declaration: type[Object], context: Context) -> ListState:
    """A list from its address. What can't be followed is left out and named in `problems`."""
    readable = access.fields(context.principal, declaration.name).readable
    problems: list[str] = []
    try:
        sort = parse_sort(query.get("sort", ""), declaration, readable)
    except SortRefused as problem:
        problems.append(str(problem))
        sort = parse_sort("", declaration, readable)
    asked = [name for name in query.get("columns", "").split(",") if name]
    columns = [name for name in asked or declaration.columns if name in readable][:MOST_COLUMNS]
    if declaration.title not in columns:
        columns.insert(0, declaration.title)
    return ListState(
        declaration,
        context,
        from_query(query),
        sort,
        tuple(dict.fromkeys(columns)),
        chosen_columns=bool(asked),
        q=query.get("q", "").strip()[:200],
        after=query.get("after", ""),
        before=query.get("before", ""),
        problems=problems,
    )
