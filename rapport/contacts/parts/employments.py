"""Where a person works and worked, as a field of the person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from rapport.records.kinds import Context, Invalid
from rapport.records.kinds.choice import Boolean, select
from rapport.records.kinds.relation import Relation
from rapport.records.kinds.rows import Row, Rows
from rapport.records.kinds.text import Text
from rapport.records.kinds.time import Date


class Current(Boolean):
    """Whether somebody works there now or did before."""

    def plain(self, value: Any, context: Context) -> str:
        return _("now") if value else pgettext("work", "before")

    def edit(self, value: Any, context: Context, attributes: SafeString) -> SafeString:
        return select(
            attributes,
            [("true", _("now"), bool(value)), ("false", pgettext("work", "before"), not value)],
        )

    def input(self, text: str, context: Context, attributes: SafeString) -> SafeString:
        return self.edit(text == "true", context, attributes)


class Employments(Rows):
    """Companies a person works or worked at,
    with role and dates; one of them is the current one."""

    type = "employments"
    is_set = False

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(
            label,
            "contacts.Employment",
            key="person_id",
            columns={
                "company": Relation(gettext_lazy("Company"), "contacts.Company", to="company"),
                "role": Text(gettext_lazy("Role")),
                "start": Date(gettext_lazy("From")),
                "end": Date(gettext_lazy("Until")),
                "is_current": Current(gettext_lazy("Now")),
            },
            order=("-is_current", "-end", "-start", "-id"),
            **options,
        )

    def check(self, rows: Sequence[Row]) -> None:
        """Whether the rows can stand together. Raises Invalid."""
        for row in rows:
            if row["start"] and row["end"] and row["end"] < row["start"]:
                raise Invalid(_("Work can't end before it begins."))
        if sum(row["is_current"] for row in rows) > 1:
            raise Invalid(_("Only one company can be the current one."))

    def identity(self, row: Row) -> Any:
        """Somebody may come back to a company, but not on the same day."""
        return (row["company"], row["start"])

    def joined(self, present: Sequence[Row], added: Sequence[Row]) -> list[Row]:
        """All rows; a current one that a file adds makes what was current before past work."""
        rows = super().joined(present, added)
        now = {self.identity(row) for row in added if row["is_current"]}
        if now:
            rows = [row | {"is_current": self.identity(row) in now} for row in rows]
        return rows

    def write_order(self, columns: Mapping[str, Any]) -> Any:
        return columns["is_current"]
