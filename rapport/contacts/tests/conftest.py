"""Somebody who sees little, and what is shared with her."""

from __future__ import annotations

from uuid import UUID

import pytest

from rapport.accounts.models import User
from rapport.contacts.tests.sharing import narrow
from rapport.records.testing import create


@pytest.fixture
def mia(db: None) -> User:
    """A colleague whose role reaches her own records only."""
    return narrow("Mia Member")


@pytest.fixture
def nordwind(db: None) -> UUID:
    """One of two companies, neither of them hers."""
    create("company", name="Mar")
    return create("company", name="Nordwind")
