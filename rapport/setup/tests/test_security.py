"""The security diary in the words of the people who read it."""

import pytest

from rapport.accounts import actions
from rapport.accounts.actions import Actor
from rapport.accounts.testing import make_user, signed_in

pytestmark = pytest.mark.django_db


def test_roles_are_called_by_their_names() -> None:
    owner = make_user(role="owner")
    ben = make_user("Ben", role="member")
    actions.change_role(ben, "read_only", Actor(owner, None))
    for address in ("/setup/security/", f"/setup/users/{ben.pk}/"):
        page = signed_in(owner).get(address).content.decode()
        assert "Member → Read only" in page
