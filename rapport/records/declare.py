"""The vocabulary in which an object is declared, once, for every surface."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal
from uuid import UUID

from django.utils.safestring import SafeString

from rapport.records.kinds.base import Kind, Privacy, Title, Words
from rapport.records.kinds.private import Private

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from rapport.accounts.principals import Principal
    from rapport.accounts.request import Request
    from rapport.records.compiled import Ask
    from rapport.records.models import Record


@dataclass(frozen=True, slots=True)
class Section:
    """A titled group of fields on the form and the record page."""

    label: Words
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """A board: one lane per value of `by`, sums of `total`, weighted by `weight` (percent).

    `action` is the object's action that gives `by` a value and may ask for more: it takes over
    where the move of a card is refused.
    """

    by: str
    total: str = ""
    weight: str = ""
    lanes: Callable[[Principal, Mapping[str, str]], Sequence[Lane]] | None = None
    card: tuple[str, ...] = ()
    rotting: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Expect:
    """What a complete record has: a field that is filled in or valid, a date that is recent.

    Where it hasn't, so many of 100 points are taken off. `days` is the age from which a date is
    stale.
    """

    field: str
    points: int
    sort: Literal["missing", "invalid", "stale"] = "missing"
    days: int = 0


@dataclass(frozen=True, slots=True)
class Keep:
    """A lock that administrators are offered: what it is called, when it is on, which fields it
    keeps as they are, and what to do who must change one."""

    name: Words
    when: Mapping[str, Any]
    fields: tuple[str, ...]
    advice: Words


@dataclass(frozen=True, slots=True)
class Gate:
    """What has to be so before a change of some fields stands, whoever makes it.

    `note` keeps what it wants to know of records before the write (new ones are not there yet),
    `check` looks after it and raises Rejected. Files pass; `imported` may follow up on their set.
    """

    fields: frozenset[str]
    note: Callable[[Sequence[UUID]], Any]
    check: Callable[[Principal, Sequence[UUID], Any], None]
    imported: Callable[[Principal, UUID], None] | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """One column of a board: the value a card gets there, its name, and its chance in percent.

    A lane that names an action of the object takes cards by it, since it has more to ask.
    """

    value: Any
    label: str
    probability: int | None = None
    usual_days: int | None = None
    state: Literal["open", "won", "lost"] = "open"
    action: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which fields place a record on the calendar: its start, and its end or how long it takes."""

    start: str
    end: str = ""
    length: str = ""


class Answered(dict[str, Any]):
    """The answers to what a panel asked, and the titles that its page knows already."""

    titles: Mapping[UUID, Title]

    def __init__(self, answers: Mapping[str, Any], titles: Mapping[UUID, Title]) -> None:
        super().__init__(answers)
        self.titles = titles


@dataclass(frozen=True, slots=True)
class Panel:
    """A card on the record page, rendered for a principal; an empty result leaves it out.

    With `asks` its questions are sent together with those of the whole page, and `render` gets
    the answers as its third argument; a name of theirs and of their places is the panel's own.
    """

    name: str
    label: Words
    render: Callable[..., SafeString | str]
    place: Literal["header", "main", "side"] = "side"
    order: int = 50
    asks: Callable[[Principal, Any], Mapping[str, Ask]] | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """A verb on records of one object; `run` gets the principal, ids and the form's values."""

    name: str
    label: Words
    run: Callable[[Principal, Sequence[UUID], Mapping[str, Any]], Any]
    icon: str = "bolt"
    needs: str = "edit"
    form: Mapping[str, Kind] = field(default_factory=dict)
    bulk: bool = True
    applies: Callable[[Any], bool] | None = None
    #: Whether all that the form asks can be left out, as it is for many records at once.
    form_may_wait: bool = False
    order: int = 50
    #: Whether its dialog may ask for fields that a refusal names, and it writes those too.
    takes_more: bool = False


