"""Every row of every real file is accounted for."""

from __future__ import annotations

from pathlib import Path

import pytest

from rapport.records.imports.reading import open_table
from rapport.records.imports.tests.samples import here_or_shared

WHOLE = {
    "adventureworks/Address.csv.gz": 19_614,
    "adventureworks/BusinessEntityContact.csv": 909,
    "adventureworks/Customer.csv.gz": 19_820,
    "adventureworks/EmailAddress.csv.gz": 19_972,
    "adventureworks/Employee.csv": 290,
    "adventureworks/PersonPhone.csv.gz": 19_972,
    "adventureworks/Store.csv": 701,
    "adventureworks/Vendor.csv": 104,
    "adventureworks/labs_customers.csv": 847,
    "adventureworks/labs_sales_lines.csv.gz": 32_718,
    "crm-hubspot-seeds/company_data.csv": 24,
    "crm-hubspot-seeds/contact_data.csv": 22,
    "crm-hubspot-seeds/deal_data.csv": 44,
    "crm-hubspot-seeds/engagement_task_data.csv": 2,
    "crm-hubspot-seeds/owner_data.csv": 100,
    "crm-sales-opportunities/accounts.csv": 85,
    "crm-sales-opportunities/sales_pipeline_until_2017-06.csv": 4_615,
    "crm-salesforce-dataloader/SoqlInClauseFromCSV.csv": 20,
    "crm-salesforce-dataloader/accountData.csv": 423,
    "crm-salesforce-dataloader/accountsForInsert.csv": 4,
    "crm-salesforce-dataloader/constantMappingInCsv.csv": 2,
    "crm-salesforce-dataloader/constantMappingInCsvClashing.csv": 2,
    "crm-salesforce-dataloader/csvtext.csv": 2,
    "crm-salesforce-dataloader/csvtext_BOM_UTF8.csv": 2,
    "crm-salesforce-dataloader/dateEndingInZ.csv": 1,
    "crm-salesforce-dataloader/dateOnlyWithTimeZone.csv": 2,
    "crm-salesforce-dataloader/dateUsingDefaultTimeZone.csv": 1,
    "crm-salesforce-dataloader/deleteAccountCsvTemplate.csv": 100,
    "crm-salesforce-dataloader/emptyFirstRowFieldValueInCsvTemplate.csv": 2,
    "crm-salesforce-dataloader/error0413060133.csv": 11,
    "crm-salesforce-dataloader/hardDeleteAccountCsvTemplate.csv": 100,
    "crm-salesforce-dataloader/hardDeleteInvalidIDFailsOtherValidIDPassesTemplate.csv": 3,
    "crm-salesforce-dataloader/insertAccountCsv.csv": 100,
    "crm-salesforce-dataloader/insertAccountWithMultipleBatchesCSV.csv": 3,
    "crm-salesforce-dataloader/insertTaskWithContactAsWhoCsv.csv": 1,
    "crm-salesforce-dataloader/oneToManySforceFieldsMappingInCsv.csv": 2,
    "crm-salesforce-dataloader/success0413060133.csv": 9,
    "crm-salesforce-dataloader/updateAccountCsvTemplate.csv": 100,
    "crm-salesforce-dataloader/updateAccountWithExternalIdCsvTemplate.csv": 5,
    "crm-salesforce-dataloader/upsertAccountCsvTemplate.csv": 100,
    "crm-salesforce-dataloader/upsertAccountSmallTemplate.csv": 10,
    "crm-salesforce-dataloader/upsertFkAccountNewFormatCsvTemplate.csv": 5,
    "crm-salesforce-dataloader/upsertFkAccountOldFormatCsvTemplate.csv": 50,
    "crm-salesforce-dataloader/upsertWithRowOffsetTemplate.csv": 10,
    "crm-salesforce-seeds/sf_account_data.csv": 10,
    "crm-salesforce-seeds/sf_account_history_data.csv": 10,
    "crm-salesforce-seeds/sf_contact_data.csv": 4,
    "crm-salesforce-seeds/sf_contact_history_data.csv": 4,
    "crm-salesforce-seeds/sf_event_data.csv": 10,
    "crm-salesforce-seeds/sf_lead_data.csv": 1,
    "crm-salesforce-seeds/sf_opportunity_data.csv": 10,
    "crm-salesforce-seeds/sf_opportunity_history_data.csv": 10,
    "crm-salesforce-seeds/sf_opportunity_line_item_data.csv": 10,
    "crm-salesforce-seeds/sf_order_data.csv": 10,
    "crm-salesforce-seeds/sf_product_2_data.csv": 2,
    "crm-salesforce-seeds/sf_task_data.csv": 10,
    "crm-salesforce-seeds/sf_user_data.csv": 10,
    "crm-salesforce-seeds/sf_user_role_data.csv": 10,
    "record-linkage-febrl/febrl_dataset1.csv": 1_000,
    "online-retail/online_retail_2010-12_to_2011-03.csv.gz": 142_083,
}
"""Files whose every record is a good row below one header line."""


