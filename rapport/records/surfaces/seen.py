"""One record as a reader may see it: its row for panels, its values for everything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.compiled import (
    Answers,
    Ask,
    Compiled,
    Given,
    JSONArray,
    ask_together,
    compiled,
)
from rapport.records.declare import Object
from rapport.records.kinds.base import Context, Kind
from rapport.records.layouts.parts import parts_of
from rapport.records.models import Record, Share
from rapport.records.reached import Confided, Reach, Shares
from rapport.records.reading import Row
from rapport.records.reading.beside import asks_of, values_beside
from rapport.records.reading.page import fetch_singly
from rapport.records.reading.single import load_values, paths_of, read_columns
from rapport.records.store import Missing
from rapport.records.surfaces.pages import page_context

#: Under which name the levels at which a record is shared with its reader are asked and kept.
SHARED = "_shared_"


@dataclass(slots=True)
class Seen:
    """A record with all that its page shows."""

    declaration: type[Object]
    record: Record
    values: dict[str, Any]
    context: Context
    #: What was asked along with the values.
    answers: Answers = field(default_factory=dict)

    @property
    def id(self) -> UUID:
        """Its key."""
        return self.record.pk

    @property
    def url(self) -> str:
        """Its page."""
        return self.declaration.url(self.record.pk)

    @property
    def is_trashed(self) -> bool:
        """Whether it lies in the trash."""
        return self.record.deleted_at is not None

    @property
    def name(self) -> str:
        """What it is called."""
        kind = self.declaration.fields[self.declaration.title]
        text = kind.plain(self.values.get(self.declaration.title), self.context)
        return text or _("(no name)")

    def may(self, action: str) -> bool:
        """Whether the reader may do `action` with it; no statement is needed for that."""
        if self.is_trashed:
            return False
        return reaches(self.context.principal, self.declaration, action, self.record)


def reaches(principal: Principal, declaration: type[Object], action: str, record: Record) -> bool:
    """Whether `action` of this principal reaches a record whose row is at hand; a rule is asked
    of it once, and so are its shares where they did not come along with it."""
    reach = access.reach(principal, declaration, action)
    if (kept := _kept_from(reach, record)) and not _is_held(record, kept.shares):
        return False
    reach = reach.open
    if reach.includes(record.owner_id) or not reach.has_more:
        return reach.includes(record.owner_id)
    if SHARED in vars(record) and not (reach.rules or reach.followed):
        return _is_held(record, reach.one_by_one)
    known: dict[str, bool] = vars(record).setdefault("known_reach", {})
    if action not in known:
        rows = access.reached_rows(declaration, reach, None)
        known[action] = rows.filter(pk=record.pk).exists()
    return known[action]


def _kept_from(reach: Reach, record: Any) -> Confided | None:
    """What keeps the record from the reader but for shares; None unless it is private."""
    if reach.confided is None or not record.private:
        return None
    return reach.confided if record.owner_id != reach.confided.reader else None


def _is_held(record: Record, shares: Shares | None) -> bool:
    """Whether one of these shares lets the record be reached; asked if it did not come along."""
    if shares is None:
        return False
    if SHARED not in vars(record):
        return shares.rows.filter(record_id=record.pk).exists()
    held: frozenset[str] = vars(record)[SHARED]
    return not held.isdisjoint(shares.levels)


def _asks_of_shares(
    principal: Principal, declaration: type[Object], record: Record
) -> Mapping[str, Ask]:
    """At which levels the record is shared with somebody whom it does not belong to."""
    reach = access.reach(principal, declaration, "edit")
    kept = _kept_from(reach, record)
    shares = kept.shares if kept else reach.one_by_one
    if shares is None or reach.includes(record.owner_id):
        return {}
    shares = replace(shares, levels=tuple(Share.Level.values))
    return {SHARED: Ask(_levels(shares), {"shared": record.pk})}


@lru_cache(maxsize=256)
def _levels(shares: Shares) -> Compiled:
    found = shares.rows.filter(record_id=Given("shared")).order_by()
    return compiled(found.values_list("record_id", JSONArray("level")))


def _learn_levels(record: Record, answers: Answers) -> None:
    if SHARED in answers:
        vars(record)[SHARED] = frozenset(level for _key, (level,) in answers[SHARED])


type MoreAsks = Callable[[Seen], Mapping[str, Ask]]


def look_at(
    request: Request,
    declaration: type[Object],
    record_id: UUID,
    names: Sequence[str],
    more: MoreAsks | None = None,
) -> Seen:
    """The record, in the trash or not: its row, what lies beside it and what else `more` asks of
    it in a second statement, and titles. Raises Missing when it is not there for this reader."""
    principal = request.principal
    readable = access.fields(principal, declaration.name).readable
    wanted = [name for name in dict.fromkeys(names) if name in readable]
    kinds = [declaration.fields[name] for name in wanted]
    own = own_columns(declaration.model)
    paths = list(dict.fromkeys([*own, *paths_of(kinds)]))
    columns = read_columns(principal, declaration.name, record_id, paths, trashed=None)
    if columns is None:
        raise Missing(_("This record is gone, or not yours to see."))
    record = declaration.model.from_db(DEFAULT_DB_ALIAS, own, [columns[name] for name in own])
    seen = Seen(declaration, record, load_values(kinds, columns), page_context(request))
    pointed = _references(kinds, seen.values)
    asks = {**asks_of(kinds, principal, [record_id]), **access.title_asks(principal, pointed)}
    asks |= _asks_of_shares(principal, declaration, record)
    seen.answers = ask_together({**asks, **(more(seen) if more else {})})
    _learn_levels(record, seen.answers)
    seen.values |= values_beside(kinds, seen.answers, [record_id])[record_id]
    fetch_singly([Row(record_id, record.version, seen.values)], kinds, seen.context)
    _learn_titles(seen, _references(kinds, seen.values) - pointed)
    return seen


def _references(kinds: Sequence[Kind], values: Mapping[str, Any]) -> set[tuple[str, UUID]]:
    return {pair for kind in kinds for pair in kind.references(values.get(kind.name))}


def _learn_titles(seen: Seen, more: set[tuple[str, UUID]]) -> None:
    """Its own title, those asked for with the rest, and those of what lies beside it."""
    context, language = seen.context, seen.context.language
    own = {}
    if seen.declaration.title in seen.values and not seen.is_trashed:
        text = seen.values[seen.declaration.title]
        own[seen.id] = access.title_of(seen.declaration, seen.record, text, language)
    context.titles = {
        **own,
        **access.titles_from(seen.answers, language),
        **access.titles(context.principal, more, language),
    }


@cache
def own_columns(model: type[Record]) -> tuple[str, ...]:
    """The attributes of a record's own row, in the order that the model takes them."""
    return tuple(column.attname for column in model._meta.concrete_fields)


def page_names(principal: Principal, declaration: type[Object]) -> list[str]:
    """Every field the page of a record shows to this reader, if he may see it."""
    parts = parts_of(principal, declaration, declaration.fields, "page")
    return [*header_names(declaration), *(name for part in parts for name in part.names)]


def header_names(declaration: type[Object]) -> list[str]:
    """The fields in the head of the page."""
    second = [declaration.subtitle] if declaration.subtitle else []
    return [declaration.title, *second, *declaration.header]
