"""Queries whose text is kept: the same rows as the builder's, for whoever asks."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db.models import F

from rapport.accounts.models import User
from rapport.accounts.principals import Grant, Principal, Scope
from rapport.accounts.testing import make_user
from rapport.records import access, registry
from rapport.records.compiled import (
    NOTHING,
    AnyOf,
    Ask,
    Compiled,
    Given,
    ask_together,
    compiled,
    union,
)
from rapport.records.testing import HOUSE, make_sample

NUMBERS = Compiled("SELECT id, to_jsonb(1.5) FROM accounts_user WHERE id = ANY (%(ids)s)")


def test_a_query_without_rows_is_no_statement() -> None:
    empty = compiled(User.objects.filter(pk__in=[]).values_list("pk"))
    assert empty == NOTHING
    assert empty.run() == []
    assert union([empty, NUMBERS]) == NUMBERS


@pytest.mark.django_db
def test_a_compiled_query_takes_other_values_each_time() -> None:
    one, other = make_user(), make_user(email="other@example.com")
    found = compiled(User.objects.filter(AnyOf(F("pk"), Given("ids"))).values_list("pk"))
    assert found.run(ids=[one.pk]) == [(one.pk,)]
    assert {key for (key,) in found.run(ids=[one.pk, other.pk])} == {one.pk, other.pk}


@pytest.mark.django_db
def test_questions_share_a_statement_but_no_place() -> None:
    user = make_user()
    first = Ask(NUMBERS, {"ids": [user.pk]})
    found = ask_together({"one": first, "two": first, "none": Ask(NOTHING)})
    assert found == {"one": [(user.pk, Decimal("1.5"))], "two": [(user.pk, 1.5)], "none": []}
    with pytest.raises(ValueError, match="another value"):
        ask_together({"one": first, "two": Ask(NUMBERS, {"ids": []})})
    with pytest.raises(ValueError, match="can't name"):
        ask_together({"two words": first})


@pytest.mark.django_db
def test_what_is_kept_for_one_reader_shows_another_no_more() -> None:
    """The text of titles is kept by reach: a colleague's own reach never gets mine."""
    mine, other = make_user(), make_user(email="other@example.com")
    record = make_sample("person", values={"owner": str(mine.pk)})

    def reader(user: User) -> Principal:
        return Principal("staff", user.pk, grants={"*": Grant(view=Scope.OWN)})

    for _turn in range(2):
        assert set(access.titles(HOUSE, [("person", record)], "en")) == {record}
        assert set(access.titles(reader(mine), [("person", record)], "en")) == {record}
        assert access.titles(reader(other), [("person", record)], "en") == {}
    assert access.titles(Principal("anonymous"), [("person", record)], "en") == {}


def test_the_edition_tells_of_every_change_of_declarations() -> None:
    before = registry.edition()
    registry.settle()
    assert registry.edition() > before
