"""Rows that were not taken whole, as a file to mend and import again."""

from __future__ import annotations

import csv
import io

from django.utils.translation import gettext as _

from rapport.kit.formulas import disarm
from rapport.records.imports.stored import open_stored
from rapport.records.models import ImportRun


def problems_text(run: ImportRun) -> str:
    """The rows as they stood, each with the reason; a CSV marked as UTF-8.

    A row whose record is here already names it in one more column, so that the mended row finds
    that record whatever else the mending changed.
    """
    with open_stored(run) as table:
        columns = list(table.columns)
    rows = run.problems.order_by("number", "pk")
    has_records = rows.filter(record_id__isnull=False).exists()
    ends = [_("Why it was not imported"), _("Record in Rapport")][: 1 + has_records]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*map(disarm, columns), *ends])
    for cells, reason, record_id in rows.values_list("cells", "reason", "record_id").iterator():
        own = [str(record_id or "")] if has_records else []
        short = [""] * (len(columns) - len(cells))
        writer.writerow([*map(disarm, cells), *short, disarm(reason), *own])
    return "\N{BYTE ORDER MARK}" + text.getvalue()
