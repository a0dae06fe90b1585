"""How names and values decide where a column goes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rapport.records.imports.mapping import Suggestion, Target, suggest
from rapport.records.imports.mapping.dates import detect_order
from rapport.records.imports.mapping.headings import heading
from rapport.records.imports.mapping.numbers import detect_decimal
from rapport.records.imports.tests.samples import COMPANY, DEAL, PERSON, TASK


def one(column: str, values: list[str], fields: list[Target]) -> Suggestion:
    return suggest([column], [values], fields, "en")[0]


def to(column: str, fields: list[Target], values: list[str] | None = None) -> str | None:
    return one(column, values or [], fields).target


@pytest.mark.parametrize(
    ("text", "words", "number"),
    [
        ("E-mail 1 - Value", "email 1 value", 1), ("BILLINGSTREET", "billingstreet", 0),
        ("property_hs_pipeline_stage", "pipeline stage", 0),
        ("emailAddress2", "email address 2", 2),
        ("ACCOUNTNUMBER__C", "accountnumber", 0),
        ("Straße geschäftlich", "strasse geschaftlich", 0),
        ("Téléphone (bureau)", "telephone bureau", 0), ("HTTPServer", "http server", 0),
        ("AddressLine1", "address line 1", 1), ("景點編號", "景點編號", 0),
    ],
)  # fmt: skip
def test_names_are_compared_without_their_dress(text: str, words: str, number: int) -> None:
    assert (" ".join(heading(text).words), heading(text).number) == (words, number)


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("Nombre", "first_name"), ("Apellidos", "last_name"), ("Vorname", "first_name"),
        ("Nom", "last_name"), ("Correo electrónico", "emails"), ("Handy", "phones"),
        ("Teléfono móvil", "phones"), ("Empresa", "company"), ("Firma", "company"),
        ("PLZ", "address.postal_code"), ("Código postal", "address.postal_code"),
        ("Ort", "address.city"), ("País", "address.country"), ("Straße", "address.street"),
        ("Geburtsdatum", "birthday"), ("Cargo", "job_title"), ("Comentarios", "description"),
        ("Etiquetas", "tags"), ("LinkedIn Profile URL", "linkedin"), ("D.O.B.", "birthday"),
        ("Customer E-mail", "emails"), ("work_phone", "phones"),
        ("Zip/Postal Code", "address.postal_code"),
    ],
)  # fmt: skip
def test_words_of_several_languages(column: str, field: str) -> None:
    assert to(column, PERSON) == field


@pytest.mark.parametrize(
    ("heads", "rows", "fields"),
    [
        (["Nombre", "Apellidos"], [["Marta", "Ibáñez"]], ["first_name", "last_name"]),
        (["Name", "Surname"], [["Marta", "Ibáñez"]], ["first_name", "last_name"]),
        (["Name", "Vorname"], [["Ibáñez", "Marta"]], ["last_name", "first_name"]),
        (["Name", "Surname"], [["Marta Ibáñez", "Ibáñez"]], ["name", "last_name"]),
        (["Full name", "Surname"], [["Marta", "Ibáñez"]], ["name", "last_name"]),
        (["First", "Last", "Name"], [["Ada", "Ray", "A"]], ["first_name", "last_name", "name"]),
        (["Nombre", "Ciudad"], [["Marta Ibáñez", "Sevilla"]], ["name", "address.city"]),
    ],
)  # fmt: skip
def test_a_bare_name_beside_half_a_name_is_the_other_half(
    heads: list[str], rows: list[list[str]], fields: list[str]
) -> None:
    columns = [list(column) for column in zip(*rows, strict=True)]
    people = [
        replace(field, labels={**field.labels, "es": "Nombre"}) if field.name == "name" else field
        for field in PERSON
    ]
    assert [found.target for found in suggest(heads, columns, people, "en")] == fields


def test_what_a_word_means_depends_on_the_object() -> None:
    assert [to("Company", fields) for fields in (PERSON, COMPANY, DEAL)] == [
        "company",
        "name",
        "company",
    ]
    assert [to("Contact", fields) for fields in (PERSON, DEAL, TASK)] == ["name", "people", "about"]
    assert [to("Estado", fields) for fields in (PERSON, TASK)] == ["address.region", "status"]


def test_a_title_is_what_its_values_say() -> None:
    assert to("Title", PERSON, ["Mr.", "Dr.", "Ms."]) == "salutation"
    assert to("Title", PERSON, ["Head of Sales", "CEO"]) == "job_title"
    assert to("Title", TASK, ["Call Ann"]) == "subject"


@pytest.mark.parametrize(
    "column",
    [
        "email_bounced_date", "has_opted_out_of_email", "Email opt-in", "Last phone call",
        "email_encoding_key", "Number of phone calls", "call_type", "Address verified at",
    ],
)  # fmt: skip
def test_words_about_a_way_are_not_the_way(column: str) -> None:
    assert to(column, PERSON) is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (["ann@x.example", "bo@y.example"], "emails"),
        (["+49 160 1234567", "(089) 123-4567"], "phones"),
        (["https://www.linkedin.com/in/ann"], "linkedin"),
        (["www.acme.example", "https://ek.example/shop"], "website"),
        (["Germany", "España", "FR"], "address.country"),
    ],
)
def test_values_speak_where_the_name_says_nothing(values: list[str], field: str) -> None:
    found = one("Column 7", values, PERSON)
    assert found.target == field
    assert found.confidence >= 0.75
    assert "values" in found.reason


@pytest.mark.parametrize(
    "values",
    [
        ["2024-05-01", "2023-11-30"], ["12", "700"], ["1234567890", "9876543210"], ["yes", "no"],
        ["4f2a9c01d3b84e6f8a7c5d3e2b1a0f9e"], ["192.168.10.201", "10.20.30.401"],
    ],
)  # fmt: skip
def test_days_figures_and_keys_are_no_phones(values: list[str]) -> None:
    found = one("Column 7", values, PERSON)
    assert found.target is None or found.confidence < 0.75


def test_values_against_a_name_raise_the_question() -> None:
    found = one("E-mail", ["yes", "no", "no", "yes"], PERSON)
    assert (found.target, found.confidence < 0.75) == ("emails", True)
    assert "look different" in found.reason
    scrambled = one("E-mail", ["4f2a9c01d3b84e6f8a7c5d3e2b1a0f9e"] * 4, PERSON)
    assert scrambled.confidence >= 0.75, "nothing can be told from a digest"


def test_several_ways_keep_their_labels() -> None:
    columns = ["Email", "Work e-mail", "Email 3", "Mobile", "Fax", "Home phone"]
    found = suggest(columns, [[]] * 6, PERSON, "en")
    assert [(one.target, one.label) for one in found] == [
        ("emails", ""), ("emails", "work"), ("emails", ""), ("phones", "mobile"),
        ("phones", "fax"), ("phones", "home"),
    ]  # fmt: skip


def test_of_two_columns_for_one_field_the_better_wins() -> None:
    first, second = suggest(["Position", "Job title"], [["x"], ["y"]], PERSON, "en")
    assert (first.target, second.target) == (None, "job_title")
    assert first.reason == "“Job title” already goes to this field."


def test_an_empty_column_yields_to_one_with_values() -> None:
    found = suggest(["Job title", "Position"], [[], ["CEO"]], PERSON, "en")
    assert [one.target for one in found] == [None, "job_title"]


def test_a_name_yields_the_company_where_both_name_and_key_are_there() -> None:
    found = suggest(["Account ID", "Account Name"], [["001"], ["Acme"]], PERSON, "en")
    assert [one.target for one in found][1] == "company"


def test_own_fields_are_found_by_label_in_any_language_and_by_synonym() -> None:
    fields = [
        Target("shoe_size", {"en": "Shoe size", "es": "Talla de zapato"}, ("footwear",), "decimal"),
        *PERSON,
    ]
    for column in ("shoe size", "TALLA DE ZAPATO", "Footwear", "shoe_size"):
        assert to(column, fields) == "shoe_size"


def test_a_field_called_currency_takes_the_currency() -> None:
    fields = [Target("amount", {}, (), "money"), Target("currency", {}, (), "currency")]
    assert to("Currency", fields) == "currency"
    assert to("Currency", [fields[0]]) == "amount.currency"


def test_flat_address_fields_and_other_names_are_found() -> None:
    fields = [Target(name) for name in ("street", "postal_code", "country", "prefix", "first_name")]
    assert [to(name, fields) for name in ("Billing Street", "ZIP", "Land", "Anrede")] == [
        "street", "postal_code", "country", "prefix",
    ]  # fmt: skip


def test_a_typing_error_is_forgiven_but_asked_about() -> None:
    found = one("Deparment", ["Sales"], PERSON)
    assert (found.target, found.confidence < 0.75) == ("department", True)


def test_reasons_come_in_the_language_asked_for() -> None:
    assert suggest(["x"], [[]], PERSON, "en")[0].reason == "The column is empty."


@pytest.mark.parametrize(
    ("samples", "order"),
    [
        (["2024-05-01", "2023-12-31"], "ymd"), (["19800321"], "ymd"),
        (["01/02/2024", "25/12/2023"], "dmy"), (["01/02/2024", "12/25/2023"], "mdy"),
        (["01/02/2024", "03/04/2024"], ""), (["1.2.2024"], "dmy"),
        (["01/02/2024 14:30", "31/01/2024 09:00"], "dmy"), (["13/14/2026"], ""), ([], ""),
        (["25/12/2023"] * 9 + ["12/25/2023"], "dmy"), (["25/12/2023", "12/25/2023"], ""),
    ],
)  # fmt: skip
def test_the_order_of_day_and_month_is_proved_or_left_open(samples: list[str], order: str) -> None:
    assert detect_order(samples) == order


@pytest.mark.parametrize(
    ("samples", "mark"),
    [
        (["1.234,50"], ","), (["1,234.50"], "."), (["12,5", "7,25"], ","), (["3.14"], "."),
        (["1.234"], ""), (["1.234.567"], ","), (["1,234,567"], "."), (["1 234,5 €"], ","),
        (["$1,200"], ""), (["0.125"], "."), (["1'234.5"], "."), (["12"], ""), (["abc"], ""),
        (["12.5 %", "CHF 3.50"], "."), (["1,5", "2.5"], ""),
    ],
)  # fmt: skip
def test_the_decimal_mark_is_proved_or_left_open(samples: list[str], mark: str) -> None:
    assert detect_decimal(samples) == mark


def test_hints_go_with_the_kinds_that_need_them() -> None:
    found = suggest(
        ["Close date", "Amount", "Name"],
        [["31/12/2024"], ["1.200,50"], ["31/12/2024"]],
        DEAL,
        "en",
    )
    assert [(one.date_order, one.decimal) for one in found] == [("dmy", ""), ("", ","), ("", "")]


def test_what_two_described_records_have_is_that_of_the_first() -> None:
    order = ["person", "company", "parent", "partner", "payer", "site", "agent", "host"]
    fields = [Target(f"{one}.city", {"en": "City"}) for one in order]
    for first in range(len(order)):
        assert to("City", fields[first:]) == f"{order[first]}.city"
        assert to("Town", fields[first:]) == f"{order[first]}.city"
