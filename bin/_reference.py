"""Writes the pages of the reference that are made from code; called by `bin/reference`."""

from pathlib import Path

import django

FIELDS = Path(__file__).resolve().parents[1] / "docs" / "reference" / "fields.md"


def main() -> None:
    """Write the page of objects and fields."""
    django.setup()
    # The declarations are there only after the set-up.
    from rapport.project.reference import fields_page

    FIELDS.write_text(fields_page())


if __name__ == "__main__":
    main()
