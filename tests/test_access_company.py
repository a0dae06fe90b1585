"""Nobody is told by any page of a whole company of what he can't see in it.

Two worlds differ only in that: the values of hidden fields, and that there are other records at
all. Doors that these answers miss are named in `access/elsewhere.txt`.
"""

from __future__ import annotations

import pytest

from tests.access.company import (
    HOUSE_ITSELF,
    Asker,
    blind,
    found_company,
    lacking,
    narrow,
    telling,
)
from tests.test_access_matrix import OBJECTS

pytestmark = [
    pytest.mark.usefixtures("renewed_database"), pytest.mark.django_db, pytest.mark.long,
]  # fmt: skip
AREAS = (HOUSE_ITSELF, *(one.name for one in OBJECTS))
#: Without these most pages of the house are refused in part.
LACKED = ("company", "person", "deal", "quote", "product", "contract")


@pytest.mark.parametrize("area", AREAS)
def test_one_who_reaches_his_own_only_is_told_of_nothing_else(area: str) -> None:
    found_company()
    _assert_untold(narrow(), area)


@pytest.mark.parametrize("area", AREAS)
def test_one_from_whom_fields_are_hidden_is_told_nothing_of_them(area: str) -> None:
    found_company()
    _assert_untold(blind(), area)


@pytest.mark.parametrize("name", LACKED)
def test_the_house_tells_nothing_of_an_object_that_somebody_lacks(name: str) -> None:
    found_company()
    _assert_untold(lacking(name), HOUSE_ITSELF)


def _assert_untold(asker: Asker, area: str) -> None:
    assert telling(asker, area) == []
