"""Amounts of companies and of formulas are compared, ordered and added up in one currency."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from rapport.accounts.models import Workspace
from rapport.contacts.models import Company
from rapport.records import registry
from rapport.records.kinds.base_amount import Converted
from rapport.records.models import Change
from rapport.records.reading import Source, context_for
from rapport.records.reading.grouping import read_sums
from rapport.records.testing import HOUSE, create, found, read, reader, update, why
from rapport.records.tests.formulas import formula
from rapport.records.tests.rollups import counted, followed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def companies() -> dict[str, UUID]:
    create("exchange_rate", currency="JPY", day="2020-01-01", rate="0.005")
    return {
        text: create("company", name=text, annual_revenue=text)
        for text in ("1000 EUR", "100000 JPY", "900000 JPY", "5 CHF")
    }


def in_order(field: str) -> list[str]:
    key = registry.get("company").fields[field].sort_key()
    return list(Company.objects.order_by(key, "pk").values_list("name", flat=True))


def added_up(field: str) -> Any:
    workspace = Workspace.objects.get()
    context = context_for(HOUSE, workspace)
    kind = registry.get("company").fields[field]
    _number, sums = read_sums(Source(Company.objects.all), [kind], context)
    return sums[field]


def test_revenue_is_reckoned_in_the_currency_of_the_workspace(companies: dict[str, UUID]) -> None:
    euros, _few, many, unknown = companies.values()
    assert in_order("annual_revenue") == ["5 CHF", "100000 JPY", "1000 EUR", "900000 JPY"]
    assert found("company", "annual_revenue", "gt", "600") == {euros, many}
    assert found("company", "annual_revenue", "gt", "200000 JPY") == {many}
    assert found("company", "annual_revenue", "filled", "") == set(companies.values())
    assert added_up("annual_revenue") == Decimal(6000)
    assert isinstance(added_up("annual_revenue"), Converted)
    ours = registry.get("company").fields["annual_revenue_base"]
    shown = [
        ours.plain(read("company", one, ours.name), reader()) for one in (euros, many, unknown)
    ]
    assert shown == ["€1,000", "≈ €4,500", ""]

    version = Company.objects.get(pk=unknown).version
    create("exchange_rate", currency="CHF", day="2020-01-01", rate="400")
    assert found("company", "annual_revenue", "gt", "600") == {euros, many, unknown}
    assert Company.objects.get(pk=unknown).version == version
    update("company", unknown, annual_revenue="")
    assert Company.objects.get(pk=unknown).annual_revenue_base is None
    logged = Change.objects.get(record_id=many, kind="create").new or {}
    assert "annual_revenue_base" not in logged


def test_a_formula_in_the_currency_of_its_record_is_reckoned_too(
    companies: dict[str, UUID],
) -> None:
    euros, few, many, _unknown = companies.values()
    formula("half", "if(amount(annual_revenue) > 10, annual_revenue / 2, blank())", on="company")
    assert read("company", many, "half") == (Decimal(450000), "JPY")
    assert in_order("half") == ["5 CHF", "100000 JPY", "1000 EUR", "900000 JPY"]
    assert found("company", "half", "gt", "300") == {euros, many}
    assert found("company", "half", "lt", "100000 JPY") == {few}
    assert added_up("half") == Decimal(3000)
    assert isinstance(added_up("half"), Converted)


def test_what_a_rate_had_a_part_in_says_so(companies: dict[str, UUID]) -> None:
    euros, _few, many, _unknown = companies.values()
    firm = create("company", name="Firm")
    deal = create("deal", name="Near", company=str(firm), amount="100 EUR")
    formula("worth", "sum(deals.amount)", on="company")
    formula("twice", "worth * 2", on="company")
    formula("ours", "base(annual_revenue)", on="company")
    formula("theirs", "company.annual_revenue", on="deal")
    counted()

    def shown(name: str, record: UUID, on: str = "company") -> str:
        return registry.get(on).fields[name].plain(read(on, record, name), reader())

    assert (shown("worth", firm), shown("ours", euros)) == ("€100", "€1,000")
    assert shown("ours", many) == "≈ €4,500"
    create("deal", name="Far", company=str(firm), amount="1000 JPY")
    update("deal", deal, company=str(many))
    followed()
    assert (shown("worth", firm), shown("twice", firm)) == ("≈ €5", "≈ €10")
    assert shown("worth", many) == "€100"
    assert shown("theirs", deal, "deal") == "≈ €4,500"
    assert "rate" in why("company", firm, "worth").rule
