"""The list of objects and fields in the documents is that of the code."""

from pathlib import Path

from rapport.project.reference import fields_page
from rapport.project.reference_formulas import formulas_page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "fields.md"


def test_the_list_of_fields_is_up_to_date() -> None:
    assert PAGE.read_text() == fields_page(), "Run bin/reference."


def test_the_page_of_formulas_is_what_the_functions_say() -> None:
    assert PAGE.with_name("formulas.md").read_text() == formulas_page(), "Run bin/reference."


def test_it_has_what_a_program_and_a_file_need_to_know() -> None:
    page = fields_page()
    assert "`/api/v1/people`" in page
    assert "| `amount` | Amount / Importe | `money` | `is` `not` `gt`" in page
    assert "one of `hot` `warm` `cold`" in page
    assert "files also say deal name" in page
    assert "room" not in page
