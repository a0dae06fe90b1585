"""What an empty database needs before anybody signs in: the workspace row and the roles."""

from typing import Any

from django.db import transaction

from rapport.accounts.principals import ACTIONS, EVERY_OBJECT, Scope

_ALL = dict.fromkeys(ACTIONS, Scope.ALL)

# Seeds are written once and then belong to the owner, so the names carry every language we speak.
ROLES: tuple[tuple[str, dict[str, str], dict[str, Scope]], ...] = (
    ("owner", {"en": "Owner", "es": "Propietario"}, _ALL),
    ("manager", {"en": "Manager", "es": "Gerente"}, _ALL),
    (
        "member",
        {"en": "Member", "es": "Miembro"},
        {
            "view": Scope.ALL,
            "create": Scope.ALL,
            "edit": Scope.TEAM,
            "delete": Scope.OWN,
            "export": Scope.OWN,
            "import": Scope.TEAM,
            "bulk": Scope.OWN,
            "merge": Scope.TEAM,
        },
    ),
    ("read_only", {"en": "Read only", "es": "Solo lectura"}, {"view": Scope.ALL}),
)


def seed_after_migrate(**_kwargs: Any) -> None:
    """Seed once the tables are there."""
    seed()


@transaction.atomic
def seed() -> None:
    """Create the workspace row and the built-in roles where they are missing."""
    from rapport.accounts.models import Role, Workspace

    Workspace.objects.get_or_create(pk=1)
    for position, (key, names, scopes) in enumerate(ROLES):
        role, is_new = Role.objects.get_or_create(
            key=key, defaults={"name": names, "is_builtin": True, "position": position}
        )
        if is_new:
            columns = {f"{action}_scope": scope for action, scope in scopes.items()}
            role.grants.create(object_name=EVERY_OBJECT, **columns)
