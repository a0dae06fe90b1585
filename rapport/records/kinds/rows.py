"""Several rows of a table that belong to one record, such as the people of a deal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.apps import apps
from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import Exists, F, OuterRef, Q
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.records.compiled import AnyOf, Compiled, Given, JSONArray, compiled, from_json
from rapport.records.kinds.base import Context, Invalid, Kind
from rapport.records.kinds.filed_rows import FiledRows, Row
from rapport.records.kinds.picker import name_in
from rapport.records.kinds.relation import Relation
from rapport.records.kinds.repeat import repeated

if TYPE_CHECKING:
    from rapport.accounts.principals import Principal
    from rapport.records.store import ChangeInProgress


class Rows(FiledRows):
    """A list of rows, each a mapping of columns; the first column, a relation, tells rows apart."""

    type = "rows"
    operators: ClassVar[tuple[str, ...]] = ("is", "any", "named", "empty", "filled")
    stored = False
    most = 200
    spare_inputs = 1

    def __init__(
        self,
        label: Any,
        model: str,
        *,
        key: str,
        columns: Mapping[str, Kind],
        order: Sequence[str] = ("id",),
        **options: Any,
    ) -> None:
        super().__init__(label, **options)
        self.table = model
        self.key = key
        self.order = tuple(order)
        self.parts = dict(columns)
        for name, part in self.parts.items():
            part.bind(name, None)  # type: ignore[arg-type] # rows have no object of their own
        self.subject = next(iter(self.parts))

    @property
    def paths(self) -> tuple[str, ...]:
        return ()

    @property
    def points_at(self) -> str:
        """The object whose records tell rows apart; empty where something else does."""
        part = self.parts[self.subject]
        return part.to if isinstance(part, Relation) else ""

    @property
    def model(self) -> Any:
        """The table the rows are in."""
        return apps.get_model(self.table)

    # Reading ---------------------------------------------------------------------------------

    def query(self, principal: Principal) -> Compiled:
        """Rows (record, all of its rows in order); who sees a record sees its rows."""
        paths = tuple(part.path for part in self.parts.values())
        return _rows(self.model, self.key, ("pk", *paths), self.order)

    def gather(self, record_id: UUID, rows: Sequence[Any]) -> list[Row]:
        names = ("id", *self.parts)
        columns = [self.model._meta.pk, *self._columns_of_parts()]
        return [
            {
                name: from_json(column, value)
                for name, column, value in zip(names, columns, row, strict=True)
            }
            for gathered in rows
            for row in gathered
        ]

    def _columns_of_parts(self) -> list[Any]:
        return [self.model._meta.get_field(part.path) for part in self.parts.values()]

    def references(self, value: Any) -> Sequence[tuple[str, UUID]]:
        return [
            reference
            for row in value or []
            for name, part in self.parts.items()
            for reference in part.references(row[name])
        ]

    # Typing ----------------------------------------------------------------------------------

    def parse(self, raw: Any, context: Context) -> Any:
        given = raw or []
        if not isinstance(given, list | tuple) or not all(isinstance(row, dict) for row in given):
            raise Invalid(_("%(field)s takes a list of rows.") % {"field": self.label})
        rows = [self._parse_row(row, context) for row in given if not self._is_bare(row)]
        subjects = [row[self.subject] for row in rows]
        if len(rows) > self.most:
            raise Invalid(
                _("%(field)s can hold %(most)d, these are %(count)d.")
                % {"field": self.label, "most": self.most, "count": len(rows)}
            )
        if self.is_set and len(set(subjects)) < len(subjects):
            raise Invalid(_("%(field)s names a record twice.") % {"field": self.label})
        self.check(rows)
        return rows

    #: Whether one record may stand in one row only.
    is_set = True

    def _is_bare(self, row: Row) -> bool:
        given = row.get(self.subject)
        return not (any(given.values()) if isinstance(given, dict) else given)

    def _parse_row(self, row: Row, context: Context) -> Row:
        parsed = {name: part.parse(row.get(name), context) for name, part in self.parts.items()}
        try:
            return {"id": UUID(str(row["id"])) if row.get("id") else None, **parsed}
        except ValueError:
            raise Invalid(_("%(field)s takes a list of rows.") % {"field": self.label}) from None

    def posted(self, data: QueryDict, name: str) -> list[Row]:
        rows: list[Row] = []
        while f"{name}.{len(rows)}.id" in data:
            place = f"{name}.{len(rows)}"
            row: Row = {
                column: part.posted(data, f"{place}.{column}")
                for column, part in self.parts.items()
            }
            rows.append(row | {"id": data[f"{place}.id"]})
        return rows

    def edit(self, value: Any, context: Context, attributes: SafeString) -> SafeString:
        rows = [*(value or []), *[{"id": None}] * self.spare_inputs]
        return self._inputs(rows, context, attributes, typed=False)

    def retype(self, raw: Any, context: Context, attributes: SafeString) -> SafeString:
        return self._inputs(raw, context, attributes, typed=True)

    def _inputs(
        self, rows: Sequence[Row], context: Context, attributes: SafeString, *, typed: bool
    ) -> SafeString:
        name = name_in(attributes)
        made = []
        for place, row in enumerate(rows):
            inputs = [
                self._input(part, row.get(column), context, f"{name}.{place}.{column}", typed)
                for column, part in self.parts.items()
            ]
            joined = format_html_join("", "{}", ((one,) for one in inputs))
            made.append((name, place, row.get("id") or "", joined))
        return repeated(
            format_html_join(
                "",
                '<div class="repeat-row"><input type="hidden" name="{}.{}.id" value="{}">{}</div>',
                made,
            ),
        )

    def _input(
        self, part: Kind, value: Any, context: Context, name: str, typed: bool
    ) -> SafeString:
        attributes = format_html('name="{}" aria-label="{}"', name, part.label)
        if typed and value is not None:
            return part.retype(value, context, attributes)
        return part.edit(value, context, attributes)

    def seen(self, value: Any, context: Context) -> str:
        return "\n".join(
            "\t".join(part.seen(row[name], context) for name, part in self.parts.items())
            for row in value or []
        )

    # Writing ---------------------------------------------------------------------------------

    def save_rows(self, change: ChangeInProgress, record_id: UUID, value: list[Row] | None) -> None:
        """Make the record's rows those given. Raises Rejected for records that are not seen."""
        wanted = value or []
        self._check_seen(change.principal, wanted)
        manager = self.model._default_manager
        present = {row.pk: row for row in manager.filter(**{self.key: record_id})}
        by_subject = {
            getattr(row, self.parts[self.subject].path): pk for pk, row in present.items()
        }
        kept: dict[UUID, dict[str, Any]] = {}
        added: list[dict[str, Any]] = []
        for place, row in enumerate(wanted):
            columns = self._columns(row, place)
            row_id = row.get("id") if row.get("id") in present else None
            row_id = row_id or (by_subject.get(row[self.subject]) if self.is_set else None)
            if row_id and row_id not in kept:
                kept[row_id] = columns
            else:
                added.append(columns)
        gone = [pk for pk in present if pk not in kept]
        if gone:
            manager.filter(pk__in=gone).delete()
        for pk, columns in sorted(kept.items(), key=lambda one: self.write_order(one[1])):
            if any(getattr(present[pk], name) != new for name, new in columns.items()):
                manager.filter(pk=pk).update(**columns)
        for columns in sorted(added, key=self.write_order):
            manager.create(**columns, **{self.key: record_id})

    def new_rows(self, principal: Principal, record_id: UUID, value: list[Row] | None) -> list[Any]:
        """Rows of a record that has none yet. Raises Rejected for records that are not seen."""
        self._check_seen(principal, value or [])
        columns = [self._columns(row, place) for place, row in enumerate(value or [])]
        made = sorted(columns, key=self.write_order)
        return [self.model(**one, **{self.key: record_id}) for one in made]

    def add_rows(self, principal: Principal, rows: Sequence[tuple[UUID, Row]]) -> None:
        """Write rows of records that had none, in one statement."""
        places: dict[UUID, int] = {}
        made = []
        for record_id, row in rows:
            places[record_id] = place = places.get(record_id, -1) + 1
            made.append(self.model(**self._columns(row, place), **{self.key: record_id}))
        self.model._default_manager.bulk_create(made, batch_size=5_000)

    def write_order(self, columns: Mapping[str, Any]) -> Any:
        """What to write first, where one row has to make room for another."""
        return 0

    def _columns(self, row: Row, place: int) -> dict[str, Any]:
        columns: dict[str, Any] = {}
        for name, part in self.parts.items():
            # What a row doesn't say stays as it is, and is blank in a new one.
            columns |= part.columns(row[name]) if name in row else {}
        if "position" in {field.name for field in self.model._meta.concrete_fields}:
            columns["position"] = place
        return columns

    def _check_seen(self, principal: Principal, rows: Sequence[Row]) -> None:
        from rapport.records import access
        from rapport.records.store import Rejected

        for name, part in self.parts.items():
            if not isinstance(part, Relation) or part.to == "user":
                continue
            named = {row[name] for row in rows if row[name]}
            if named and access.reachable(principal, part.to, named, "view") != named:
                sentence = _("%(field)s names a record that is not there.") % {"field": self.label}
                raise Rejected({self.name: sentence})

    # Showing and asking ----------------------------------------------------------------------

    def plain(self, value: Any, context: Context) -> str:
        return "; ".join(self._sentence(row, context) for row in value or [])

    def _sentence(self, row: Row, context: Context) -> str:
        words = [part.plain(row[name], context) for name, part in self.parts.items()]
        return ", ".join(word for word in words if word)

    def show(self, value: Any, context: Context) -> SafeString:
        return format_html_join(
            " ",
            '<span class="of-rows">{}</span>',
            ((format_html_join(" · ", "{}", self._shown(row, context)),) for row in value or []),
        )

    def _shown(self, row: Row, context: Context) -> list[tuple[SafeString]]:
        """What a row has to say: nothing where a part is empty, a tick's name where it is set."""
        told = [(part, row[name]) for name, part in self.parts.items()]
        return [
            (format_html("{}", part.label) if value is True else part.show(value, context),)
            for part, value in told
            if value is not False and not part.blank(value)
        ]

    def argument(self, op: str, raw: Any, context: Context) -> Any:
        return self.parts[self.subject].argument(op, raw, context)

    def told(self, argument: Any, context: Context) -> str:
        return self.parts[self.subject].told(argument, context)

    def condition(self, op: str, argument: Any) -> Q:
        rows = self.model._default_manager.filter(**{self.key: OuterRef("pk")})
        path = self.parts[self.subject].path
        if op == "is":
            rows = rows.filter(**{path: argument})
        elif op == "any":
            rows = rows.filter(**{f"{path}__in": argument})
        return Q(~Exists(rows) if op == "empty" else Exists(rows))

    def sort_key(self) -> Any:
        return None

    # Sending ---------------------------------------------------------------------------------

    def json(self, value: Any) -> Any:
        return [
            {"id": str(row["id"]) if row.get("id") else None}
            | {name: part.json(row[name]) for name, part in self.parts.items()}
            for row in value or []
        ]

    def describe(self) -> dict[str, Any]:
        columns = {name: part.describe() for name, part in self.parts.items()}
        identity = {"id": {"type": ["string", "null"], "format": "uuid"}}
        return {"type": "array", "items": {"type": "object", "properties": identity | columns}}


@cache
def _rows(model: Any, key: str, paths: tuple[str, ...], order: tuple[str, ...]) -> Compiled:
    rows = model._default_manager.filter(AnyOf(F(key), Given("ids"))).order_by()
    gathered = JSONBAgg(JSONArray(*paths), order_by=order)
    return compiled(rows.values(key).annotate(gathered=gathered).values_list(key, "gathered"))
