"""Who is behind a session, a token or a user row: everything in one statement.

Every page pays for this read, so its text is put together once per process instead of by the
query builder each time (measured: 0.2 ms of processor time against 3).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import islice
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Field, Model

from rapport.accounts.models import ApiToken, Role, Session, User, Workspace
from rapport.accounts.principals import ACTIONS, FOLLOWED, RULED, Grant, Scope, united
from rapport.kit import plans

# The mail server's address book and password stay out of what every request carries around.
_WORKSPACE = (
    "name",
    "public_address",
    "currency",
    "language",
    "timezone",
    "country",
    "fiscal_year_start",
    "first_day_of_week",
    "mail_host",
    "mail_from",
    "metadata_version",
)


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What is read together with a user: grants of his roles, team mates, the workspace."""

    grants: Mapping[str, Grant]
    #: Conditions as JSON, by object and action.
    rules: Mapping[str, Mapping[str, tuple[str, ...]]]
    #: Actions by object that follow the records that one is about.
    follows: Mapping[str, tuple[str, ...]]
    more_roles: tuple[str, ...]
    mates: tuple[UUID, ...]
    #: Who is in his teams or in those below them, and who reports to him or to one who does; read
    #: only for whom a scope reaches so far.
    below: tuple[UUID, ...]
    teams: tuple[UUID, ...]
    #: As whom records are shared with him: himself, his teams, those they are part of, his roles.
    holders: tuple[UUID, ...]
    workspace: Workspace
    #: What upper domains have read along, by their name for it.
    along: Mapping[str, Any] = field(default_factory=dict)


type Follows = Mapping[str, tuple[str, ...]]
type Rules = Mapping[str, Mapping[str, tuple[str, ...]]]
#: Names and keys of roles, and what they give together.
type Granted = tuple[tuple[str, ...], tuple[UUID, ...], Mapping[str, Grant], Rules, Follows]

_along: dict[str, str] = {}


def read_along(name: str, expression: str) -> None:
    """Have every request read one more number, given as SQL without values, under `name`.

    `{user}` in it stands for the key of the user. So an upper domain learns that what it keeps in
    memory is no longer true, and pays no statement for that. To be called while domains are loaded.
    """
    _along[name] = expression
    _statement.cache_clear()


def session_with_account(digest: str) -> Session | None:
    """Return the unexpired session with its user's account; `user` is None before sign-in."""
    return _read(Session, "source.digest = %(value)s AND source.expires_at > now()", digest)


def token_with_account(digest: str) -> ApiToken | None:
    """Return the token with its user's account, whether or not it is still valid."""
    return _read(ApiToken, "source.digest = %(value)s", digest)


def token_by_id(token_id: UUID) -> ApiToken | None:
    """Return the token of this key with its user's account, whether or not it is still valid."""
    return _read(ApiToken, "source.id = %(value)s", token_id)


def account_facts(user: User) -> AccountFacts:
    """Return what was read with the user, else read it now.

    Raises User.DoesNotExist if the user is not in the database.
    """
    if user.account_facts is None:
        fresh = _read(User, "source.id = %(value)s", user.pk)
        if fresh is None:
            raise User.DoesNotExist
        user.account_facts = fresh.account_facts
    return user.account_facts


def _read(source: type[Model], condition: str, value: str | UUID) -> Any:
    rows = plans.look_up(_statement(source, condition), {}, {"value": value})
    if not rows:
        return None
    values = iter(rows[0])
    found: Any = _build(source, values)
    user = found if source is User else _build(User, values)
    role = _build(Role, values)
    if user.pk is not None:
        user.role = role
        user.account_facts = _facts(user.pk, *values)
    if source is not User:
        found.user = user if user.pk is not None else None
    return found


@cache
def _statement(source: type[Model], condition: str) -> str:
    """Return the text; it is made of model columns and the constants of this module only."""
    columns = [_columns("source", source)]
    person = "source" if source is User else "person"
    if source is not User:
        columns.append(_columns(person, User))
    facts = ", ".join(f"'{name}', {name}" for name in _WORKSPACE)
    scopes = ", ".join(f"'{action}', {action}_scope" for action in ACTIONS) + ", 'rules', rules"
    along = ", ".join(
        f"'{name}', {expression.format(user=f'{person}.id')}" for name, expression in _along.items()
    )
    join = "" if source is User else "LEFT JOIN accounts_user person ON person.id = source.user_id"
    return f"""
        SELECT {", ".join(columns)}, {_columns("role", Role)},
            (SELECT jsonb_agg(jsonb_build_array(held.key, coalesce(
                 (SELECT jsonb_object_agg(object_name, jsonb_build_object({scopes}))
                    FROM accounts_grant WHERE role_id = held.id), '{{}}'), held.id)
                 ORDER BY held.id <> role.id, held.position, held.key)
               FROM accounts_role held
              WHERE held.id = role.id OR held.id IN (
                 SELECT role_id FROM accounts_furtherrole WHERE user_id = {person}.id)),
            ARRAY(SELECT DISTINCT mate.user_id
               FROM accounts_membership mine
               JOIN accounts_membership mate ON mate.team_id = mine.team_id
              WHERE mine.user_id = {person}.id),
            ARRAY(SELECT ARRAY[team.id, team.parent_id]
               FROM accounts_membership place JOIN accounts_team team ON team.id = place.team_id
              WHERE place.user_id = {person}.id ORDER BY team.name, team.id),
            (SELECT jsonb_build_object({facts}) FROM accounts_workspace),
            jsonb_build_object({along})
        FROM {source._meta.db_table} source {join}
        LEFT JOIN accounts_role role ON role.id = {person}.role_id
        WHERE {condition}
    """  # noqa: S608


