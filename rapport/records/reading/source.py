"""Records not read yet: of which object, for whom, and by which conditions."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from rapport.kit.keep import Keep
from rapport.records import access
from rapport.records.compiled import Compiled, compiled, union
from rapport.records.declare import Object
from rapport.records.reached import Reach

type Shape = Callable[[QuerySet[Any]], QuerySet[Any]]

_kept: Keep[Compiled] = Keep()


@dataclass(frozen=True, slots=True)
class Source:
    """Rows as a query that is only made when no text of it is kept.

    The key names all that shaped the query; without one nothing is kept.
    """

    query: Callable[[], QuerySet[Any]]
    key: Hashable = None
    #: The same rows as several queries, one row perhaps in more than one of them.
    parts: Callable[[], Sequence[QuerySet[Any]]] | None = None
    #: What is reached, where these are all the rows of it.
    whole: Reach | None = None
    #: The same rows, each asked by itself whether it meets a rule, where rules have a say.
    each: Callable[[], QuerySet[Any]] | None = None

    def compiled(self, way: Hashable, shape: Shape, *, each: bool = False) -> Compiled:
        """The query in another shape; `way` names all that the shape depends on. With `each` as
        rows that come in an order are asked."""
        query = self.each if each and self.each else self.query

        def make() -> Compiled:
            return compiled(shape(query()))

        return make() if self.key is None else _kept.get((self.key, way, each), make)

    @property
    def is_divided(self) -> bool:
        """Whether it takes several queries to have each row found by an index."""
        return self.parts is not None

    def keys(self, most: int | None = None) -> Compiled:
        """The keys of the rows, each once, or of `most` of them and some more."""
        return self.gathered(("keys", most), lambda rows: rows.order_by().values_list("pk")[:most])

    def gathered(self, way: Hashable, shape: Shape) -> Compiled:
        """The rows in a shape that holds their keys, each once, found part by part."""

        def make() -> Compiled:
            queries = self.parts() if self.parts else [self.query()]
            return union([compiled(shape(one)) for one in queries], is_distinct=True)

        return make() if self.key is None else _kept.get((self.key, way), make)


type Rows = QuerySet[Any] | Source


def source_of(rows: Rows) -> Source:
    """The source of rows that were given as a query."""
    return rows if isinstance(rows, Source) else Source(lambda: rows)


def source_within(
    declaration: type[Object],
    reach: Reach,
    narrowed: Shape,
    key: Hashable,
    *,
    is_whole: bool = False,
) -> Source:
    """The rows within a reach, narrowed by what is asked of them; `is_whole` if by nothing."""

    def query() -> QuerySet[Any]:
        return narrowed(access.reached_rows(declaration, reach))

    def parts() -> list[QuerySet[Any]]:
        return [narrowed(one) for one in access.reached_parts(declaration, reach)]

    def each() -> QuerySet[Any]:
        return narrowed(access.reached_rows(declaration, reach, each=True))

    whole = reach if is_whole else None
    parted = parts if reach.has_more else None
    return Source(query, key, parted, whole, each if reach.rules else None)
