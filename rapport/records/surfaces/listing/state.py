"""What an address asks of a list: which rows, in which order, with which columns, by which view."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import and_
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.conditions import (
    Asked,
    Condition,
    ConditionError,
    Group,
    ask,
    spelled_out,
    split_search,
)
from rapport.records.conditions.asking import TREE
from rapport.records.declare import Object
from rapport.records.kinds.base import Context, Kind
from rapport.records.reading import Sort, SortRefused, Source, parse_sort, source_within
from rapport.records.reading.grouping import Grouping, GroupRefused, can_total, parse_group
from rapport.records.searching import matches
from rapport.records.surfaces.listing.readable import readable, written
from rapport.records.views.asking import plain_pairs
from rapport.records.views.definition import (
    Definition,
    is_same,
    read_address,
    to_address,
)
from rapport.records.views.reading import (
    PAGES,
    View,
    Views,
    as_seen,
    first_view,
    may_edit,
    views_of,
)

MOST_COLUMNS = 30
ALL = "all"
#: What an address may hold without asking for anything but the list as it opens.
PLACES = {"after", "before"}


@dataclass(slots=True)
class ListState:
    """A list as its address describes it; `url` gives the address of a changed one."""

    declaration: type[Object]
    context: Context
    definition: Definition
    sort: Sort
    columns: tuple[str, ...]
    view: View | None = None
    views: Views = ()
    group: Grouping | None = None
    totals: tuple[Kind, ...] = ()
    after: str = ""
    before: str = ""
    problems: list[str] = field(default_factory=list)
    #: The last condition that was written as text, and the text.
    written: tuple[Group, str] | None = None

    @property
    def principal(self) -> Principal:
        """For whom the list is."""
        return self.context.principal

    @property
    def condition(self) -> Group:
        """The rules that rows keep to."""
        return self.definition.condition

    @property
    def q(self) -> str:
        """The words that rows are found by."""
        return self.definition.q

    @property
    def default_sort(self) -> str:
        """The order without a word about it in the address."""
        return self.declaration.sort or self.declaration.title

    @property
    def base(self) -> Definition:
        """What the address builds on: the view, or the list as it was declared."""
        return self.view.definition if self.view else Definition()

    @property
    def filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.condition.parts or self.q)

    @property
    def is_changed(self) -> bool:
        """Whether the list shows anything else than its view, or than it does by itself."""
        return not is_same(self.definition, replace(self.base, layout=self._layout_of_base()))

    @property
    def may_save(self) -> bool:
        """Whether the reader may keep changes in the view, all of which he sees."""
        is_whole = self.view in self.views
        return self.view is not None and is_whole and may_edit(self.principal, self.view)

    def _layout_of_base(self) -> str:
        # Without a view every page of an object shows the same list, only otherwise.
        return self.view.definition.layout if self.view else self.definition.layout

    def rows(self) -> QuerySet[Any]:
        """The records of the list, unordered."""
        return self.source().query()

    def source(self) -> Source:
        """The same, for whoever reads them by a text that is kept."""
        asked = self._asked()
        reach = access.reach(self.principal, self.declaration)

        def narrowed(found: QuerySet[Any]) -> QuerySet[Any]:
            found = found.filter(reduce(and_, (one.where for one in asked), Q()))
            return found.filter(matches(self.declaration, self.q)) if self.q else found

        rules = tuple(one.key for one in asked)
        key = (registry.edition(), self.declaration.name, reach, rules, self.q)
        is_whole = not asked and not self.q
        return source_within(self.declaration, reach, narrowed, key, is_whole=is_whole)

    def _asked(self) -> list[Asked]:
        """The rules; one that can't be asked is set aside and said so."""
        asked = []
        for rule in self.rules:
            try:
                asked.append(ask(rule, self.declaration, self.context))
            except ConditionError as problem:
                self.problems.append(str(problem))
        return asked

    @property
    def rules(self) -> tuple[Condition, ...]:
        """The parts of the condition, all of which hold."""
        return self.condition.parts if self.condition.mode == "all" else (self.condition,)

    def query(self, **changes: Any) -> str:
        """The query string of this list with something changed.

        What isn't part of a definition is a parameter of its own; None or blank leaves it out.
        """
        return urlencode(self.pairs(**changes))

    def pairs(self, **changes: Any) -> list[tuple[str, str]]:
        """The same as names and values."""
        parts = {name: changes.pop(name) for name in list(changes) if name in _PARTS}
        definition = self._settled(replace(self.definition, **parts))
        found = [
            (name, text)
            for name, text in to_address(definition, self.base)
            # A page of its own says what it is; only the table has to, in a view of another kind.
            if name != "as" or text == "table"
        ]
        found = readable(found, self._text_of(definition.condition, found))
        more = [(name, str(value)) for name, value in changes.items() if value]
        return [*self._view_pair(found), *found, *more]

    def _text_of(self, condition: Group, pairs: list[tuple[str, str]]) -> str:
        """The condition as people write it, if the address holds it as a tree; written once."""
        if all(name != TREE for name, _text in pairs):
            return ""
        if self.written is None or self.written[0] is not condition:
            self.written = condition, written(condition, self.declaration, self.context)
        return self.written[1]

    def _settled(self, definition: Definition) -> Definition:
        """The declared order is not worth a word where the view has none of its own."""
        is_usual = definition.sort == self.default_sort and not self.base.sort
        return replace(definition, sort="") if is_usual else definition

    def _view_pair(self, others: Iterable[Any]) -> list[tuple[str, str]]:
        if self.view:
            return [("view", str(self.view.id))]
        opens_with_view = first_view(self.views, self.principal) is not None
        return [("view", ALL)] if opens_with_view and not any(others) else []

    def url(self, **changes: Any) -> str:
        """The address of this list with something changed."""
        layout = changes.get("layout", self.definition.layout)
        query = self.query(**changes)
        page = f"{self.declaration.url()}{PAGES.get(layout, '')}"
        return f"{page}?{query}" if query else page

    def plain_query(self) -> str:
        """The records and columns without the view: for files and programs."""
        shown = replace(self.definition, columns=self.columns if self.definition.columns else ())
        return urlencode(plain_pairs(shown))

    def without(self, rule: Condition) -> Group:
        """The condition less one of its rules."""
        return Group(tuple(part for part in self.rules if part is not rule))

    def toggled(self, rule: Condition) -> Group:
        """The condition with this rule, or without it if it is there."""
        if rule in self.rules:
            return Group(tuple(part for part in self.rules if part != rule))
        return Group((*self.rules, rule))