@pytest.mark.parametrize("name", WHOLE)
def test_tidy_files_give_every_record(name: str) -> None:
    with open_table(here_or_shared(name)) as table:
        numbers = [row.number for row in table.rows() if row.problem is None]
    assert (len(numbers), numbers[-1]) == (WHOLE[name], WHOLE[name])
    assert (table.header, table.preamble, table.tally.bad) == (0, [], 0)


# file: (encoding, delimiter, columns, line of the header, good rows, blank rows below it)
MESSY: dict[str, tuple[str, str, int, int | None, int, int]] = {
    "begrotingsanalyse-2011.csv": ("utf-8", ",", 14, 4, 38, 0),
    "characters.csv": ("big5", ",", 18, 0, 382, 0),
    "complex.csv": ("utf-8", ",", 4, 0, 3, 0),
    "example.tsv": ("utf-8", "\t", 17, 0, 140, 0),
    "excel_pasting.csv": ("utf-8", ",", 9, 3, 16, 1),
    "mixedGLB.csv": ("utf-8", ",", 19, 3, 133, 0),
    "null.csv": ("utf-8", ",", 4, None, 10, 0),
    "simple.csv": ("utf-8", ",", 3, 0, 6, 0),
    "simple.psv": ("utf-8", "|", 6, 0, 28, 0),
    "simple.ssv": ("utf-8", ";", 3, 0, 6, 0),
    "simple.zip": ("utf-8", ",", 3, 0, 6, 0),
    "skip_initials.csv": ("utf-8", ",", 2, 0, 2, 0),
    "spanish_chars.csv": ("cp1252", ",", 8, 0, 115, 1),
    "sparse_with_column_errors.csv": ("cp1252", ",", 4, 0, 2_200, 37),
    "utf-16le_encoded.csv": ("utf-16", ",", 19, 0, 327, 0),
    "weird_head_padding.csv": ("utf-8", ";", 10, 11, 76, 6),
}


def messy(name: str) -> Path:
    return here_or_shared(f"messytables/{name}", shared=f"messy-csv/messytables/{name}")


@pytest.mark.parametrize("name", MESSY)
def test_untidy_files_are_understood_and_counted(name: str) -> None:
    with open_table(messy(name)) as table:
        rows = list(table.rows())
    tally = table.tally
    found = (table.encoding, table.delimiter, len(table.columns), table.header)
    assert (*found, tally.good, tally.blank) == MESSY[name]
    assert len(rows) == tally.good
    assert tally.bad == 0


def test_big5_and_umlauts_come_out_right() -> None:
    with open_table(messy("characters.csv")) as table:
        assert table.columns[1] == "景點編號"
    with open_table(messy("sparse_with_column_errors.csv")) as table:
        assert "Trägerorganisationen" in table.peek(1)[0].cells[1]


def test_a_comma_inside_quotes_after_a_blank_stays_inside() -> None:
    with open_table(messy("complex.csv")) as table:
        assert table.peek(3)[2].cells == ["2011-01-03", "", "6,000,000", "Galway"]
