"""Statements that the database plans once per connection, not each time they are sent.

Only for statements whose best plan is the same for any values, such as rows by a list of keys: the
first plan stays. Left to itself the database would go on planning those with lists, since it
overestimates their length. The app role has everything else planned each time, for one plan for
all values can be far slower.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from itertools import count
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import NotSupportedError, connection
from psycopg import Connection, ProgrammingError, sql

#: How many plans one connection keeps.
MOST = 64
DEALLOCATE = sql.SQL("DEALLOCATE {}")
# What is looked up is few; to merge would be to read an index through from its beginning.
SETTINGS = "SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_mergejoin = off"

#: Name and call of each statement of a connection, by its text; the last used at the end.
type _Plans = OrderedDict[str, tuple[str, str]]

_numbers = count(1)
_plans: WeakKeyDictionary[Connection[Any], _Plans] = WeakKeyDictionary()


class NoPlan(Exception):
    """The database can't keep a plan for this statement; it may still run it."""


def look_up(text: str, fixed: Mapping[str, Any], given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement with places like `%(name)s`, by a kept plan where there may be one.

    The values of `fixed` belong to the text: the same text always comes with the same.
    """
    if _may_keep():
        try:
            return _planned(text, fixed, given)
        except NoPlan:
            pass
    with connection.cursor() as cursor:
        cursor.execute(text, {**fixed, **given})
        return list(cursor.fetchall())


def _may_keep() -> bool:
    """Whether this connection may keep plans.

    Not behind a pooler, where the next statement may meet another session; and not within a
    transaction, whose other statements would be planned the same way until its end.
    """
    return bool(connection.settings_dict.get("IS_DIRECT")) and not connection.in_atomic_block


def _planned(
    text: str, fixed: Mapping[str, Any], given: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    given = dict(sorted(given.items()))
    connection.ensure_connection()
    plans = _plans.setdefault(connection.connection, OrderedDict())
    if text not in plans:
        plans[text] = _prepare(connection.connection, _numbered(text, fixed, given), len(given))
        _forget_oldest(connection.connection, plans)
    plans.move_to_end(text)
    name, call = plans[text]
    if not call:
        raise NoPlan
    try:
        with connection.cursor() as cursor:
            cursor.execute(call, [_literal(value) for value in given.values()])
            cursor.nextset()
            cursor.nextset()
            return list(cursor.fetchall())
    except NotSupportedError as problem:
        del plans[text]
        connection.connection.execute(DEALLOCATE.format(sql.Identifier(name)))
        raise NoPlan from problem


def _prepare(session: Connection[Any], text: str, places: int) -> tuple[str, str]:
    name = f"kept_{next(_numbers)}"
    try:
        session.execute(sql.SQL("PREPARE {} AS {}").format(sql.Identifier(name), sql.SQL(text)))
    except ProgrammingError:
        # A value whose type only the value tells.
        return name, ""
    marks = ", ".join(["%s"] * places)
    return name, f"{SETTINGS}; EXECUTE {name} ({marks})"


def _forget_oldest(session: Connection[Any], plans: _Plans) -> None:
    while len(plans) > MOST:
        _text, (name, call) = plans.popitem(last=False)
        if call:
            session.execute(DEALLOCATE.format(sql.Identifier(name)))


def _numbered(text: str, fixed: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """The text with its own values in it, and numbers for what is given."""
    session = connection.connection
    literals = {name: sql.Literal(value).as_string(session) for name, value in fixed.items()}
    return text % {**literals, **{name: f"${place}" for place, name in enumerate(given, 1)}}


def _literal(value: Any) -> Any:
    """Lists of keys as the database writes them: they are long, and the library takes its time."""
    if isinstance(value, list) and value and all(type(one) is UUID for one in value):
        return f"{{{','.join(map(str, value))}}}"
    return value
