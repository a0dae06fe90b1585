"""Those who ask in the large company: who sees all, little, a team's, or what a rule says."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.instance import OWNER, password

#: Of a thousand records half a one; five of a hundred, with the teams below; a rule over one hop.
COLLEAGUES = {"own": "Tomé Novo", "below": "Begoña Ibáñez", "rule": "Tunde Afolabi"}
SHARES = 50
INDUSTRY = "Brewery"
RULED = {"field": "company.industry", "op": "is", "value": INDUSTRY}
RULED_COMPANIES = {"field": "industry", "op": "is", "value": INDUSTRY}
RULED_FIRMS = "c.industry = 'Brewery'"
RULED_ROWS = (
    "company_id = ANY (ARRAY(SELECT c.id FROM companies AS c WHERE c.industry = 'Brewery'))"
)
OBJECTS = ("person", "company", "deal")


@dataclass(frozen=True)
class Asker:
    """Somebody who signs in, a token of his, and what he reaches of the floor's tables."""

    email: str
    token: str
    reach: Mapping[str, str]


def make_askers(instance: Path) -> dict[str, Asker]:
    """All four, in the opened instance; made anew for each run, the token at least."""
    from rapport.accounts.actions import create_token
    from rapport.accounts.models import User

    askers = {}
    for name in ("all", *COLLEAGUES):
        user = User.objects.get(email=OWNER) if name == "all" else _colleague(instance, name)
        token = create_token(user, f"bench {name}", may_write=True, expires_at=None)
        askers[name] = Asker(user.email, str(token), _reach(name, user))
    return askers


def _colleague(instance: Path, name: str) -> Any:
    from rapport.accounts.actions import change_role
    from rapport.accounts.models import User
    from rapport.project.demo.large.crew import address_of

    user = User.objects.get(email=address_of(COLLEAGUES[name]))
    if not user.has_usable_password():
        user.set_password(password(instance))
        user.save(update_fields=["password"])
        change_role(user, _role(name))
        if name == "own":
            _share(user)
    return user


def _role(name: str) -> str:
    """A role of its own: everything reaches as far as seeing does."""
    from rapport.accounts.actions import change_grants, create_role
    from rapport.accounts.models import Role
    from rapport.accounts.principals import ACTIONS

    role = create_role(f"Bench {name}", "en", Role.objects.get(key="member"))
    scopes = {action: name for action in ACTIONS if action not in ("create", "import")}
    if name != "rule":
        change_grants(role, {"*": {**scopes, "create": "all"}})
        return str(role.key)
    rules = {one: RULED_COMPANIES if one == "company" else RULED for one in OBJECTS}
    told = {one: dict.fromkeys(scopes, rules[one]) for one in OBJECTS}
    others = {**dict.fromkeys(scopes, "none"), "view": "all"}
    grants = {one: {**scopes, "create": "all"} for one in OBJECTS}
    change_grants(role, {"*": others, **grants}, rules=told)
    return str(role.key)


def _share(user: Any) -> None:
    from rapport.accounts.principals import service
    from rapport.contacts.models import Person
    from rapport.records.sharing import Holder, share
    from rapport.records.store import change

    others = Person.objects.exclude(owner=user).order_by("pk").values_list("pk", flat=True)
    step = max(others.count() // SHARES, 1)
    with change(service("bench"), via="job", title="Bench") as made:
        for key in list(others[::step])[:SHARES]:
            share(made, "person", key, Holder("user", user.pk, user.name), "view")


def _reach(name: str, user: Any) -> dict[str, str]:
    """The same rows by hand, as SQL of the floor."""
    if name == "all":
        return {}
    if name == "rule":
        return {"contacts": f"c.{RULED_ROWS}", "deals": f"d.{RULED_ROWS}", "companies": RULED_FIRMS}
    owners = _owners(name, user)
    mine = {"contacts": f"c.owner_id = {owners}", "deals": f"d.owner_id = {owners}",
            "companies": f"c.owner_id = {owners}"}  # fmt: skip
    if name == "own":
        shared = "c.id = ANY (ARRAY(SELECT record_id FROM shares))"
        mine["contacts"] = f"({mine['contacts']} OR {shared})"
    return mine


def _owners(name: str, user: Any) -> str:
    from rapport.accounts.principals import principal_of

    keys = principal_of(user).below_user_ids if name == "below" else (user.pk,)
    return "ANY ('{" + ",".join(map(str, keys)) + "}'::uuid[])"
