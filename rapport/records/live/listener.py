"""One who hears of changes: as whom he is signed in, and what of the changes is his to hear."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from uuid import UUID

from rapport.accounts.principals import Principal, principal_of
from rapport.accounts.sessions import SessionStore, signed_in_user
from rapport.records import access, registry
from rapport.records.live.changed import Changed, Touched
from rapport.records.live.telling import NOTIFICATION, PRESENCE
from rapport.records.reached import Reach

#: That anything may have been changed: what is open is fetched again.
ANYTHING = "*"

#: What those hear of an object whose reach is the same; nothing where none of it is theirs.
type Known = dict[tuple[str, Reach], str]


def event(name: str, ids: Collection[UUID] | None = None) -> str:
    """One message of a stream: an object, and the records if they are few enough to name."""
    said: dict[str, object] = {"object": name}
    if ids is not None:
        said["ids"] = sorted(map(str, ids))
    return f"data: {json.dumps(said)}\n\n"


class Listener:
    """A browser of somebody who is signed in."""

    def __init__(self, key: str, principal: Principal, deliver: Callable[[str | None], object]):
        self.key = key
        self.digest = SessionStore(key).digest
        self.principal = principal
        self.deliver = deliver

    def renew(self) -> bool:
        """Ask anew who he is and what he may see; whether he is still the one he was."""
        session = SessionStore(self.key)
        user = signed_in_user(session)
        if user is None or user.pk != self.principal.user_id:
            return False
        self.principal = principal_of(user)
        return self.principal.is_staff


def events_of(changed: Changed, principal: Principal, known: Known) -> Iterator[str]:
    """What a principal hears of the changes: never of a record that he can't see."""
    for name, one in changed.items():
        if not registry.is_declared(name) or not access.may(principal, "view", name):
            continue
        key = (name, access.reach(principal, registry.get(name)))
        if key not in known:
            known[key] = _said(name, one, key[1])
        yield known[key]


def _said(name: str, one: Touched, reach: Reach) -> str:
    if one.is_many:
        return event(name)
    seen = _seen(name, one, reach)
    return event(name, seen) if seen else ""


def _seen(name: str, one: Touched, reach: Reach) -> frozenset[UUID]:
    """Those among these that somebody of this reach sees, or saw until they were given away
    or a share of them ended."""
    if reach == Reach(access.Scope.ALL):
        return frozenset(one.ids)
    # Those in the trash too: that a record left is worth knowing to whoever sees it.
    rows = access.reached_rows(registry.get(name), reach, None).filter(pk__in=one.ids)
    holders = reach.one_by_one.holders if reach.one_by_one else ()
    lost = (one.left.get(owner, set()) for owner in (*reach.owners, *holders) if owner is not None)
    return frozenset(rows.values_list("pk", flat=True)).union(*lost)


def events_of_word(words: str, principal: Principal) -> Iterator[str]:
    """What a principal hears of something that was told beside the log."""
    match words.split(" "):
        case [kind, user] if kind == NOTIFICATION and user == str(principal.user_id):
            yield event(NOTIFICATION)
        case [kind, name, key] if kind == PRESENCE and registry.is_declared(name):
            changed = {name: Touched(ids={UUID(key)})}
            if any(events_of(changed, principal, {})):
                yield event(PRESENCE, changed[name].ids)
