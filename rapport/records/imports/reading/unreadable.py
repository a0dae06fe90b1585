"""Why a file can't be imported, in a sentence for the person who dropped it."""

from __future__ import annotations

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "empty": _("This file is empty. Export it again and check that it holds rows."),
    "too_large": _(
        "This file is larger than %(limit)s, the most that can be imported at once. "
        "Split it into several files and import them one after the other."
    ),
    "binary": _(
        "This file is not a table. Save it as CSV or as an Excel workbook, then import that file."
    ),
    "not_a_table": _(
        "This is a %(what)s, not a table. Save the list as CSV or as an Excel workbook, "
        "then import that file."
    ),
    "web_page": _(
        "This is a web page, even if its name ends like a spreadsheet. Open it in Excel or "
        "LibreOffice, save it as CSV or XLSX, then import that file."
    ),
    "old_workbook": _(
        "This kind of spreadsheet can't be read here. Open it in the program that made it, "
        "save it as CSV or XLSX, then import that file."
    ),
    "encoding": _(
        "The letters of this file can't be made out. Save it as CSV UTF-8, then import that file."
    ),
    "wrong_encoding": _(
        "This file is not written in %(encoding)s. Choose another encoding and look at the preview."
    ),
    "encrypted": _(
        "This file is protected by a password. Open it, save it without the password, "
        "then import that file."
    ),
    "zip_bomb": _(
        "This file unpacks to far more than its size promises, so it was not opened. "
        "Save the list as CSV and import that file."
    ),
    "workbook_too_large": _(
        "This workbook is too large to be read as a workbook. Save the sheet as CSV and import "
        "that file: CSV has no such limit."
    ),
    "no_library": _(
        "Parquet files need the extra “analytics”, which this server has not installed yet; "
        "bin/extras analytics brings it in. Or save the file as CSV."
    ),
    "truncated": _(
        "The end of this file is missing or damaged. Download or copy it again, then import it."
    ),
    "several_files": _(
        "This archive holds %(count)s files. Unpack it and import the files one after the other."
    ),
    "too_many_files": _(
        "These are more than %(limit)s files. Leave out those you don't need, or import them in "
        "several goes."
    ),
    "nested": _("This is an archive within the archive. Unpack it and add its files."),
    "stray_name": _("The name of this file leads out of the archive, so it was not unpacked."),
    "symbolic_link": _("This only points at another file, so it was not followed."),
    "no_header": _(
        "No row of this file can serve as column names. Add a first row that names the columns."
    ),
    "no_rows": _("This file has column names but no rows below them."),
    "no_sheet": _("This workbook has no sheet named “%(sheet)s”."),
    "no_cards": _("This file holds no complete contact card."),
    "no_events": _("This calendar holds no event."),
    "too_many_columns": _(
        "This file has %(count)s columns; up to %(limit)s can be imported. "
        "Leave out the columns you don't need."
    ),
    "quotes": _(
        "The quotation marks in this file don't pair up, so its columns can't be told apart. "
        "Save it again as CSV from a spreadsheet program."
    ),
    "disk_full": _("There is no room left on the server's disk to unpack this file."),
    "missing": _("This file is no longer there. Drop it again."),
}


class Unreadable(Exception):
    """A file that can't be imported; `sentence` says why and what to do, `code` is for programs."""

    def __init__(self, sentence: str, code: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


def unreadable(code: str, **facts: object) -> Unreadable:
    """The refusal named `code`, in the language of the moment."""
    return Unreadable(str(SENTENCES[code]) % facts, code)


def too_large(limit: int) -> Unreadable:
    """The refusal of a file over `limit` bytes."""
    return unreadable("too_large", limit=filesizeformat(limit))
