"""What every kind of field can do; surfaces are built only from these abilities."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.records.kinds.comparing import NotTold, holds_plainly
from rapport.records.kinds.operators import OPERATORS
from rapport.ui.html import escaped

if TYPE_CHECKING:
    from django.http import QueryDict
    from django.utils.functional import _StrPromise

    from rapport.accounts.principals import Principal
    from rapport.records.declare import Object

#: In what a field is worked out of: any field of an object.
EVERY_FIELD = "*"
type Words = str | _StrPromise
#: A name for use inside of Kind, where `type` is the kind's own.
type Declared = type[Object]

NONE = "none"
PERSONAL = "personal"
SENSITIVE = "sensitive"
_BLANK = object()
_HALVES = re.compile("[\ud800-\udfff]")


class Invalid(ValueError):
    """A value that can't be taken; the message is a sentence for the person who typed it."""


def is_storable(value: Any) -> bool:
    """Whether PostgreSQL can hold `value`: no NUL, no half of a character, no infinite number."""
    if isinstance(value, str):
        return "\x00" not in value and not _HALVES.search(value)
    if isinstance(value, Mapping):
        return all(is_storable(key) and is_storable(part) for key, part in value.items())
    if isinstance(value, list | tuple):
        return all(is_storable(part) for part in value)
    return not isinstance(value, float) or math.isfinite(value)


@dataclass(frozen=True, slots=True)
class Title:
    """How another record is named in a cell: text, page, object, chosen colour and initials."""

    text: str
    url: str
    object: str
    tone: str = ""
    face: str = ""


@dataclass(slots=True)
class Context:
    """For whom a value is parsed or shown, and what was looked up for the page beforehand."""

    principal: Principal
    language: str = "en"
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    currency: str = "EUR"
    country: str = ""
    #: ISO numbers: the day a week begins with, the month a fiscal year begins in.
    first_weekday: int = 1
    fiscal_month: int = 1
    titles: Mapping[UUID, Title] = field(default_factory=dict)
    #: The page or program that shows what is read, for the log of reads; empty for none.
    through: str = ""


@dataclass(frozen=True, slots=True)
class Privacy:
    """What the law asks of a field: its class, why it is held and for how long (in days)."""

    level: str = NONE
    purpose: str = ""
    retention_days: int | None = None


