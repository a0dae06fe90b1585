"""Whoever is given records hears of it: once, by the colleague's name, if he sees them."""

from __future__ import annotations

import pytest

from rapport.accounts.actions import change_grants, deactivate
from rapport.accounts.models import Role, User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user
from rapport.records.changes.undo import undo
from rapport.records.models import Notification
from rapport.records.notifications.assigned import follow
from rapport.records.store import change
from rapport.records.tests.rollups import until_closed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ida() -> User:
    follow()
    return make_user()


@pytest.fixture
def ben(ida: User) -> User:
    ben = make_user("Ben Roth", "member")
    User.objects.filter(pk=ben.pk).update(language="es")
    return User.objects.get(pk=ben.pk)


def told(user: User) -> list[str]:
    until_closed()
    follow()
    return list(
        Notification.objects.filter(user=user).order_by("id").values_list("text", flat=True)
    )


def given(by: User, owner: User, *names: str, via: str = "web") -> None:
    with change(principal_of(by), via=via) as made:
        for name in names:
            made.create("person", {"name": name, "owner": owner.pk})


def test_one_record_is_named_in_the_words_of_its_new_owner(ida: User, ben: User) -> None:
    given(ida, ben, "Ada Nord")
    assert told(ben) == [f"{ida.name} te ha dado Ada Nord"]
    assert told(ben) == [f"{ida.name} te ha dado Ada Nord"], "once"
    notice = Notification.objects.get(user=ben)
    assert notice.about_id is not None
    assert notice.url == f"/people/{notice.about_id}/"


def test_many_are_counted_and_lead_to_what_was_done(ida: User, ben: User) -> None:
    given(ida, ben, "Ada Nord", "Bea Sol")
    assert told(ben) == [f"{ida.name} te ha dado 2 personas"]


def test_what_one_takes_himself_or_a_file_brings_or_is_undone_is_no_news(
    ida: User, ben: User
) -> None:
    given(ben, ben, "Ada Nord")
    given(ida, ben, "Bea Sol", via="import")
    with change(principal_of(ida), via="web") as made:
        key = made.create("person", {"name": "Eva Lund", "owner": ida.pk})
    mia = principal_of(make_user("Mia Sand", "manager"))
    with change(mia, via="web") as taken:
        taken.update("person", key, {"owner": mia.user_id})
    undo(mia, taken.id, via="web")
    assert told(ben) == []
    assert told(ida) == []


def test_who_does_not_see_them_or_is_gone_is_not_told(ida: User, ben: User) -> None:
    change_grants(Role.objects.get(key="member"), {"*": {"view": "none"}})
    given(ida, User.objects.get(pk=ben.pk), "Ada Nord")
    gone = make_user("Mia Gone", "manager")
    given(ida, gone, "Bea Sol")
    deactivate(gone)
    assert told(ben) == []
    assert told(gone) == []
