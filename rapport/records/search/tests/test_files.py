"""What stands in a file leads to its record; a broken one does no harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rapport.records.attachments.keeping import attach, detach
from rapport.records.jobs.running import run_job
from rapport.records.models import FileText, Job
from rapport.records.search.file_child import UNPACKED
from rapport.records.search.files import read_new_files, told_of
from rapport.records.search.rereading import read_again_if_new
from rapport.records.search.testing import ids, take_in, take_in_anew
from rapport.records.store import change
from rapport.records.testing import HOUSE, create

PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 144]/Contents 4 0 R/Resources<</Font<</F1
<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj
4 0 obj<</Length 48>>stream
BT /F1 12 Tf 20 100 Td (Zirconium offer) Tj ET
endstream endobj
trailer<</Root 1 0 R/Size 5>>
startxref
0
%%EOF"""


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
DOCUMENTS = {
    "offer.docx": {
        "word/document.xml": f"<w:document {W}><w:body><w:p><w:r><w:t>Zirc</w:t></w:r><w:r>"
        "<w:t>onium</w:t></w:r></w:p><w:p><w:r><w:t>Wallaby &amp; Söhne</w:t></w:r></w:p>"
        "</w:body></w:document>",
        "word/styles.xml": "<w:styles><w:t>Numbat</w:t></w:styles>",
    },
    "prices.xlsx": {
        "xl/sharedStrings.xml": "<sst><si><t>Quoll</t></si><si><t>Bandicoot</t></si></sst>"
    },
    "talk.pptx": {
        "ppt/slides/slide1.xml": '<p:sld xmlns:a="a" xmlns:p="p"><a:p><a:t>Bilby</a:t></a:p>'
        "</p:sld>"
    },
    "letter.odt": {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": '<o:body xmlns:o="o" xmlns:t="t"><t:h>Potoroo</t:h><t:p>Dun<t:span>nart'
        "</t:span></t:p></o:body>",
    },
}


def zipped(parts: Mapping[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return content.getvalue()


@pytest.mark.django_db
def test_a_record_is_found_by_what_stands_in_documents() -> None:
    deal = create("deal", name="Roof")
    with change(HOUSE, via="test") as made:
        for name, parts in DOCUMENTS.items():
            attach(made, "deal", deal, SimpleUploadedFile(name, zipped(parts)))
    read_new_files(0, 2**60)
    take_in()
    for typed in (
        "zirconium",
        "wallaby sohne",
        "quoll",
        "bandicoot",
        "bilby",
        "potoroo",
        "dunnart",
    ):
        assert ids(typed) == [deal], typed
    assert ids("numbat") == [], "what no reader of the document sees"


BOMB = f"<w:p><w:t>early</w:t>{' ' * (UNPACKED + 1)}<w:t>late</w:t></w:p>"
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha ha ha ha"><!ENTITY b "&a;&a;&a;&a;">]><w:p><w:t>&b;</w:t></w:p>'
)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("word/document.xml", {"word/document.xml": LAUGHS}),
        ("deep", {"content.xml": "<a>" * 500_000}),
        ("broken", {"content.xml": "<a><b></a>"}),
        ("no document", {"notes.txt": "Wombat", "xl/media/image1.xml": "<t>Wombat</t>"}),
    ],
)
def test_a_hostile_document_says_nothing(
    tmp_path: Path, name: str, parts: Mapping[str, str]
) -> None:
    path = tmp_path / "x.docx"
    path.write_bytes(zipped(parts))
    assert told_of(path, "application/zip").strip() == ""


def test_a_bomb_is_unpacked_only_so_far(tmp_path: Path) -> None:
    path = tmp_path / "x.docx"
    path.write_bytes(zipped({"word/document.xml": BOMB}))
    assert told_of(path, "application/zip").split() == ["early"]


@pytest.mark.django_db
def test_a_record_is_found_by_what_stands_in_its_files() -> None:
    deal = create("deal", name="Roof")
    given = {
        "offer.pdf": PDF, "minutes.txt": "Gespräch über Quokkas".encode(),
        "broken.pdf": b"%PDF-1.4 \xff\x00 nonsense", "plan-wombat.png": b"\x89PNG\r\n\x1a\n",
    }  # fmt: skip
    with change(HOUSE, via="test") as made:
        kept = [attach(made, "deal", deal, SimpleUploadedFile(*one)) for one in given.items()]
    read_new_files(0, 2**60)
    assert FileText.objects.count() == 2
    take_in()
    for typed in ("zirconium offer", "quokkas", "gesprach", "wombat", "minutes"):
        assert ids(typed) == [deal], typed
    with change(HOUSE, via="test") as made:
        detach(made, kept[1])
    assert ids("quokkas") == [deal]  # as the documents still say
    take_in_anew()
    assert ids("quokkas") == []


@pytest.mark.django_db
def test_what_an_earlier_release_could_not_read_is_read_once_more() -> None:
    deal = create("deal", name="Roof")
    given = {"offer.docx": zipped(DOCUMENTS["offer.docx"]), "broken.pdf": b"%PDF-1.4 nonsense"}
    with change(HOUSE, via="test") as made:
        for one in given.items():
            attach(made, "deal", deal, SimpleUploadedFile(*one))
    take_in()
    assert ids("wallaby") == []

    read_again_if_new()
    read_again_if_new()
    job = Job.objects.get(kind="read_files")
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["rows"]) == (Job.State.DONE, 2), job.error
    assert ids("wallaby") == [deal]
    run_job(job.pk)
    assert FileText.objects.count() == 1
