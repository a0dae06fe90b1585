"""Users for tests, of this domain and of those above."""

from typing import TYPE_CHECKING

from django.test import Client

from rapport.accounts.actions import create_user
from rapport.accounts.models import User

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

#: What a test client gets: a response that also has `json()`.
type Answer = _MonkeyPatchedWSGIResponse

PASSWORD = "correct horse battery"  # noqa: S105 - the tests' own


def make_user(name: str = "Ida Brandt", role: str = "owner", email: str = "") -> User:
    """Create a user who has joined; the address follows from the name."""
    address = email or f"{name.lower().replace(' ', '.')}@nordwind.example"
    return create_user(address, name, PASSWORD, role)


def signed_in(user: User) -> Client:
    """Return a browser the user is signed in with."""
    client = Client()
    client.force_login(user)
    return client