def _columns(alias: str, model: type[Model]) -> str:
    return ", ".join(f'{alias}."{field.column}"' for field in _fields(model))


@cache
def _fields(model: type[Model]) -> tuple[Field[Any, Any], ...]:
    return tuple(model._meta.concrete_fields)


def _build(model: type[Model], values: Iterator[Any]) -> Any:
    names, converters = _shape(model)
    given = list(islice(values, len(names)))
    for place, convert in converters:
        given[place] = convert(given[place], None, connection)
    return model.from_db(connection.alias, names, given)


@cache
def _shape(model: type[Model]) -> tuple[list[str], list[tuple[int, Any]]]:
    """Names of the attributes, and what turns a column into one where it is not one already."""
    fields = _fields(model)
    converters = [
        (place, convert)
        for place, field in enumerate(fields)
        for convert in field.get_db_converters(connection)
    ]
    return [field.attname for field in fields], converters


def _facts(
    user_id: UUID,
    held: str | None,
    mates: list[UUID],
    places: list[list[UUID]],
    workspace: str | None,
    along: str,
) -> AccountFacts:
    roles, role_ids, grants, rules, follows = _granted(held or "[]")
    teams = tuple(team for team, _wider in places)
    around = _around(user_id) if any(wider for _team, wider in places) else ()
    is_lead = any(Scope.BELOW in _scopes(one) for one in grants.values())
    return AccountFacts(
        grants=grants,
        rules=rules,
        follows=follows,
        more_roles=roles[1:],
        mates=tuple(mates),
        below=_below(user_id) if is_lead else (),
        teams=teams,
        holders=tuple(sorted({user_id, *teams, *around, *role_ids})),
        workspace=Workspace(**json.loads(workspace or "{}")),
        along=json.loads(along),
    )


BELOW = """
    WITH RECURSIVE below AS (
      SELECT team_id AS id FROM accounts_membership WHERE user_id = %(value)s
      UNION
      SELECT part.id FROM accounts_team part JOIN below ON part.parent_id = below.id
    ), led AS (
      SELECT id FROM accounts_user WHERE manager_id = %(value)s
      UNION SELECT one.id FROM accounts_user one JOIN led ON one.manager_id = led.id
    )
    SELECT user_id FROM accounts_membership JOIN below ON team_id = below.id
    UNION SELECT id FROM led ORDER BY 1
"""

AROUND = """
    WITH RECURSIVE around AS (
      SELECT team.parent_id AS id FROM accounts_membership place
        JOIN accounts_team team ON team.id = place.team_id
       WHERE place.user_id = %(value)s AND team.parent_id IS NOT NULL
      UNION
      SELECT team.parent_id FROM accounts_team team JOIN around ON team.id = around.id
       WHERE team.parent_id IS NOT NULL
    )
    SELECT id FROM around
"""


def _below(user_id: UUID) -> tuple[UUID, ...]:
    """A statement of its own: few need it, and all would pay for it."""
    return tuple(key for (key,) in plans.look_up(BELOW, {}, {"value": user_id}))


def _around(user_id: UUID) -> tuple[UUID, ...]:
    """The teams that his teams are part of: a statement of its own, for those in such teams."""
    return tuple(key for (key,) in plans.look_up(AROUND, {}, {"value": user_id}))


def _scopes(grant: Grant) -> Iterator[Scope]:
    return (grant.of(action) for action in ACTIONS)


@lru_cache(maxsize=64)
def _granted(text: str) -> Granted:
    """Roles, and what they grant together: the same in one request after the other."""
    held = json.loads(text)
    grants = [{name: grant_of(scopes) for name, scopes in one.items()} for _key, one, _id in held]
    rules = rules_together([one for _key, one, _id in held])
    keys = tuple(key for key, _one, _id in held)
    ids = tuple(UUID(role_id) for _key, _one, role_id in held)
    return keys, ids, united(grants), rules, followed_by(grants)


def followed_by(roles: Sequence[Mapping[str, Grant]]) -> Follows:
    """The actions by object that any of the roles lets follow other records."""
    found: dict[str, tuple[str, ...]] = {}
    for name, grant in (pair for role in roles for pair in role.items()):
        actions = {*found.get(name, ()), *(a for a in FOLLOWED if grant.of(a) == Scope.FOLLOW)}
        found[name] = tuple(action for action in FOLLOWED if action in actions)
    return MappingProxyType({name: actions for name, actions in found.items() if actions})


def rules_together(roles: Sequence[Mapping[str, Mapping[str, Any]]]) -> Rules:
    """The conditions of actions whose scope is a rule; one without a condition reaches nothing."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, scopes in (pair for role in roles for pair in role.items()):
        for action, tree in scopes["rules"].items():
            if scopes[action] == Scope.RULE and action in RULED:
                of_object = found.setdefault(name, {})
                of_object[action] = (*of_object.get(action, ()), json.dumps(tree, sort_keys=True))
    return MappingProxyType(found)


def grant_of(scopes: Mapping[str, Any]) -> Grant:
    """The grant of these scopes, by action."""
    return Grant(*[Scope(scopes[action]) for action in ACTIONS])
