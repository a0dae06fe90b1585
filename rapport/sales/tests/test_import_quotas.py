"""Files of which the database refuses some rows, and of which fields are left out."""

from __future__ import annotations

import pytest

from rapport.accounts.testing import make_user
from rapport.records.models import ImportRun
from rapport.sales.models import Quota
from rapport.sales.tests.test_import_deals import take, tally

pytestmark = pytest.mark.django_db


def reasons(run: ImportRun) -> list[tuple[int, str]]:
    return list(run.problems.order_by("number").values_list("number", "reason"))


def test_a_row_that_the_database_refuses_comes_back_and_the_others_go_in() -> None:
    make_user("ada@example.com")
    days = ("01-01", "04-01", "07-01", "04-01", "10-01")
    rows = [f"ada@example.com,2024-{day},{n}000\n" for n, day in enumerate(days, 1)]
    run = take("Owner,Quota Date,Sales Quota\n" + "".join(rows), "quota")
    assert tally(run) == (4, 0, 0, 1, 0)
    assert reasons(run) == [(4, "There is a quota of this owner for that time already.")]
    amounts = Quota.objects.order_by("begins").values_list("amount", flat=True)
    assert list(amounts) == [1000, 2000, 3000, 5000]


def test_a_field_that_the_file_leaves_out_begins_as_in_a_form() -> None:
    take("Quota Date,Sales Quota\n2024-01-01,1000\n", "quota")
    assert Quota.objects.get().span == "quarter"


def test_a_row_that_would_change_a_record_against_a_limit_comes_back() -> None:
    owner = make_user("ada@example.com").email
    head = "Owner,External ID,Quota Date,Sales Quota\n"
    take(head + f"{owner},a,2024-01-01,1000\n{owner},b,2024-04-01,2000\n", "quota")
    run = take(head + f"{owner},b,2024-01-01,3000\n{owner},a,2024-01-01,4000\n", "quota")
    assert tally(run) == (0, 1, 0, 1, 0)
    assert reasons(run) == [(1, "There is a quota of this owner for that time already.")]
    amounts = Quota.objects.order_by("external_id").values_list("amount", flat=True)
    assert list(amounts) == [4000, 2000]
