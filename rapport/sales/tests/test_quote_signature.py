"""A signature that a customer draws: what is kept of it, and what is not taken for one."""

from __future__ import annotations

import base64
import io
import struct
import zlib

import pytest
from pypdf import PdfReader

from rapport.records.store import Rejected
from rapport.sales.models import QuoteDecision
from rapport.sales.quotes.drawn import drawn_signature
from rapport.sales.tests.test_quote_page import Offer, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer() -> Offer:
    return Offer()


def picture(width: int, height: int, color: int = 6, pixels: bytes | None = None) -> str:
    """A PNG with a comment in it, as a page sends what was drawn."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check

    head = struct.pack(">IIBBBBB", width, height, 8, color, 0, 0, 0)
    rows = (b"\0" + b"\x20" * width * 4) * height if pixels is None else pixels
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"tEXt", b"Comment\0Inner")
    content += chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return "data:image/png;base64," + base64.b64encode(content).decode()


def test_a_drawn_signature_is_kept_and_shown_on_the_page_of_proof(offer: Offer) -> None:
    drawn = picture(60, 20)
    form = {**offer.form("Steel"), "signature": drawn, "name": " "}
    refused = offer.post("accept", **form)
    assert drawn in refused.text
    assert offer.post("accept", **{**form, "name": "Katharina Vogl"}).status_code == 302
    proof = QuoteDecision.objects.get()
    assert bytes(proof.signature).startswith(b"\x89PNG")
    assert b"Inner" not in bytes(proof.signature)
    last = PdfReader(io.BytesIO(bytes(proof.signed))).pages[-1]
    assert "XObject" in str(last["/Resources"])
    assert "drawing and typing" in words_of(bytes(proof.signed))


@pytest.mark.parametrize(
    "drawn",
    [
        picture(5000, 20), picture(60, 20, color=3), picture(60, 20, pixels=b"\0" * 9_000_000),
        picture(60, 20, pixels=b"\0"), "data:image/svg+xml;base64,PHN2Zy8+",
        "data:image/png;base64,!!!", picture(60, 20)[:-20], "x" * 60_000,
    ],
)  # fmt: skip
def test_what_is_no_small_picture_is_no_signature(drawn: str) -> None:
    with pytest.raises(Rejected, match="can't be read"):
        drawn_signature(drawn)
