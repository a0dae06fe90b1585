"""What stands in a file leads to its record; a broken one does no harm."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rapport.records.attachments.keeping import attach, detach
from rapport.records.models import FileText
from rapport.records.search.files import read_new_files
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
