"""Contact cards become rows: one each, with everything they say in a column of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from rapport.records.imports.reading import Table, open_table
from rapport.records.imports.tests.samples import DATA


def people(table: Table) -> list[dict[str, str]]:
    return [
        {column: text for column, text in zip(table.columns, row.cells, strict=True) if text}
        for row in table.rows()
    ]


def card(name: str) -> dict[str, str]:
    return people(open_table(DATA / "vcard" / name))[0]


def table_of(tmp_path: Path, text: str, encoding: str = "utf-8") -> Table:
    path = tmp_path / "cards.vcf"
    path.write_bytes(text.encode(encoding))
    return open_table(path)


@pytest.mark.parametrize(
    ("name", "cards"),
    [
        ("John_Doe_ANDROID.vcf", 6), ("John_Doe_EVOLUTION.vcf", 1), ("John_Doe_GMAIL.vcf", 1),
        ("John_Doe_MAC_ADDRESS_BOOK.vcf", 1), ("John_Doe_MS_OUTLOOK.vcf", 1),
        ("fullcontact.vcf", 1), ("gmail-list.vcf", 3), ("gmail-single.vcf", 1),
        ("issue114.vcf", 1), ("jcard-example.json", 1), ("outlook-2003.vcf", 1),
        ("rfc2426-example.vcf", 2),
    ],
)  # fmt: skip
def test_every_card_of_every_program_is_a_good_row(name: str, cards: int) -> None:
    table = open_table(DATA / "vcard" / name)
    assert table.format == ("jcard" if name.endswith("json") else "vcard")
    assert [row.problem for row in table.rows()] == [None] * cards
    assert (table.tally.good, table.tally.bad, table.tally.blank) == (cards, 0, 0)


def test_names_addresses_and_groups_of_an_address_book() -> None:
    john = card("John_Doe_MAC_ADDRESS_BOOK.vcf")
    assert (john["First Name"], john["Last Name"], john["Suffix"]) == ("John", "Doe", "Sr.")
    assert (john["Company"], john["Department"]) == ("IBM", "Accounting")
    assert (john["Phone 1 - Label"], john["Phone 1 - Value"]) == ("Work", "905-777-1234")
    assert john["Phone 7 - Label"] == "AssistantPhone"
    assert john["Address 2 - Street"] == "Street4\nBuilding 6\nFloor 8"
    assert john["Website 1 - Label"] == "HomePage"
    assert "PHOTO" not in " ".join(john)


def test_quoted_printable_of_version_2() -> None:
    third = people(open_table(DATA / "vcard/John_Doe_ANDROID.vcf"))[2]
    assert third["Name"] == "Ñ Ñ Ñ Ñ Ñ"
    note = card("outlook-2003.vcf")["Notes"]
    assert note == "This is the note field!!\nSecond line\n\nThird line is empty"


def test_jcard_says_the_same_as_vcard_4() -> None:
    simon = card("jcard-example.json")
    assert simon["Phone 1 - Value"] == "+1-418-656-9254 ext. 102"
    assert simon["Address 1 - Street"] == "2875 Laurier\nSuite D2-630"
    assert simon["Suffix"] == "ing. jr,M.Sc."
    assert (simon.get("Birthday"), simon["Birthday without year"]) == (None, "--02-03")


def test_several_values_keep_their_labels_with_the_preferred_first(tmp_path: Path) -> None:
    ann = people(
        table_of(
            tmp_path,
            "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ann Lee\r\nEMAIL;TYPE=home:a@home.example\r\n"
            "EMAIL;TYPE=work;PREF=1:a@work.example\r\nTEL;TYPE=work,fax:+4989123\r\n"
            "URL:https://www.linkedin.com/in/ann\r\nBDAY:19800321\r\nEND:VCARD\r\n",
        )
    )[0]
    assert ann["E-mail 1 - Value"] == "a@work.example"
    assert ann["E-mail 2 - Label"] == "Home"
    assert ann["Phone 1 - Label"] == "Work fax"
    assert ann["LinkedIn"] == "https://www.linkedin.com/in/ann"
    assert ann["Birthday"] == "1980-03-21"


def test_what_is_left_out_is_told(tmp_path: Path) -> None:
    table = table_of(
        tmp_path,
        "BEGIN:VCARD\nFN:Team\nKIND:group\nEND:VCARD\n"
        "BEGIN:VCARD\nFN:Ann\nPHOTO;ENCODING=b:AAAA\nX-SPOUSE:Bo\nno property at all\nEND:VCARD\n",
    )
    assert [note.code for note in table.notes] == [
        "groups", "media", "damaged_lines", "unknown_entries",
    ]  # fmt: skip
    assert people(table) == [{"Name": "Ann"}]


def test_a_card_without_end_is_bad_and_the_next_is_good(tmp_path: Path) -> None:
    table = table_of(
        tmp_path, "BEGIN:VCARD\nFN:Ann\nBEGIN:VCARD\nFN:Bo\nEND:VCARD\nBEGIN:VCARD\nFN:Cy\n"
    )
    assert [(row.cells, bool(row.problem)) for row in table.rows()] == [
        (["Ann"], True), (["Bo"], False), (["Cy"], True),
    ]  # fmt: skip


def test_an_assistants_card_inside_does_not_end_the_outer_one(tmp_path: Path) -> None:
    table = table_of(
        tmp_path,
        "BEGIN:VCARD\nVERSION:2.1\nFN:Ann\nAGENT:\nBEGIN:VCARD\nFN:Bo\nEND:VCARD\n"
        "TEL:123456\nEND:VCARD\n",
    )
    assert people(table) == [{"Name": "Ann", "Phone 1 - Value": "123456"}]


@pytest.mark.parametrize("charset", ["UTF-8", "no-such", "hex", "windows-1252"])
def test_an_odd_charset_of_a_line_does_not_matter(tmp_path: Path, charset: str) -> None:
    line = f"FN;CHARSET={charset};ENCODING=QUOTED-PRINTABLE:Ann=20Lee"
    assert people(table_of(tmp_path, f"BEGIN:VCARD\n{line}\nEND:VCARD\n")) == [{"Name": "Ann Lee"}]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_cards_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    table = table_of(tmp_path, "BEGIN:VCARD\r\nFN:Jörg Müller\r\nEND:VCARD\r\n", encoding)
    assert people(table) == [{"Name": "Jörg Müller"}]
