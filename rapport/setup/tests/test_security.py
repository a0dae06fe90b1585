"""The security diary in the words of the people who read it."""

import pytest

from rapport.accounts import actions
from rapport.accounts.actions import Actor
from rapport.accounts.testing import make_user, signed_in
from rapport.records.models import Seal

pytestmark = pytest.mark.django_db


def test_roles_are_called_by_their_names() -> None:
    owner = make_user(role="owner")
    ben = make_user("Ben", role="member")
    actions.change_role(ben, "read_only", Actor(owner, None))
    for address in ("/setup/security/", f"/setup/users/{ben.pk}/"):
        page = signed_in(owner).get(address).content.decode()
        assert "Member → Read only" in page


@pytest.mark.django_db(transaction=True)
def test_an_owner_is_shown_the_newest_seal_to_copy_it() -> None:
    owner = signed_in(make_user(role="owner"))
    assert "Where the change log ends" not in owner.get("/setup/security/").content.decode()
    Seal.objects.create(
        number=1, after=0, last=1, rows=1, root=b"\1", digest=b"\xab\xcd", signature=b"\2"
    )
    page = owner.get("/setup/security/").content.decode()
    assert " seal 1 abcd " in page
