"""An instance of Rapport to measure, in a folder of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_urlsafe

from rapport.project.command.opening import OpenInstance, open_instance
from rapport.project.instance import Instance
from rapport.project.secrets import secret

OWNER = "bench@example.com"


@contextmanager
def opened(folder: Path) -> Iterator[OpenInstance]:
    """The instance with its database running and its owner there; made if need be."""
    Instance(folder.absolute()).prepare_folder()
    with open_instance(folder) as instance:
        from rapport.accounts.actions import create_owner
        from rapport.accounts.models import User

        if not User.objects.exists():
            create_owner(OWNER, "Bench", password(folder))
        yield instance


def password(folder: Path) -> str:
    """The owner's password, made on first use."""
    return secret(folder.absolute() / "secrets", "bench-owner")


def api_token() -> str:
    """A new token of the owner, for the opened instance."""
    from rapport.accounts.actions import create_token
    from rapport.accounts.models import User

    owner = User.objects.get(email=OWNER)
    return str(create_token(owner, f"bench {token_urlsafe(4)}", may_write=True, expires_at=None))
