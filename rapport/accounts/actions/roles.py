"""Roles and how far they reach."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from rapport.accounts.actions.actor import (
    NOBODY,
    OWNER,
    Actor,
    Refused,
    record_event,
    require_owner,
)
from rapport.accounts.actions.workspace import bump_metadata_version
from rapport.accounts.models import FieldLevel, Grant, Role, SecurityEvent
from rapport.accounts.principals import ACTIONS, EVERY_OBJECT, FOLLOWED, RULED, Scope

type Scopes = Mapping[str, str]
#: A condition as a tree, by action.
type Rules = Mapping[str, Mapping[str, Any]]


@transaction.atomic
def create_role(name: str, language: str, like: Role, by: Actor = NOBODY) -> Role:
    """Create a role with the grants of another.

    Raises Refused if the name is taken, PermissionDenied unless an owner asks.
    """
    require_owner(by)
    key = slugify(name).replace("-", "_")[:40]
    if not key or Role.objects.filter(key=key).exists():
        raise Refused(_("There is a role of that name already."))
    role = Role.objects.create(key=key, name={language: name}, position=Role.objects.count())
    for grant in like.grants.all():
        grant.pk = Grant._meta.pk.get_default()
        grant.role = role
        grant.save(force_insert=True)
    for level in like.field_levels.all():
        level.pk = FieldLevel._meta.pk.get_default()
        level.role = role
        level.save(force_insert=True)
    _tell_of_levels()
    record_event(SecurityEvent.Kind.GRANTS_CHANGED, by, role=key, like=like.key)
    return role


def rename_role(role: Role, name: str, language: str, by: Actor = NOBODY) -> None:
    """Change the role's name in one language. Raises PermissionDenied unless an owner asks."""
    require_owner(by)
    role.name = {**role.name, language: name}
    role.save(update_fields=["name"])


@transaction.atomic
def change_grants(
    role: Role,
    scopes: Mapping[str, Scopes | None],
    by: Actor = NOBODY,
    rules: Mapping[str, Rules] = MappingProxyType({}),
) -> None:
    """Set the scopes of actions per object ("*" for all others); objects not named are kept.

    None in place of scopes makes the object follow "*" again. `rules` gives the conditions, as
    trees, of actions whose scope is a rule, for all actions of each object that it names.

    Raises Refused for the owner's role, ValueError for an unknown action or scope, or for a rule
    where none can be, PermissionDenied unless an owner asks.
    """
    require_owner(by)
    if role.key == OWNER:
        raise Refused(_("An owner may do everything; that can't be taken away."))
    for object_name, wanted in scopes.items():
        if wanted is None:
            role.grants.filter(object_name=object_name).exclude(object_name=EVERY_OBJECT).delete()
            continue
        columns: dict[str, Any] = {
            f"{_action(action)}_scope": _scope(object_name, action, scope)
            for action, scope in wanted.items()
        }
        if object_name in rules:
            columns["rules"] = {
                _action(action): tree for action, tree in rules[object_name].items()
            }
        role.grants.update_or_create(object_name=object_name, defaults=columns)
    _tell_of_levels()
    record_event(
        SecurityEvent.Kind.GRANTS_CHANGED, by,
        role=role.key, scopes=_plain(scopes), rules=_plain(rules),
    )  # fmt: skip


@transaction.atomic
def delete_role(role: Role, by: Actor = NOBODY) -> None:
    """Remove a role nobody holds.

    Raises Refused if it is built in or held, PermissionDenied unless an owner asks.
    """
    require_owner(by)
    if role.is_builtin:
        raise Refused(_("This role comes with the house and stays."))
    if role.users.exists() or role.further_holders.exists():
        raise Refused(_("Somebody holds this role. Give them another one first."))
    record_event(SecurityEvent.Kind.GRANTS_CHANGED, by, role=role.key, deleted=True)
    role.delete()
    _tell_of_levels()


@transaction.atomic
def change_field_levels(
    role: Role, object_name: str, levels: Mapping[str, str], by: Actor = NOBODY
) -> None:
    """Have the role hide these fields of an object or only read them; it may change all others.

    Raises Refused for the owner's role, ValueError for an unknown level, PermissionDenied unless
    an owner asks.
    """
    require_owner(by)
    if role.key == OWNER:
        raise Refused(_("An owner may do everything; that can't be taken away."))
    wanted = {field: FieldLevel.Level(level).value for field, level in levels.items()}
    role.field_levels.filter(object_name=object_name).delete()
    FieldLevel.objects.bulk_create(
        FieldLevel(role=role, object_name=object_name, field=field, level=level)
        for field, level in wanted.items()
    )
    bump_metadata_version()
    record_event(SecurityEvent.Kind.GRANTS_CHANGED, by, role=role.key, fields={object_name: wanted})


def _tell_of_levels() -> None:
    """Who reads a restricted field follows from all roles."""
    if FieldLevel.objects.exists():
        bump_metadata_version()


def _action(name: str) -> str:
    if name not in ACTIONS:
        raise ValueError(f"Unknown action {name!r}")
    return name


def _scope(object_name: str, action: str, scope: str) -> str:
    found = Scope(scope)
    if found == Scope.RULE and not may_be_ruled(object_name, action):
        raise ValueError(f"No rule can choose where to {action} {object_name}")
    if found == Scope.FOLLOW and not may_follow(object_name, action):
        raise ValueError(f"To {action} {object_name} can't follow other records")
    return found.value


def may_follow(object_name: str, action: str) -> bool:
    """Whether the action may reach records of the object by those that they are about."""
    return object_name != EVERY_OBJECT and action in FOLLOWED


def may_be_ruled(object_name: str, action: str) -> bool:
    """Whether a rule can say which records of the object the action reaches: they must be there,
    and of one object, whose fields the rule asks for."""
    return object_name != EVERY_OBJECT and action in RULED


def _plain(scopes: Mapping[str, Mapping[str, Any] | None]) -> dict[str, Any]:
    return {name: wanted and dict(wanted) for name, wanted in scopes.items()}
