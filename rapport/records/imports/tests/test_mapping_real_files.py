"""Every people, company, deal and task file maps its standard columns by itself."""

from __future__ import annotations

import tomllib

import pytest

from rapport.records.imports.mapping import Suggestion, sample_columns, suggest
from rapport.records.imports.reading import open_table
from rapport.records.imports.tests.samples import (
    COMPANY,
    DATA,
    DEAL,
    LEAD,
    PERSON,
    TASK,
    here_or_shared,
)

SURE = 0.75

OBJECTS = {"person": PERSON, "company": COMPANY, "deal": DEAL, "lead": LEAD, "task": TASK}
EXPECTED = tomllib.loads((DATA / "standard_columns.toml").read_text())


def suggestions(name: str) -> list[Suggestion]:
    with open_table(here_or_shared(name)) as table:
        fields = OBJECTS[EXPECTED[name]["object"]]
        return suggest(table.columns, sample_columns(table), fields, "en")


@pytest.mark.parametrize("name", EXPECTED)
def test_standard_columns_need_no_hand(name: str) -> None:
    found: dict[str, str | list[str]] = {"object": EXPECTED[name]["object"]}
    for one in suggestions(name):
        if one.target and one.confidence >= SURE:
            before = found.get(one.target, [])
            columns = [*([before] if isinstance(before, str) else before), one.column]
            found[one.target] = columns[0] if len(columns) == 1 else columns
    assert found == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_every_column_has_a_reason(name: str) -> None:
    for one in suggestions(name):
        assert one.reason
        assert 0 <= one.confidence <= 1
        assert len(one.samples) <= 3


def test_relations_say_how_they_are_looked_up() -> None:
    def lookups(name: str) -> dict[str, str]:
        return {one.column: one.match for one in suggestions(name) if one.match}

    contacts = lookups("crm-salesforce-seeds/sf_contact_data.csv")
    assert contacts["account_id"] == "external_id"
    deals = lookups("crm-sales-opportunities/sales_pipeline_until_2017-06.csv")
    assert deals == {"sales_agent": "name", "account": "name", "deal_stage": "name"}
    template = "crm-salesforce-dataloader/updateAccountWithExternalIdCsvTemplate.csv"
    assert lookups(template) == {"OWNER:User-username": "email"}


def test_bookkeeping_columns_are_left_out_with_their_reason() -> None:
    found = {
        one.column: one
        for one in suggestions("crm-hubspot-seeds/contact_data.csv")
        if one.target is None
    }
    assert "copied the data" in found["_fivetran_synced"].reason
    accounts = suggestions("crm-salesforce-dataloader/accountData.csv")
    reasons = {one.column: one.reason for one in accounts if one.target is None}
    assert "keeps this for itself" in reasons["SYSTEMMODSTAMP"]
    assert "names nobody here" in reasons["OWNERID"]
    assert "one address" in reasons["SHIPPINGCITY"]


def test_street_lines_are_joined_in_their_order() -> None:
    parts = {
        one.column: (one.part, one.glue)
        for one in suggestions("record-linkage-febrl/febrl_dataset1.csv")
        if one.target == "address.street"
    }
    assert parts == {"street_number": (1, ""), "address_1": (2, " "), "address_2": (3, "\n")}
