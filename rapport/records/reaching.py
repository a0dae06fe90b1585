"""How far each action reaches for a principal, by his roles and by what is shared with him."""

from __future__ import annotations

from collections.abc import Mapping

from rapport.accounts.actions.actor import ADMINISTRATORS
from rapport.accounts.principals import Principal, Scope
from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.kinds.relation import Links
from rapport.records.models import Share
from rapport.records.reached import Confided, Followed, Reach, Shared, Shares
from rapport.records.ruled import rules_of

#: What happens to records that stay as they were written, such as messages: they reverse by others.
REWRITING = frozenset({"edit", "delete", "share", "give", "keep"})
#: To share a record is for those whose roles let them edit it, not for those it is shared with.
SHARE = "share"
#: To give a record away, which with a private one is its owner's alone; and to say how private it
#: is, which is his whatever it was, so that nobody hides from him what is his.
GIVE, KEEP = "give", "keep"
#: At which levels a share of a record lets one do what, where one's role allows it at all.
LEVELS: Mapping[str, tuple[str, ...]] = {
    "view": (Share.Level.VIEW.value, Share.Level.EDIT.value),
    "export": (Share.Level.VIEW.value, Share.Level.EDIT.value),
    "edit": (Share.Level.EDIT.value,),
    "bulk": (Share.Level.EDIT.value,),
}
ACTIVE_KINDS = {"staff", "service", "agent"}


def scope(principal: Principal, declaration: type[Object], action: str = "view") -> Scope:
    """How far `action` reaches for this principal on this object."""
    if principal.kind not in ACTIVE_KINDS:
        return Scope.NONE
    if is_kept(declaration, action) or (action == "import" and not declaration.importable):
        return Scope.NONE
    granted = principal.grant(declaration.name).of(_granting(action))
    if declaration.for_administrators and not _administers(principal):
        return Scope.NONE
    if declaration.access == "shared" and granted not in (Scope.NONE, Scope.RULE):
        return (
            Scope.ALL
            if action in ("view", "create", "export") or granted == Scope.ALL
            else Scope.NONE
        )
    return granted


def _granting(action: str) -> str:
    return "edit" if action in (SHARE, GIVE, KEEP) else action


def _administers(principal: Principal) -> bool:
    return principal.kind == "service" or principal.role in ADMINISTRATORS


def reach(principal: Principal, declaration: type[Object], action: str = "view") -> Reach:
    """The reach of `action` for this principal."""
    found = scope(principal, declaration, action)
    shared = _shared(principal, declaration)
    if found == Scope.NONE:
        return Reach(found, shared=shared)
    confided = _confided(principal, declaration, action)
    if found == Scope.ALL:
        return Reach(found, shared=shared, confided=confided)
    owners = {
        Scope.TEAM: principal.team_user_ids,
        Scope.BELOW: principal.below_user_ids,
        Scope.OWN: (principal.user_id,),
        Scope.FOLLOW: (principal.user_id,),
    }
    rules = rules_of(principal, declaration.name, _granting(action))
    one_by_one = _one_by_one(principal, declaration, action)
    followed = _followed(principal, declaration, _granting(action))
    return Reach(found, owners.get(found, ()), shared, rules, one_by_one, followed, confided)


def _followed(principal: Principal, declaration: type[Object], action: str) -> tuple[Followed, ...]:
    """The records by which the action reaches those about them."""
    if not declaration.inherits or action not in principal.follows.get(declaration.name, ()):
        return ()
    kind = declaration.fields[declaration.inherits]
    role = kind.role if isinstance(kind, Links) else ""
    path = "" if role else kind.path
    reaches = [(one.name, reach(principal, one, action)) for one in _abouts(declaration)]
    whole = tuple(name for name, one in reaches if one == Reach(Scope.ALL))
    parts = (
        Followed(declaration.name, role, path, (name,), one)
        for name, one in reaches
        if name not in whole and not one.is_nothing
    )
    every = (Followed(declaration.name, role, path, whole),) if whole else ()
    return (*every, *parts)


def _abouts(declaration: type[Object]) -> list[type[Object]]:
    """The objects whose records those of this one may be about; none that follow others."""
    kind = declaration.fields[declaration.inherits]
    to = getattr(kind, "to", "")
    others = [one for one in registry.all_objects() if not one.inherits]
    if to in ("", "any"):
        return [one for one in others if one.has_timeline]
    return [one for one in others if one.name == to]


def is_shareable(declaration: type[Object]) -> bool:
    """Whether records of the object can be shared one by one: those that somebody owns."""
    return (
        declaration.access == "owned"
        and not declaration.audience
        and not declaration.for_administrators
    )


def _one_by_one(principal: Principal, declaration: type[Object], action: str) -> Shares | None:
    levels = LEVELS.get("edit" if action == GIVE else action)
    if levels is None or not principal.holder_ids or not is_shareable(declaration):
        return None
    return Shares(declaration.name, principal.holder_ids, levels)


def _confided(principal: Principal, declaration: type[Object], action: str) -> Confided | None:
    """What private records are his; who only looks as somebody else has his own alone."""
    if not declaration.may_be_private():
        return None
    if principal.is_common:
        return Confided(None)
    if principal.kind == "service":
        return None
    if principal.viewed_by:
        return Confided(principal.viewed_by)
    if action == KEEP:
        return Confided(principal.user_id, is_own=True)
    if action not in LEVELS or not principal.holder_ids:
        return Confided(principal.user_id)
    shares = Shares(declaration.name, principal.holder_ids, LEVELS[action])
    return Confided(principal.user_id, shares)


def _shared(principal: Principal, declaration: type[Object]) -> Shared | None:
    if not declaration.audience or principal.kind == "service":
        return None
    seen = (one.name for one in registry.all_objects() if one is not declaration)
    return Shared(
        declaration.audience,
        principal.user_id,
        principal.team_user_ids,
        scope(principal, declaration, "edit") == Scope.ALL,
        declaration.about,
        tuple(name for name in seen if scope(principal, registry.get(name)) != Scope.NONE),
    )


def is_kept(declaration: type[Object], action: str) -> bool:
    """Whether nobody may do `action` with records of this object, since they are only added."""
    return declaration.trait != "mutable" and action in REWRITING
