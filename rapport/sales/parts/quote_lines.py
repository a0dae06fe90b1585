"""The lines of quotes and orders, edited on their pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from rapport.accounts.principals import Principal
from rapport.kit.ids import uuid7
from rapport.records.kinds import Context, Invalid, Kind
from rapport.records.kinds.choice import Boolean, Choice
from rapport.records.kinds.filed_rows import Row
from rapport.records.kinds.number import Decimals, Percent
from rapport.records.kinds.picker import name_in
from rapport.records.kinds.relation import Relation
from rapport.records.kinds.repeat import repeated
from rapport.records.kinds.rows import Rows
from rapport.records.kinds.text import Text
from rapport.records.store import ChangeInProgress
from rapport.sales.parts.line_columns import filed_parts, line_of
from rapport.sales.parts.line_prices import named, priced
from rapport.ui.html import Markup, escaped

SORTS = {"line": gettext_lazy("Line"), "section": gettext_lazy("Heading")}
AMOUNTS = ("quantity", "price", "discount", "tax")
UNCHOSEN = {"is_optional": False, "alternative": "", "is_chosen": False}
ROW = Markup(
    '<div class="repeat-row"><input type="hidden" name="{}.{}.id" value="{}">{}</div>',
)
CELL = Markup('<span class="ql ql-{}"><span class="ql-l" aria-hidden="true">{}</span>{}</span>')
SUMS = Markup(
    '<div class="quote-sums" role="status" data-aside hx-post="{}" hx-trigger="load,'
    " input from:'closest form' delay:400ms, change from:'closest form' delay:100ms\""
    ' hx-include="closest form" hx-target="this" hx-swap="innerHTML" hx-sync="this:replace"></div>'
)


def _columns() -> dict[str, Kind]:
    return {
        "name": Text(gettext_lazy("Text")),
        "product": Relation(gettext_lazy("Product"), "catalog.Product", to="product"),
        "quantity": Decimals(gettext_lazy("Quantity"), low=0),
        "unit": Text(gettext_lazy("Unit")),
        "price": Decimals(gettext_lazy("Price")),
        "discount": Percent(gettext_lazy("Discount %"), low=0, high=100),
        "tax": Percent(gettext_lazy("Tax %"), low=0, high=100),
        "sort": Choice(gettext_lazy("Kind of line"), SORTS),
    }


class DocumentLines(Rows):
    """Lines and headings; a product's line gets name, unit, price and tax where none is said."""

    type = "document_lines"
    operators = ("empty", "filled")
    is_set = False

    def __init__(
        self, label: Any, model: str, *, key: str, sums_at: str,
        more: Mapping[str, Kind] | None = None, **options: Any,
    ) -> None:  # fmt: skip
        columns = _columns() | dict(more or {}) | {"note": Text(gettext_lazy("Details"))}
        super().__init__(
            label, model, key=key, columns=columns, order=("position", "id"), **options
        )
        self.sums_at = sums_at
        self.file_parts = filed_parts()

    # Typing ----------------------------------------------------------------------------------

    def read(self, text: str, context: Context) -> list[Row]:
        """The rows of a file's cell. Raises Invalid."""
        return [_settled(row) for row in super().read(text, context)]

    def _parse_row(self, row: Row, context: Context) -> Row:
        return _settled(super()._parse_row(row, context))

    def _is_bare(self, row: Row) -> bool:
        given = row.get("product")
        has_product = any(given.values()) if isinstance(given, dict) else given
        words = (row.get(name) for name in ("name", "price", "quantity"))
        return not has_product and all(one is None or one == "" for one in words)

    def check(self, rows: Sequence[Row]) -> None:
        """Whether the rows can stand together. Raises Invalid."""
        for number, row in enumerate(rows, 1):
            if not row["name"] and not row["product"]:
                raise Invalid(_("Line %(n)d needs a product or a text.") % {"n": number})

    def identity(self, row: Row) -> Any:
        """What makes a row of a file the one that is there already."""
        return (row["product"] or row["name"], row["quantity"], row["price"])

    def file_row(self, values: Mapping[str, Any], context: Context) -> Row:
        """The line that columns of a file come to. Raises Invalid."""
        return _settled(super().file_row(line_of(values), context))

    def joined(self, present: Sequence[Row], added: Sequence[Row]) -> list[Row]:
        """All lines of a document that has some and gets others by a file; of lines that are alike
        it has as many as the file."""
        known = Counter(self.identity(row) for row in present)
        new = []
        for row in added:
            identity = self.identity(row)
            if known[identity]:
                known[identity] -= 1
            else:
                new.append(row)
        return [*present, *new]

    def without(self, row: Row, column: str, text: str) -> Row | None:
        """A line keeps its text where no product of the catalog has it."""
        return row | {column: None, "name": row["name"] or text} if column == "product" else None

    def row_of(self, subject: Any, context: Context) -> Row:
        """A row that says no more than its text."""
        return _settled(self._read_row([str(subject)], context))

    # Showing ---------------------------------------------------------------------------------

    def show(self, value: Any, context: Context) -> SafeString:
        count = sum(row["sort"] == "line" for row in value or [])
        return escaped(ngettext("%(n)d line", "%(n)d lines", count) % {"n": count})

    # Drawing ---------------------------------------------------------------------------------

    def _inputs(
        self, rows: Sequence[Row], context: Context, attributes: SafeString, *, typed: bool
    ) -> SafeString:
        name = name_in(attributes)
        drawn = format_html_join(
            "", "{}",
            ((self._drawn(row, context, name, place, typed),) for place, row in enumerate(rows)),
        )  # fmt: skip
        return format_html(
            '<div class="quote-lines">{}{}</div>', repeated(drawn), SUMS(self.sums_at)
        )

    def _drawn(self, row: Row, context: Context, name: str, place: int, typed: bool) -> SafeString:
        cells = (
            (CELL(column, part.label, self._input(
                part, row.get(column), context, f"{name}.{place}.{column}", typed)),)
            for column, part in self.parts.items()
        )  # fmt: skip
        return ROW(name, place, row.get("id") or "", format_html_join("", "{}", cells))

    # Writing ---------------------------------------------------------------------------------

    def save_rows(self, change: ChangeInProgress, record_id: UUID, value: list[Row] | None) -> None:
        """Make the lines those given, in a fixed number of statements. Raises Rejected."""
        wanted = value or []
        self._check_seen(change.principal, wanted)
        lines = self.model._default_manager
        present = {row.pk: row for row in lines.filter(**{self.key: record_id})}
        written, kept, about = [], set(), {self.key: record_id}
        for place, row in enumerate(self._priced(change.principal, record_id, wanted)):
            columns = self._columns(row, place)
            known = present.get(row.get("id")) if row.get("id") not in kept else None
            if known is None:
                written.append(self.model(**columns, id=uuid7(), **about))
                continue
            kept.add(known.pk)
            if any(getattr(known, name) != new for name, new in columns.items()):
                written.append(self.model(**columns, id=known.pk, **about))
        gone = present.keys() - kept
        if gone:
            lines.filter(pk__in=gone).delete()
        paths = [*(part.path for part in self.parts.values()), "position"]
        lines.bulk_create(written, update_conflicts=True, unique_fields=["id"], update_fields=paths)

    def add_rows(self, principal: Principal, rows: Sequence[tuple[UUID, Row]]) -> None:
        """Write lines of documents that had none, each called as its product is."""
        super().add_rows(principal, named(principal, rows))

    def new_rows(self, principal: Principal, record_id: UUID, value: list[Row] | None) -> list[Any]:
        """The lines of a document that has none yet. Raises Rejected."""
        self._check_seen(principal, value or [])
        rows = self._priced(principal, record_id, value or [])
        return [
            self.model(**self._columns(row, place), **{self.key: record_id})
            for place, row in enumerate(rows)
        ]

    def _priced(self, principal: Principal, record_id: UUID, rows: list[Row]) -> list[Row]:
        document = self.model._meta.get_field(self.key.removesuffix("_id")).related_model
        return priced(principal, document, record_id, rows)


