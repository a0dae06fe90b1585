"""Who is attacked."""

from __future__ import annotations

import pytest

from rapport.accounts.models import User
from rapport.accounts.testing import make_user


@pytest.fixture
def ida(db: None) -> User:
    """The owner."""
    return make_user()
