"""Search in tests: with documents made, as after the worker's round."""

from __future__ import annotations

from uuid import UUID

from rapport.accounts.principals import Grant, Principal, Scope
from rapport.records.models import Cursor, SearchDocument, SearchShape
from rapport.records.search.finding import find
from rapport.records.search.keeping import CURSOR, catch_up
from rapport.records.testing import HOUSE


def ids(typed: str, by: Principal = HOUSE) -> list[UUID]:
    """The records found, best first."""
    return [hit.id for hit in find(by, typed)]


def take_in() -> None:
    """Make all documents of what an open transaction wrote, and trust them alone from now on."""
    catch_up()
    Cursor.objects.filter(name=CURSOR).update(xid=2**60)


def take_in_anew() -> None:
    """Have all documents made again."""
    SearchShape.objects.all().delete()
    SearchDocument.objects.all().delete()
    take_in()


def own_only(user_id: UUID) -> Principal:
    """A colleague who sees what belongs to him."""
    return Principal("staff", user_id, grants={"*": Grant(view=Scope.OWN)})