_PARTS = frozenset(Definition.__dataclass_fields__)


def read_state(
    query: QueryDict,
    declaration: type[Object],
    context: Context,
    *,
    views: Views | None = None,
    layout: str = "table",
) -> ListState:
    """A list from its address. What can't be followed is left out and named in `problems`.

    `views` are those of the object for this reader, if they are known; an address that asks for
    nothing then shows the one the list opens with.
    """
    readable = access.fields(context.principal, declaration.name).readable
    problems: list[str] = []
    known = views if views is not None else _views_for(query, declaration, context)
    view = _view(query, known, context.principal, problems, may_open=views is not None)
    if view is not None:
        view, is_partial = as_seen(view, declaration, context)
        if is_partial:
            problems.append(_("A rule of this view is not yours to ask, so it is left out."))
    definition = _definition(query, view, problems, declaration, context)
    definition = replace(definition, layout=layout)
    asked = definition.columns
    columns = [name for name in asked or declaration.columns if name in readable][:MOST_COLUMNS]
    if declaration.title not in columns:
        columns.insert(0, declaration.title)
    fields = declaration.fields
    return ListState(
        declaration,
        context,
        definition,
        _sort(definition, declaration, readable, problems),
        tuple(dict.fromkeys(columns)),
        view,
        known,
        _group(definition, declaration, readable, problems),
        tuple(
            fields[name]
            for name in definition.totals
            if name in readable and can_total(fields[name])
        ),
        after=query.get("after", ""),
        before=query.get("before", ""),
        problems=problems,
    )


def _views_for(query: QueryDict, declaration: type[Object], context: Context) -> Views:
    return views_of(context.principal, declaration.name) if "view" in query else ()


def _view(
    query: QueryDict, views: Views, principal: Principal, problems: list[str], *, may_open: bool
) -> View | None:
    key = query.get("view", "")
    if not key:
        asks = any(name not in PLACES and not name.startswith("_") for name in query)
        return first_view(views, principal) if may_open and not asks else None
    if key == ALL:
        return None
    try:
        wanted = UUID(key)
    except ValueError:
        wanted = None
    found = next((one for one in views if one.id == wanted), None)
    if found is None:
        problems.append(_("This view is gone, or not yours to see."))
    return found


def _definition(
    query: QueryDict,
    view: View | None,
    problems: list[str],
    declaration: type[Object],
    context: Context,
) -> Definition:
    base = view.definition if view else Definition()
    try:
        found = read_address(spelled_out(query, declaration, context), base)
    except ConditionError as problem:
        problems.append(str(problem))
        rest = query.copy()
        for name in ("filter", "where"):
            rest.pop(name, None)
        found = read_address(rest, base)
    return _with_typed(found, declaration, context, problems)


def _with_typed(
    definition: Definition, declaration: type[Object], context: Context, problems: list[str]
) -> Definition:
    """Conditions that were typed among the words to seek become rules."""
    try:
        words, typed = split_search(definition.q, declaration, context)
    except ConditionError as problem:
        problems.append(str(problem))
        return definition
    present = definition.condition
    rules = present.parts if present.mode == "all" else (present,)
    added = tuple(part for part in typed.parts if part not in rules)
    if not added:
        return replace(definition, q=words)
    return replace(definition, q=words, condition=Group((*rules, *added)))


def _sort(
    definition: Definition, declaration: type[Object], readable: frozenset[str], said: list[str]
) -> Sort:
    try:
        return parse_sort(definition.sort, declaration, readable)
    except SortRefused as problem:
        said.append(str(problem))
        return parse_sort("", declaration, readable)


def _group(
    definition: Definition, declaration: type[Object], readable: frozenset[str], said: list[str]
) -> Grouping | None:
    if not definition.group:
        return None
    try:
        return parse_group(definition.group, declaration, readable)
    except GroupRefused as problem:
        said.append(str(problem))
        return None