@dataclass(frozen=True, slots=True)
class TimelineKind:
    """How records of an object enter the timeline of the records they concern.

    `at`, `direction` and `open` (still to be done) name columns of the object's table; `about` and
    `also` name its links fields. `told` says in a sentence who did what, by direction, with
    {who} (whose record it is) and {them} (whom it concerned). `closing` holds the values that
    end an open one. `render` shows the body of an entry, given its record's values. `key` is the
    letter that begins writing one on a record's page.
    """

    name: str
    label: Words
    icon: str
    at: str
    about: str = "about"
    also: tuple[str, ...] = ()
    direction: str = ""
    open: str = ""
    told: Mapping[str, Words] = field(default_factory=dict)
    closing: Mapping[str, Any] = field(default_factory=dict)
    render: Callable[[Request, Any], SafeString] | None = None
    key: str = ""


class Object:
    """Base of declarations: class attributes only, no logic."""

    # Templates would call the class, and compare two of its instances.
    do_not_call_in_templates: ClassVar[bool] = True

    model: ClassVar[type[Record]]
    name: ClassVar[str]
    plural: ClassVar[str]
    label: ClassVar[Words]
    label_plural: ClassVar[Words]
    icon: ClassVar[str] = "box"
    menu: ClassVar[Words] = ""
    order: ClassVar[int] = 50
    title: ClassVar[str] = "name"
    subtitle: ClassVar[str] = ""
    #: Other fields that people name its records with: a stage is called won when it counts as won.
    named_by: ClassVar[tuple[str, ...]] = ()
    #: Whether records show with initials: round for a person, square for an organisation.
    face: ClassVar[Literal["", "person", "org"]] = ""
    #: A number field that holds the category colour, 1 to 8, in which the record's name shows.
    hue: ClassVar[str] = ""
    columns: ClassVar[tuple[str, ...]] = ()
    sections: ClassVar[tuple[Section, ...]] = ()
    quick: ClassVar[tuple[str, ...]] = ()
    sort: ClassVar[str] = ""
    board: ClassVar[Board | None] = None
    calendar: ClassVar[Calendar | None] = None
    timeline: ClassVar[TimelineKind | None] = None
    has_timeline: ClassVar[bool] = False
    #: Relation fields whose records share in what concerns a record of this object.
    timeline_through: ClassVar[tuple[str, ...]] = ()
    trait: ClassVar[Literal["mutable", "append_only", "ledger"]] = "mutable"
    access: ClassVar[Literal["owned", "shared"]] = "owned"
    #: The field that says who sees a record: me (its owner), team (his team too), everyone. It
    #: narrows what grants allow; who may edit all of these records keeps all that are shared.
    audience: ClassVar[str] = ""
    #: The field that names the object a record is about; who may not see that one sees neither.
    about: ClassVar[str] = ""
    #: The field that names the records a record is about, where roles may let actions reach it as
    #: they reach those (the scope "follow").
    inherits: ClassVar[str] = ""
    extra: ClassVar[Mapping[str, Kind]] = {}
    panels: ClassVar[tuple[Panel, ...]] = ()
    actions: ClassVar[tuple[Action, ...]] = ()
    privacy: ClassVar[Privacy | str | None] = None
    #: Whether only administrators reach its records, whatever roles are granted.
    for_administrators: ClassVar[bool] = False
    importable: ClassVar[bool] = True
    #: How rows of a file find their record, tried in order: columns that must be equal, or one
    #: field of rows (e-mails), which also wants the names to agree.
    match: ClassVar[tuple[tuple[str, ...], ...]] = ()
    #: Whether a file that names an unknown record of this object makes it.
    made_on_the_fly: ClassVar[bool] = False
    #: Whether whoever imports may have one made for a word of the file that names none.
    made_when_asked: ClassVar[bool] = False
    #: Whether new records of it change no other record, so that several may be written at once.
    stands_alone: ClassVar[bool] = False
    #: Fields whose records a file may describe in columns of its own (`person.first_name`), each
    #: with the fields of that record that such columns may go to.
    described: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    #: The relation within which a name counts: a stage's name is looked up in its pipeline.
    within: ClassVar[str] = ""
    header: ClassVar[tuple[str, ...]] = ()
    #: What the score of completeness begins with, once an administrator wants one, and the number
    #: by which the most valuable of equally incomplete records comes first.
    expects: ClassVar[tuple[Expect, ...]] = ()
    worth: ClassVar[str] = ""
    #: Locks that administrators are offered; none is on before one of them makes it his own.
    keeps: ClassVar[tuple[Keep, ...]] = ()
    #: What its records must meet when some of their fields change.
    gates: ClassVar[tuple[Gate, ...]] = ()
    #: Texts that its lists are most often filtered by: an index each finds and counts the records.
    often: ClassVar[tuple[str, ...]] = ()
    #: The page on which its records are worked off one after the other, if a domain has one.
    desk: ClassVar[str] = ""
    #: Whether an administrator made it (`metadata.objects`).
    is_custom: ClassVar[bool] = False
    fields: ClassVar[dict[str, Kind]]
    children: ClassVar[tuple[type[Any], ...]] = ()

    @classmethod
    def stand_in(cls, rows: QuerySet[Any], text: str) -> tuple[UUID, str] | None:
        """Which of `rows` (with its title) a file most likely means by a word that names none."""
        return None

    @classmethod
    def named(cls, rows: QuerySet[Any], text: str, outer: UUID | None) -> dict[str, Any] | None:
        """The values of a new record of this name beside `rows`, within `outer` where names count
        within a record; None where it can't be made."""
        return {cls.title: text}

    @classmethod
    def collect(cls) -> None:
        """Bind the kinds of the model's columns and of `extra` to this object."""
        cls.fields = {}
        for column in cls.model._meta.get_fields():
            kind = getattr(column, "kind", None)
            if kind is not None:
                cls.adopt(column.name, kind)
        for name, kind in cls.extra.items():
            cls.adopt(name, kind)

    @classmethod
    def adopt(cls, name: str, kind: Kind) -> None:
        """Add one field; kinds of abstract models are shared, so each object gets its own copy."""
        own = copy.copy(kind)
        own.bind(name, cls)
        cls.fields[name] = own

    @classmethod
    def may_be_private(cls) -> bool:
        """Whether a record of it may be kept from all but its owner and those it is shared with."""
        return isinstance(cls.fields.get("private"), Private)

    @classmethod
    def required_board(cls) -> Board:
        """The board. Raises LookupError for an object without one."""
        if cls.board is None:
            raise LookupError(f"{cls.name} has no board.")
        return cls.board

    @classmethod
    def url(cls, record_id: UUID | str | None = None) -> str:
        """The page of the list, or of one record."""
        return f"/{cls.plural}/{record_id}/" if record_id else f"/{cls.plural}/"


@dataclass(slots=True)
class Contribution:
    """What an upper domain adds to a lower object.

    `columns` go to the end of the list's own; as a mapping each stands behind the one it names.
    """

    to: str
    fields: Mapping[str, Kind] = field(default_factory=dict)
    panels: Sequence[Panel] = ()
    actions: Sequence[Action] = ()
    columns: Sequence[str] | Mapping[str, str] = ()
    header: Sequence[str] = ()


def side_fields(model: type[Any], related_name: str) -> dict[str, Kind]:
    """Fields of a 1:1 side table, to contribute to the object it extends."""
    found: dict[str, Kind] = {}
    for column in model._meta.get_fields():
        kind = getattr(column, "kind", None)
        if kind is not None:
            own = copy.copy(kind)
            own.path = f"{related_name}__{column.name}"
            found[column.name] = own
    return found


def declare[O: type[Object]](declaration: O) -> O:
    """Register a declaration; decorator."""
    from rapport.records import registry

    registry.register(declaration)
    return declaration


def contribute(to: str, **parts: Any) -> None:
    """Add fields, panels, actions or columns to an object of a lower domain (`*` for all)."""
    from rapport.records import registry

    registry.add(Contribution(to, **parts))