class QuoteLines(DocumentLines):
    """Lines of a quote, of which the customer may choose some."""

    type = "quote_lines"

    def __init__(self, label: Any, **options: Any) -> None:
        choices: dict[str, Kind] = {
            "is_optional": Boolean(gettext_lazy("Optional")),
            "alternative": Text(gettext_lazy("One of")),
            "is_chosen": Boolean(pgettext_lazy("option", "Chosen")),
        }
        super().__init__(
            label, "sales.QuoteLine", key="quote_id", sums_at="/quotes/sums/", more=choices,
            **options,
        )  # fmt: skip

    def parse(self, raw: Any, context: Context) -> Any:
        return _with_choices(super().parse(raw, context))

    def read(self, text: str, context: Context) -> list[Row]:
        """The rows of a file's cell. Raises Invalid."""
        return _with_choices(super().read(text, context))

    def check(self, rows: Sequence[Row]) -> None:
        """Whether the rows can stand together. Raises Invalid."""
        super().check(rows)
        chosen = [row["alternative"] for row in rows if row["alternative"] and row["is_chosen"]]
        for name in chosen:
            if chosen.count(name) > 1:
                sentence = _("Of the alternatives “%(name)s” only one can be chosen.")
                raise Invalid(sentence % {"name": name})


def _settled(row: Row) -> Row:
    """A row as it is stored: headings have no amounts, and lines have a quantity."""
    if row["sort"] == "section":
        none = {"quantity": Decimal(0), "product": None, "unit": "", **UNCHOSEN}
        return row | dict.fromkeys(AMOUNTS) | {name: none[name] for name in none.keys() & row}
    quantity = Decimal(1) if row["quantity"] is None else row["quantity"]
    settled = row | {"sort": "line", "quantity": quantity}
    if "is_chosen" in row:
        may_choose = row["is_optional"] or row["alternative"]
        settled["is_chosen"] = bool(may_choose and row["is_chosen"])
    return settled


def _with_choices(rows: list[Row]) -> list[Row]:
    """The rows with one chosen of each group of alternatives: the first unless another one is."""
    chosen = {row["alternative"] for row in rows if row["is_chosen"]}
    for row in rows:
        if row["alternative"] and row["alternative"] not in chosen and not row["is_optional"]:
            row["is_chosen"] = True
            chosen.add(row["alternative"])
    return rows
