"""Rows that were not taken, as a file to mend and import again."""

from __future__ import annotations

import csv
import io

from django.utils.translation import gettext as _

from rapport.kit.formulas import disarm
from rapport.records.imports.reading import open_table
from rapport.records.imports.running.run import stored
from rapport.records.models import ImportRun


def problems_text(run: ImportRun) -> str:
    """The rows as they stood, with the reason in a last column; a CSV marked as UTF-8."""
    with open_table(stored(run), filename=run.filename, sheet=run.sheet or None) as table:
        columns = list(table.columns)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*map(disarm, columns), _("Why it was not imported")])
    rows = run.problems.order_by("number").values_list("cells", "reason")
    writer.writerows([*map(disarm, cells), disarm(reason)] for cells, reason in rows.iterator())
    return "\N{BYTE ORDER MARK}" + text.getvalue()
