"""Several e-mail addresses or phone numbers of one record, each a row of its own."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
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
from django.utils.translation import gettext_lazy

from rapport.records.compiled import AnyOf, Compiled, Given, JSONArray, compiled
from rapport.records.kinds import Context, Invalid, Kind
from rapport.records.kinds.base import Words
from rapport.records.kinds.choice import select
from rapport.records.kinds.repeat import repeated
from rapport.records.sql import AmongRows, Like, escape_like
from rapport.ui.html import Markup, joined

if TYPE_CHECKING:
    from django.db import models

    from rapport.accounts.principals import Principal
    from rapport.records.store import ChangeInProgress

type Way = dict[str, Any]

WAY = Markup('<a href="{}:{}"{}><bdi dir="ltr">{}</bdi></a>')
_STATUS = {"bounced": gettext_lazy("bounced"), "invalid": gettext_lazy("not valid")}


class Ways(Kind, ABC):
    """A list of {value, label, primary, status, normalised}; the first is the primary one."""

    operators = ("is", "contains", "any", "empty", "filled")
    stored = False
    staged = True
    labelled = True
    most = 50
    table: ClassVar[str]
    labels: ClassVar[Mapping[str, Words]]
    scheme: ClassVar[str]
    input_type: ClassVar[str]
    #: What the compared form looks like, for the database.
    form: ClassVar[str]

    @property
    def paths(self) -> tuple[str, ...]:
        return ()

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model("contacts", self.table)

    # Reading ---------------------------------------------------------------------------------

    #: What a value holds, and the column of a row that it is read from.
    shown: ClassVar[Mapping[str, str]] = {
        "value": "value", "label": "label", "primary": "is_primary", "status": "status",
        "normalised": "normalised",
    }  # fmt: skip

    def query(self, principal: Principal) -> Compiled:
        """Rows (record, ways in order); who sees a record sees how to reach it."""
        return _ways(self.model, tuple(self.shown.values()))

    def gather(self, record_id: UUID, rows: Sequence[Any]) -> list[Way]:
        names = tuple(self.shown)
        return [dict(zip(names, one, strict=True)) for ways in rows for one in ways]

    def kept_in(self, row: Mapping[str, Any]) -> Way:
        """The way that a row by its columns holds."""
        return {name: row[column] for name, column in self.shown.items()}

    # Typing ----------------------------------------------------------------------------------

    def parse(self, raw: Any, context: Context) -> Any:
        return self.gathered([self.read(part, context) for part in _parts(raw)])

    def gathered(self, ways: list[Way]) -> list[Way]:
        """Each once, the primary one first. Raises Invalid."""
        if len(ways) > 1:
            found: dict[Any, Way] = {}
            for way in ways:
                found.setdefault(self.identity(way), way)
            ways = list(found.values())
        if self.required and not ways:
            raise Invalid(_("%(field)s can't be empty.") % {"field": self.label})
        if len(ways) > self.most:
            raise Invalid(
                _("%(field)s can hold %(most)d, these are %(count)d.")
                % {"field": self.label, "most": self.most, "count": len(ways)}
            )
        return _with_one_primary(ways)

    @abstractmethod
    def read(self, part: Way, context: Context) -> Way:
        """One way of reaching somebody, with its `normalised` form. Raises Invalid."""

    def identity(self, way: Way) -> Any:
        return way["normalised"]

    def posted(self, data: QueryDict, name: str) -> list[Way]:
        """What the inputs made by `edit` sent: a value and a label per row."""
        values, labels = data.getlist(name), data.getlist(f"{name}.label")
        labels += [""] * (len(values) - len(labels))
        return [
            {"value": value, "label": label}
            for value, label in zip(values, labels, strict=False)
            if value.strip()
        ]

    def label_of(self, given: Any) -> str:
        """The key of a known label, else the words as given."""
        text = str(given or "").strip()[:60]
        # Said first: translating every label for each row of a file costs more than all the rest.
        if not text or text in self.labels:
            return text
        for key, words in self.labels.items():
            if text.casefold() in (key, str(words).casefold()):
                return key
        return text

    def edit(self, value: Any, context: Context, attributes: SafeString) -> SafeString:
        found = re.search(r'\bname="([^"]+)"', attributes)
        name = found[1] if found else self.name
        # The first one too: an added row is its copy, and no label points at that.
        attributes = format_html('{} aria-label="{}"', attributes, self.label)
        others = format_html('name="{}" aria-label="{}"', name, self.label)
        ways = [*(value or []), {"value": "", "label": ""}]
        return repeated(
            format_html_join(
                "",
                '<div class="repeat-row">'
                '<input type="{}" class="in" dir="ltr" autocomplete="off" {} value="{}">{}</div>',
                (
                    (
                        self.input_type,
                        attributes if place == 0 else others,
                        self.typed_one(way),
                        self._label_input(way["label"], name),
                    )
                    for place, way in enumerate(ways)
                ),
            ),
        )

    def _label_input(self, label: str, name: str) -> SafeString:
        known = [("", "–", not label)]
        known += [(key, str(words), key == label) for key, words in self.labels.items()]
        if label and label not in self.labels:
            known.append((label, label, True))
        return select(
            format_html('name="{}.label" aria-label="{}"', name, _("What kind it is")), known
        )

    def typed_one(self, way: Way) -> str:
        return str(way["value"])

    def typed(self, value: Any, context: Context) -> str:
        return "; ".join(self.typed_one(way) for way in value or [])

    def seen(self, value: Any, context: Context) -> str:
        return "; ".join(f"{self.typed_one(way)} {way['label']}" for way in value or [])

    # Writing ---------------------------------------------------------------------------------

    def save_rows(self, change: ChangeInProgress, record_id: UUID, value: list[Way] | None) -> None:
        """Make the record's rows those given; rows that stay keep their key and status."""
        present = {
            self.identity(self.kept_in(vars(row))): row
            for row in self.model._default_manager.filter(party_id=record_id)
        }
        wanted = {self.identity(way): (place, way) for place, way in enumerate(value or [])}
        gone = [row.pk for key, row in present.items() if key not in wanted]
        if gone:
            self.model._default_manager.filter(pk__in=gone).delete()
        for key, (place, way) in wanted.items():
            columns = self.row_columns(way) | {"position": place}
            if key not in present:
                self.model._default_manager.create(party_id=record_id, **columns)
            elif any(getattr(present[key], name) != new for name, new in columns.items()):
                self.model._default_manager.filter(pk=present[key].pk).update(**columns)

    def new_rows(
        self, principal: Principal, record_id: UUID, value: list[Way] | None
    ) -> list[models.Model]:
        """Rows of a record that has none yet."""
        ways = {self.identity(way): way for way in value or []}
        return [
            self.model(party_id=record_id, **self.row_columns(way), position=place)
            for place, way in enumerate(ways.values())
        ]

    def row_columns(self, way: Way) -> dict[str, Any]:
        return {
            "value": way["value"], "normalised": way["normalised"], "label": way.get("label", ""),
            "is_primary": way.get("primary", False), "status": way.get("status") or "ok",
        }  # fmt: skip

    # Showing and asking ----------------------------------------------------------------------

    def plain(self, value: Any, context: Context) -> str:
        return ", ".join(self.text_of(way, context) for way in value or [])

    def text_of(self, way: Way, context: Context) -> str:
        return str(way["value"])

    def row_text(self, columns: Mapping[str, Any]) -> str:
        """What the history says of a row, or of the columns of it that changed."""
        label = columns.get("label") or ""
        known = [columns.get("value"), self.labels.get(label, label)]
        if columns.get("is_primary") is True and "value" not in columns:
            known.append(_("first choice"))
        return ", ".join(str(word) for word in known if word)

    def show(self, value: Any, context: Context) -> SafeString:
        return joined(
            ", ",
            [
                WAY(self.scheme, way["normalised"], self._title(way), self.text_of(way, context))
                for way in value or []
            ],
        )

    def _title(self, way: Way) -> SafeString:
        words = [str(self.labels.get(way["label"], way["label"])), _STATUS.get(way["status"], "")]
        text = ", ".join(str(word) for word in words if word)
        return format_html(' title="{}"', text) if text else SafeString("")

    def is_empty(self) -> Q:
        return Q(~Exists(self.model._default_manager.filter(party_id=OuterRef("pk"))))

    def faulty(self) -> Q | None:
        rows = self.model._default_manager.filter(party_id=OuterRef("pk"))
        return Q(Exists(rows.filter(~Q(status="ok") | ~Q(normalised__regex=self.form))))

    def told(self, argument: Any, context: Context) -> str:
        return str(argument)

    def condition(self, op: str, argument: Any) -> Q:
        if op in ("empty", "filled"):
            return self.is_empty() if op == "empty" else ~self.is_empty()
        lookup = {"is": "normalised", "any": "normalised__in", "contains": "normalised__contains"}
        rows = self.model._default_manager.filter(**{lookup[op]: argument})
        return Q(AmongRows(F("pk"), rows.values("party_id")))

    def pattern(self, q: str) -> str:
        """What a search for `q` seeks in the compared form; empty where it can't find anything."""
        wanted = escape_like(self.sought(q))
        if not wanted:
            return ""
        # A trigram index can't serve less than three letters in the middle.
        return f"%{wanted}%" if len(wanted) > 2 else f"{wanted}%"

    def matching(self, pattern: Any) -> Q:
        """The records of which a row matches the pattern."""
        rows = self.model._default_manager.filter(Like(F("normalised"), pattern))
        return Q(AmongRows(F("pk"), rows.values("party_id")))

    def holding(self, pattern: Any) -> Q:
        """The same for the few that a search box shows: it stops at those, however many match."""
        rows = self.model._default_manager.filter(party_id=OuterRef("pk"))
        return Q(Exists(rows.filter(Like(F("normalised"), pattern))))

    @abstractmethod
    def sought(self, q: str) -> str:
        """What of a search may stand in the compared form; empty where nothing can."""

    def sort_key(self) -> Any:
        return None

    # Sending ---------------------------------------------------------------------------------

    def json(self, value: Any) -> Any:
        return list(value or [])

    def export(self, value: Any, context: Context) -> str:
        return ";".join(self.typed_one(way) for way in value or [])

    def export_labels(self, value: Any) -> str:
        """The sorts of the exported values, in their order; empty where none has one."""
        labels = [str(way["label"]) for way in value or []]
        return ";".join(labels) if any(labels) else ""

    def describe(self) -> dict[str, Any]:
        row = {
            "value": {"type": "string"}, "label": {"type": "string"},
            "primary": {"type": "boolean"},
            "status": {"type": "string"}, "normalised": {"type": "string", "readOnly": True},
        }  # fmt: skip
        return {
            "type": "array",
            "items": {"type": "object", "required": ["value"], "properties": row},
        }


@cache
def _ways(model: type[models.Model], names: tuple[str, ...]) -> Compiled:
    rows = model._default_manager.filter(AnyOf(F("party_id"), Given("ids"))).order_by()
    ways = JSONBAgg(JSONArray(*names), order_by=["-is_primary", "position", "id"])
    return compiled(rows.values("party_id").annotate(ways=ways).values_list("party_id", "ways"))


def _parts(raw: Any) -> list[Way]:
    """What was given, as one mapping per way: text, a list of texts or a list of mappings."""
    if raw is None:
        return []
    given = raw if isinstance(raw, list | tuple) else [raw]
    found: list[Way] = []
    for one in given:
        if isinstance(one, dict):
            found.append(one)
        else:
            found += [{"value": text} for text in re.split(r"[;,\n]|\s:::\s", str(one))]
    return [part for part in found if str(part.get("value") or "").strip()]


def _with_one_primary(ways: list[Way]) -> list[Way]:
    """The one marked as primary first, else the first that came."""
    if len(ways) > 1:
        ways.sort(key=lambda way: not way["primary"])
    for place, way in enumerate(ways):
        way["primary"] = place == 0
    return ways
