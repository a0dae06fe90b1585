"""Exported files: what is in them, who gets them, and that they come back whole."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from rapport.accounts.testing import make_user, signed_in
from rapport.kit.formulas import restore
from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.kinds import Computed, Kind
from rapport.records.kinds.relation import Links, Relation
from rapport.records.models import Reading
from rapport.records.reading import context_for, read_record
from rapport.records.store import change
from rapport.records.testing import HOUSE, make_sample
from rapport.records.tests.covering import each_of
from rapport.records.tests.hostile import EDGES, NAUGHTY

pytestmark = pytest.mark.django_db
OBJECTS = [one for one in registry.all_objects() if one.trait == "mutable"]
every_object = each_of(OBJECTS)
DANGEROUS = tuple("=+-@\t\r＝＋－＠")
# Written for people: rows beside a record are told in words, relations by title.
IN_WORDS = {"rows", "employments", "people"}


@pytest.fixture
def browser() -> Client:
    return signed_in(make_user())


def body(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def table(browser: Client, plural: str, **query: Any) -> list[dict[str, str]]:
    text = body(browser.get(f"/{plural}/export/", query)).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def is_self_contained(kind: Kind) -> bool:
    return kind.editable and not (
        isinstance(kind, Computed | Relation | Links) or kind.type in IN_WORDS
    )


@every_object
def test_every_field_comes_back_as_it_was(browser: Client, declaration: type[Object]) -> None:
    record_id = make_sample(declaration.name, 5)
    (row,) = table(browser, declaration.plural, columns="all", header="names", id=record_id)
    assert row["id"] == str(record_id)
    context = context_for(HOUSE)
    kinds = {n: kind for n, kind in declaration.fields.items() if is_self_contained(kind)}
    stored = read_record(HOUSE, declaration.name, record_id, kinds, context)
    assert stored is not None
    for name, kind in kinds.items():
        back = kind.parse(restore(row[name]), context)
        # A value as it is read may be spelled out more than as it is typed; compare what is stored.
        assert kind.export(back, context) == kind.export(stored.values[name], context), name
        if kind.stored:
            assert kind.json(back) == kind.json(stored.values[name]), name


@pytest.mark.long
def test_any_text_comes_back_as_it_was(browser: Client) -> None:
    context = context_for(HOUSE)
    kind = registry.get("room").fields["name"]
    texts = [text for text in dict.fromkeys([*NAUGHTY, *EDGES]) if _is_kept(kind, text, context)]
    kept = {
        str(make_sample("room", values={"name": text})): kind.parse(text, context) for text in texts
    }
    for form in ("csv", "xlsx"):
        rows = rows_of(browser, form)
        assert len(rows) == len(kept) > 400
        for row in rows:
            assert restore(row["name"]) == kept[row["id"]]
            assert not row["name"].startswith(DANGEROUS)


def _is_kept(kind: Kind, text: str, context: Any) -> bool:
    try:
        return bool(kind.parse(text, context))
    except ValueError:
        return False


def rows_of(browser: Client, form: str) -> list[dict[str, Any]]:
    query = {"columns": "id,name", "header": "names"}
    if form == "csv":
        return table(browser, "rooms", **query)
    head, *lines = sheet(browser, "rooms", **query)
    return [dict(zip(head, line, strict=True)) for line in lines]


def sheet(browser: Client, plural: str, **query: Any) -> list[list[Any]]:
    content = body(browser.get(f"/{plural}/export/", {"format": "xlsx", **query}))
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_cell_runs_as_a_formula_cve_2021_25960(browser: Client, form: str) -> None:
    for sign in DANGEROUS:
        make_sample("room", values={"name": f"x{sign}", "notes": f"{sign}cmd|' /C calc'!A0"})
        make_sample("room", values={"name": f"{sign}HYPERLINK(1)" if sign.strip() else "a"})
    columns = "name,notes,shape,caption,plan,website"
    if form == "csv":
        cells = [cell for row in table(browser, "rooms", columns=columns) for cell in row.values()]
    else:
        cells = [str(cell) for row in sheet(browser, "rooms", columns=columns) for cell in row]
    assert not [cell for cell in cells if cell.startswith(DANGEROUS)]


def test_negative_numbers_and_phone_numbers_stay_what_they_are(browser: Client) -> None:
    make_sample("room", values={"seats": -5, "price": {"amount": -1.5, "currency": "EUR"}})
    (row,) = table(browser, "rooms", columns="seats,price", header="names")
    assert row == {"seats": "-5", "price": "-1.50 EUR"}
    make_sample("person", values={"phones": ["+49 30 1234567", "+34 600 123 456"]})
    (row,) = table(browser, "people", columns="phones", header="names")
    assert row["phones"].startswith("+49")


def test_the_file_holds_the_list_as_it_stands(browser: Client) -> None:
    for name, seats in (("Blue", 3), ("Red", 1), ("Green", 2)):
        make_sample("room", values={"name": name, "seats": seats})
    found = table(browser, "rooms", sort="-seats", columns="seats,name", **{"seats.gt": "1"})
    assert [list(row.items()) for row in found] == [
        [("Seats", "3"), ("Name", "Blue")],
        [("Seats", "2"), ("Name", "Green")],
    ]
    assert [row["Name"] for row in table(browser, "rooms", q="gre")] == ["Green"]


def test_pages_join_without_a_seam(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rapport.records.surfaces.export.rows.PAGE", 3)
    made = {str(make_sample("room", number)) for number in range(10)}
    for form, read in (("csv", table), ("jsonl", lines)):
        found = [
            row["id"] for row in read(browser, "rooms", columns="id", header="names", format=form)
        ]
        assert len(found) == 10
        assert set(found) == made


def lines(browser: Client, plural: str, **query: Any) -> list[dict[str, Any]]:
    return [
        json.loads(line) for line in body(browser.get(f"/{plural}/export/", query)).splitlines()
    ]


@every_object
def test_json_lines_are_what_the_api_gives(browser: Client, declaration: type[Object]) -> None:
    record_id = make_sample(declaration.name, 2)
    (line,) = lines(browser, declaration.plural, format="jsonl", columns="all", id=record_id)
    api = browser.get(f"/api/v1/{declaration.plural}/{record_id}", {"columns": "all"}).json()
    assert line == api


@every_object
def test_a_workbook_has_numbers_and_days_as_such(
    browser: Client, declaration: type[Object]
) -> None:
    record_id = make_sample(declaration.name, 6)
    head, line = sheet(browser, declaration.plural, columns="all", header="names", id=record_id)
    assert {"id", *declaration.fields} <= set(head)
    assert len(line) == len(head)


def test_a_workbook_keeps_a_long_number_whole(browser: Client) -> None:
    make_sample("room", values={"seats": 123456789012345678, "area": "0.5"})
    head, line = sheet(browser, "rooms", columns="seats,area,price", header="names")
    assert head == ["seats", "area", "price", "currency"]
    assert line[:2] == ["123456789012345678", 0.5]
    assert line[3] == "EUR"


@pytest.mark.parametrize(
    ("query", "start"),
    [
        ({}, b"Seats,Name\r\n"),
        ({"bom": "1"}, b"\xef\xbb\xbfSeats,Name\r\n"),
        ({"delimiter": "semicolon"}, b"Seats;Name\r\n"),
        ({"delimiter": "\t"}, b"Seats\tName\r\n"),
        ({"header": "names"}, b"seats,name\r\n"),
    ],
    ids=str,
)
def test_the_form_of_a_csv_can_be_chosen(
    browser: Client, query: dict[str, str], start: bytes
) -> None:
    answer = browser.get("/rooms/export/", {"columns": "seats,name", **query})
    assert body(answer) == start
    assert answer["Content-Type"].startswith("text/csv")
    assert answer["Content-Disposition"].startswith('attachment; filename="rooms-')


@pytest.mark.parametrize(
    "query",
    [
        {"format": "exe"},
        {"delimiter": "|"},
        {"bom": "yes"},
        {"header": "x"},
        {"columns": "nothing"},
        {"sort": "notes"},
        {"nothing": "1"},
        {"seats": "many"},
        {"name": "\x00"},
    ],
    ids=str,
)
def test_what_can_not_be_exported_is_said_in_a_sentence(
    browser: Client, query: dict[str, str]
) -> None:
    answer = browser.get("/rooms/export/", query)
    assert answer.status_code == 422
    assert b'role="alert"' in answer.content
    assert not Reading.objects.exists()


def test_ticked_records_come_by_post(browser: Client) -> None:
    one, two, _three = (make_sample("room", number) for number in (1, 2, 3))
    url = "/rooms/export/?columns=id&header=names&sort=-name"
    answer = browser.post(url, {"id": [str(one), str(two)], "do": "export", "next": "/rooms/"})
    assert body(answer).decode().split() == ["id", str(two), str(one)]
    everything = body(browser.post(url, {"id": [str(one)], "all": "1"}))
    assert len(everything.decode().split()) == 4


def test_ticked_records_come_however_many_and_however_the_list_found_them(browser: Client) -> None:
    with change(HOUSE, via="test") as made:
        keys = made.create_many("room", [{"name": f"Room {one}", "seats": 1} for one in range(300)])
        others = made.create_many("room", [{"name": "Another", "seats": 9}])
    url = "/rooms/export/?columns=id&header=names&seats.gte=5&q=another&group=stars"
    answer = browser.post(url, {"id": [str(one) for one in keys]})
    assert set(body(answer).decode().split()) == {"id", *map(str, keys)}
    assert str(others[0]) in body(browser.get(url)).decode()


def test_a_bulk_export_keeps_its_ids_on_the_way(browser: Client) -> None:
    one = make_sample("room")
    answer = browser.post(
        "/rooms/bulk/", {"do": "export", "id": str(one), "next": "/rooms/?sort=name"}
    )
    assert (answer.status_code, answer["Location"]) == (307, "/rooms/export/?sort=name")


def test_every_export_is_in_the_log_of_reads(browser: Client) -> None:
    for number in range(3):
        make_sample("room", number)
    body(browser.get("/rooms/export/", {"columns": "name", "seats.filled": ""}))
    began, ended = Reading.objects.order_by("id")
    assert began.user is not None
    assert began.user.email == "ida.brandt@nordwind.example"
    assert began.detail["ip"] == "127.0.0.1"
    assert (began.object, began.fields, began.rows) == ("room", ["name"], None)
    assert "seats.filled" in began.detail["asked"]
    assert (ended.ends, ended.rows) == (began.pk, 3)


@pytest.mark.django_db(transaction=True)
def test_an_export_that_breaks_off_is_logged_with_what_was_read(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rapport.records.surfaces.export.rows.PAGE", 2)
    for number in range(6):
        make_sample("room", number)
    answer: Any = browser.get("/rooms/export/")
    stream = iter(answer.streaming_content)
    next(stream)
    next(stream)
    assert Reading.objects.get().rows is None
    answer.close()
    assert Reading.objects.exclude(ends=None).get().rows == 2


def test_a_member_takes_only_his_own_and_a_reader_nothing() -> None:
    member = make_user("Luis Vega", "member")
    make_sample("room", 1)
    browser = signed_in(member)
    assert browser.get("/rooms/").status_code == 200
    assert table(browser, "rooms") == []
    make_sample("room", 2, values={"owner": str(member.pk), "name": "Mine"})
    assert [row["Name"] for row in table(browser, "rooms")] == ["Mine"]
    reader = signed_in(make_user("Rea Donly", "read_only"))
    assert reader.get("/rooms/export/").status_code == 403
    assert Client().get("/rooms/export/").status_code == 302


def test_the_list_leads_to_its_file_in_every_form(browser: Client) -> None:
    make_sample("room", values={"name": "Blue", "seats": 3})
    page = browser.get("/rooms/", {"seats": "3", "sort": "-name"}).content.decode()
    links = [html.unescape(link) for link in re.findall(r'href="(/rooms/export/[^"]+)"', page)]
    # As it is shown, as Excel, JSON and Parquet; and with all fields, to edit and import again.
    assert len(links) == 5
    for link in links:
        if "parquet" in link:
            assert browser.get(link)["Location"].startswith("/jobs/")
        else:
            assert b"Blue" in body(browser.get(link)) or "xlsx" in link
