"""Writes the pages of the reference that are made from code; called by `bin/reference`."""

from pathlib import Path

import django

FIELDS = Path(__file__).resolve().parents[1] / "docs" / "reference" / "fields.md"


def main() -> None:
    """Write the pages of objects and fields, and of formulas."""
    django.setup()
    # The declarations are there only after the set-up.
    from rapport.project.reference import fields_page
    from rapport.project.reference_formulas import formulas_page

    FIELDS.write_text(fields_page())
    FIELDS.with_name("formulas.md").write_text(formulas_page())


if __name__ == "__main__":
    main()
