"""Who looks at the pages of the engine's tests."""

from __future__ import annotations

import pytest
from django.test import Client

from rapport.accounts.models import User
from rapport.accounts.testing import make_user, signed_in


@pytest.fixture
def owner() -> User:
    """The owner of the workspace."""
    return make_user()


@pytest.fixture
def web(owner: User) -> Client:
    """A browser the owner is signed in with."""
    return signed_in(owner)