class Kind:
    """One field of one object: how its values are stored, shown, typed, sought and sent."""

    type: ClassVar[str]
    #: What the API's document shows for it; None for the usual of its type.
    example: ClassVar[Any] = None
    operators: ClassVar[tuple[str, ...]] = ("is", "not", "empty", "filled")
    numeric: ClassVar[bool] = False
    stored: ClassVar[bool] = True
    long: ClassVar[bool] = False
    #: Whether a column of a file may fill it.
    takes_files: ClassVar[bool] = True
    #: Whether each of its values has a sort, such as work or home, exported in a column beside.
    labelled: ClassVar[bool] = False
    #: Whether its rows beside the record (with `party_id`, `normalised`) can be written set-based.
    staged: ClassVar[bool] = False
    #: The form of texts by which it alone names a record, such as an e-mail address.
    key_form: str = ""
    #: Whether an administrator made it; its values lie in the record's custom column.
    is_custom: ClassVar[bool] = False
    #: The roles that read and that edit it; None for all that may do so with the record.
    readers: frozenset[str] | None = None
    editors: frozenset[str] | None = None
    #: The field as all have it, where roles restrict it.
    unrestricted: Kind | None = None
    #: What its reader must read too, as (object, field) or (object, "*"), and see every record of.
    needs: frozenset[tuple[str, str]] = frozenset()
    whole: frozenset[str] = frozenset()

    def __init__(
        self,
        label: Words,
        *,
        help: Words = "",
        required: bool = False,
        editable: bool = True,
        importable: bool = False,
        index: bool = False,
        search: bool = False,
        unique: bool = False,
        default: Any = None,
        personal: Privacy | str | None = None,
        synonyms: Sequence[str] = (),
        icon: str = "",
        path: str = "",
        key_form: str = "",
        column: Mapping[str, Any] | None = None,
    ) -> None:
        self.label = label
        self.help = help
        self.required = required
        self.editable = editable
        #: Whether a file may set it on new records though nobody can edit it.
        self.importable = importable
        self.index = index or search
        #: Whether an index that the firm's own views asked for serves its order (`advice`).
        self.is_advised = False
        self.search = search
        self.unique = unique
        self.default = default
        self.privacy = Privacy(personal) if isinstance(personal, str) else personal
        self.synonyms = tuple(synonyms)
        self.icon = icon
        self.name = ""
        self.path = path
        self.key_form = key_form or self.key_form
        self.column = dict(column or {})
        self.object: Declared | None = None

    # Binding ---------------------------------------------------------------------------------
    def bind(self, name: str, owner: Declared) -> None:
        """Give the field its API name and its object; called once by the registry."""
        self.name = name
        self.object = owner
        self.path = self.path or name

    def initial(self) -> Any:
        """What a new record begins with."""
        return self.default() if callable(self.default) else self.default

    def model_field(self) -> models.Field[Any, Any]:
        """The database column of this field."""
        raise NotImplementedError(f"{self.type} has no column")

    @property
    def paths(self) -> tuple[str, ...]:
        """Column paths, from the object's table, that a value is read from."""
        return (self.path,)

    @property
    def is_beside(self) -> bool:
        """Whether it is kept in a table beside the record's."""
        return "__" in self.path

    @property
    def logged(self) -> tuple[str, ...]:
        """What the change log calls the columns at `paths`."""
        return tuple(path.rpartition("__")[2] for path in self.paths)

    @property
    def written(self) -> tuple[str, ...]:
        """Columns that a write of this field touches; what two writers can clash over."""
        return self.paths

    def load(self, columns: Sequence[Any]) -> Any:
        """A value from what `paths` gave for one row."""
        return columns[0]

    def columns(self, value: Any) -> dict[str, Any]:
        """Model attributes that hold `value`."""
        return {self.path: value}

    def is_given(self, own: Mapping[str, Any]) -> bool:
        """Whether the columns of a new record say anything of it."""
        return bool(own.get(self.path if self.stored else ""))

    def yields_to(self, columns: Mapping[str, Any]) -> bool:
        """Whether a row of a file that has these columns already says more than this field."""
        return False

    def blank(self, value: Any) -> bool:
        return value is None or value == "" or value == []

    # Showing ---------------------------------------------------------------------------------
    def plain(self, value: Any, context: Context) -> str:
        """The value as text, by the reader's locale."""
        return "" if value is None else str(value)

    def show(self, value: Any, context: Context) -> SafeString:
        """The value as a cell of a page."""
        return escaped(self.plain(value, context)) if not self.blank(value) else SafeString("")

    def show_all(self, values: Iterable[Any], context: Context) -> list[SafeString]:
        """A column of cells; what several rows have in common is shown once."""
        known: dict[Any, SafeString] = {None: SafeString("")}
        cells = []
        for value in values:
            key = value
            if type(value).__hash__ is None:
                # Lists and sums can't be keys; most of them are empty.
                key = _BLANK if self.blank(value) else object()
            cell = known.get(key)
            if cell is None:
                cell = known[key] = escaped(self.show(value, context))
            cells.append(cell)
        return cells

    def references(self, value: Any) -> Sequence[tuple[str, UUID]]:
        """(object, id) of records whose titles `show` wants in the context."""
        return ()

    # Typing ----------------------------------------------------------------------------------
    def parse(self, raw: Any, context: Context) -> Any:
        """What a person typed or a program sent, as a value. Raises Invalid with a sentence."""
        value = None if raw is None else self.parse_text(str(raw).strip(), context)
        if self.required and self.blank(value):
            raise Invalid(_("%(field)s can't be empty.") % {"field": self.label})
        return value

    def parse_text(self, text: str, context: Context) -> Any:
        return text

    def typed(self, value: Any, context: Context) -> str:
        """The value as it stands in an input."""
        return "" if value is None else str(value)

    def edit(self, value: Any, context: Context, attributes: SafeString) -> SafeString:
        """The input for this field; `attributes` holds id, name and aria attributes."""
        return self.input(self.typed(value, context), context, attributes)

    def input(self, text: str, context: Context, attributes: SafeString) -> SafeString:
        """The input with `text` in it, be it a value as `typed` gives it or what was mistyped."""
        return format_html('<input type="text" class="in" {} value="{}">', attributes, text)

    def posted(self, data: QueryDict, name: str) -> Any:
        """What the input named `name` sent, not yet parsed."""
        return data.get(name, "")

    def retype(self, raw: Any, context: Context, attributes: SafeString) -> SafeString:
        """The input with what `posted` gave, so that nobody types it twice."""
        show = self.input if isinstance(raw, str) else self.edit
        return show(raw, context, attributes)

    def identifies(self, text: str) -> bool:
        """Whether `text` has the form by which this field alone names a record."""
        return bool(self.key_form and re.fullmatch(self.key_form, text))

    def seen(self, value: Any, context: Context) -> str:
        """The value as its input shows it; the same again when nobody typed anything."""
        return self.typed(value, context)

    def merge(self, before: Any, typed: Any, context: Context) -> Any:
        """What to store when a person who saw `before` typed `typed`."""
        return typed

    # Asking ----------------------------------------------------------------------------------
    def argument(self, op: str, raw: Any, context: Context) -> Any:
        """The right side of a rule, parsed. Raises Invalid."""
        if op in ("empty", "filled"):
            return None
        if op in ("any", "none"):
            parts = raw if isinstance(raw, list | tuple) else str(raw).split(",")
            return [self.parse_argument(part, context) for part in parts]
        return self.parse_argument(raw, context)

    def parse_argument(self, raw: Any, context: Context) -> Any:
        return self.parse(raw, context)

    def told(self, argument: Any, context: Context) -> str:
        """The right side of a rule, or one of several, in words."""
        return self.plain(argument, context)

    def condition(self, op: str, argument: Any) -> Q:
        """The rows for which the rule holds, in SQL."""
        return OPERATORS[op](self, argument)

    def asked(self, op: str, argument: Any, context: Context) -> tuple[Q, Hashable]:
        """The same for a reader, and what of his rights shaped it: a key for compiled queries.

        Fields that are made of other records leave out those that he may not see.
        """
        return self.condition(op, argument), ()

    def holds(self, op: str, argument: Any, value: Any) -> bool:
        """Whether a value meets the rule as `condition` has the database tell.

        Raises NotTold for what only the database can.
        """
        if type(self).condition is not Kind.condition:
            raise NotTold(self.type)
        return holds_plainly(op, argument, value)

    def is_empty(self) -> Q:
        return Q(**{f"{self.path}__isnull": True})

    def faulty(self) -> Q | None:
        """The records whose value is not valid, as far as its form tells; None for no such form."""
        return None

    def sort_key(self) -> Any:
        """A NOT NULL expression that orders rows, or None where rows have no order by it."""
        return F(self.path)

    # Sending ---------------------------------------------------------------------------------
    def json(self, value: Any) -> Any:
        return value

    def export(self, value: Any, context: Context) -> str:
        """The value as a cell of a file that can be imported again without loss."""
        return "" if value is None else str(self.json(value))

    def describe(self) -> dict[str, Any]:
        """JSON schema of the value."""
        return {"type": ["string", "null"]}
