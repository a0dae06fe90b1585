"""The PDF of a quote: what it says and to whom, however hostile the words in it."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

from rapport.accounts.actions.roles import change_field_levels
from rapport.accounts.models import Letterhead, Workspace
from rapport.accounts.testing import Answer, make_user, signed_in
from rapport.kit import typesetting
from rapport.records.metadata.noticing import refresh
from rapport.records.testing import HOUSE, create
from rapport.sales.actions import send_quote
from rapport.sales.models import Quote
from rapport.sales.quotes.rich_text import blocks_of

pytestmark = pytest.mark.django_db
HOSTILE = (
    '#panic("out") #read("/etc/passwd") *bold* $x^2$ @label <b>{{ 7*7 }}</b> \\u{1F4A9}',
    "<script>alert(1)</script> // no comment /* nor this */",
    "שלום \u202egnp.exe مرحبا 😀 漢字",
)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c494441"
    "54789c63103209030000f8009dcc6a21780000000049454e44ae426082"
)


def free(name: str, price: str, **columns: Any) -> dict[str, Any]:
    return {"name": name, "price": price, "quantity": "1"} | columns


def quote(*lines: dict[str, Any], **values: Any) -> UUID:
    given = {"name": "Rollout", "currency": "EUR", "language": "en"}
    return create("quote", **{**given, "lines": list(lines), **values})


def pages_of(answer: Answer) -> list[str]:
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    reader = PdfReader(io.BytesIO(answer.getvalue()))
    # Lines break where the page ends, and long words anywhere.
    return [page.extract_text().replace("\u200b", "") for page in reader.pages]


@pytest.fixture
def owner() -> Client:
    return signed_in(make_user())


def document(browser: Client, key: UUID) -> Answer:
    return browser.get(f"/quotes/{key}/document/")


def test_words_of_others_are_shown_as_they_are_and_never_run(owner: Client) -> None:
    company = create("company", name=f"{HOSTILE[0]} Ltd", street="Hafenstraße 12", city="Bremen")
    lines = [free(words, "1", note=words) for words in HOSTILE]
    key = quote(*lines, free("W" * 480, "1"), name=HOSTILE[1], company=str(company))
    said = "".join(pages_of(document(owner, key)))
    flat = "".join(said.split())
    assert '#panic("out")#read("/etc/passwd")*bold*' in flat
    assert "root:x:0" not in flat
    assert "<script>alert(1)</script>//nocomment/*northis*/" in flat
    assert "W" * 480 in flat
    assert "\u202e" not in said


def test_many_lines_go_over_pages_with_their_header_and_the_sum_so_far(owner: Client) -> None:
    lines = [free(f"Part {number}", "1000") for number in range(1, 201)]
    found = pages_of(document(owner, quote(*lines)))
    assert len(found) > 4
    assert all("Quantity" in page for page in found[:-1])
    assert all("Carried over" in page for page in found[:-2])
    assert "Brought forward" not in found[0]
    assert all("Brought forward" in page for page in found[1:-1])
    assert f"Page 2 of {len(found)}" in found[1]
    assert "€200,000.00" in found[-1]
    last = next(n for n in range(200, 0, -1) if f"Part {n}" in found[0])
    assert f"€{last},000.00" in found[0]
    assert f"€{last},000.00" in found[1]


def test_it_speaks_its_language_and_never_of_cost_or_notes(owner: Client) -> None:
    Workspace.objects.update(name="Nordwind", country="ES")
    Letterhead.objects.create(address="Muelle 12\n28217 Bremen", foot="CIF B-123")
    product = create("product", name="Valve", price="1234.50 EUR", cost="777.77 EUR")
    company = create("company", name="AquaTec", country="ES")
    terms = "<p>Pago a <strong>30 días</strong></p><ul><li>Sin descuento</li></ul>"
    key = quote(
        {"product": str(product)}, language="es", company=str(company), day="2026-11-23",
        terms=terms, notes="Never show this", valid_until="2099-12-24",
    )  # fmt: skip
    (said,) = pages_of(document(owner, key))
    for words in ("Presupuesto", "1.234,50", "23 de noviembre de 2026", "Nordwind",
                  "28217 Bremen", "CIF B-123", "AquaTec", "España", "30 días", "•"):  # fmt: skip
        assert words in said
    for words in ("777", "456,73", "Never show", "<strong>", "Margen"):
        assert words not in said
    assert "Borrador" in said
    send_quote(HOUSE, [key], {})
    (sent,) = pages_of(document(owner, key))
    assert "Borrador" not in sent
    assert Quote.objects.get(pk=key).number in sent


def test_a_program_gets_an_address_that_serves_only_itself(owner: Client) -> None:
    key = quote(free("Pump", "10"))
    told = owner.get(f"/api/v1/quotes/{key}/document").json()
    assert told["content_type"] == "application/pdf"
    assert pages_of(owner.get(told["download_url"]))
    other = signed_in(make_user("Bo Berg"))
    assert other.get(told["download_url"]).status_code == 403
    assert Client().get(told["download_url"]).status_code in (302, 303)
    assert owner.get(told["download_url"][:-3] + "x/").status_code == 403


def test_who_may_not_read_all_it_says_gets_none() -> None:
    company = create("company", name="Out of sight")
    mine, theirs = make_user(role="member"), make_user("Bo Berg", role="member")
    key = quote(free("Pump", "10"), company=str(company), owner=str(mine.pk))
    assert document(signed_in(mine), key).status_code == 200
    hide("company", mine)
    assert document(signed_in(mine), key).status_code == 403
    assert signed_in(mine).get(f"/api/v1/quotes/{key}/document").status_code == 403
    assert document(signed_in(theirs), UUID(int=1)).status_code == 404


def test_a_field_that_a_role_hides_is_not_read_in_the_document_either() -> None:
    mine = make_user(role="member")
    key = quote(free("Pump", "10"), owner=str(mine.pk))
    change_field_levels(mine.role, "quote", {"terms": "hidden"})
    refresh()
    assert document(signed_in(mine), key).status_code == 403


def hide(name: str, user: Any) -> None:
    """His role sees those of its own alone."""
    user.role.grants.create(object_name=name, view_scope="own")


def test_what_can_not_be_set_is_told_in_a_sentence(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = quote(free("Pump", "10"))
    monkeypatch.setattr(typesetting, "MEMORY", 64 * 1024**2)
    answer = document(owner, key)
    assert answer.status_code == 503
    assert "could not be made" in answer.text


def test_rich_text_becomes_plain_blocks() -> None:
    said = blocks_of(
        "<h2>Pay</h2><p>in <em>30</em> days<br>or not</p><ol><li>One</li><li>Two<ul><li>In</li>"
        '</ul></li></ol><a href="https://x.example/a">here</a> &lt;b&gt;'
    )
    told = [
        (one["mark"], one["depth"], "".join(run["text"] for run in one["runs"])) for one in said
    ]
    assert told == [
        ("", 0, "Pay"), ("", 0, "in 30 days\nor not"), ("1.", 0, "One"), ("2.", 0, "Two"),
        ("•", 1, "In"), ("", 0, "here (https://x.example/a) <b>"),
    ]  # fmt: skip
    assert said[0]["runs"][0]["strong"]
    assert [run["slanted"] for run in said[1]["runs"]] == [False, True, False, False, False]
    assert len(blocks_of("One\n\n* two *")) == 2


def picture(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("logo.png", content, content_type="image/png")


@pytest.mark.parametrize(
    "wrong",
    [b"<svg onload=alert(1)>", PIXEL[:40], PIXEL + b"0" * 400_000],
    ids=["drawing", "cut", "large"],
)
def test_a_logo_that_no_document_could_show_is_refused(owner: Client, wrong: bytes) -> None:
    values = {
        "address": "Kept",
        "foot": "",
        "payment_days": "14",
        "color": "#123456",
        "logo": picture(wrong),
    }
    answer = owner.post("/setup/letterhead/", values)
    assert answer.status_code == 422
    assert "Kept" in answer.text
    assert not Letterhead.objects.exists()


def test_the_firms_look_is_kept_and_taken_back(owner: Client) -> None:
    values = {"address": "Kai 1", "foot": "", "payment_days": "14", "color": "#123456"}
    assert owner.post("/setup/letterhead/", {**values, "logo": picture(PIXEL)}).status_code == 302
    assert bytes(Letterhead.objects.get().logo) == PIXEL
    assert "data:image/png;base64," in owner.get("/setup/letterhead/").text
    assert pages_of(document(owner, quote(free("Pump", "10"))))
    owner.post("/setup/letterhead/", {**values, "is_logo_removed": "on"})
    assert (Letterhead.objects.get().logo, Letterhead.objects.get().address) == (b"", "Kai 1")
    light = owner.post("/setup/letterhead/", {**values, "color": "#ffff00"})
    assert light.status_code == 422
    assert "darker" in light.text
    member = signed_in(make_user("Bo Berg", role="member"))
    assert member.post("/setup/letterhead/", values).status_code == 403
