"""Reading pages of records: the part that list, board, export, API and search share."""

from rapport.records.reading.beside import fetch_one
from rapport.records.reading.counting import Total, count
from rapport.records.reading.cursor import BadCursor
from rapport.records.reading.page import (
    Page,
    context_for,
    read_page,
    read_record,
    read_union,
    read_values,
)
from rapport.records.reading.rows import Plan, Row
from rapport.records.reading.sorting import Sort, SortRefused, parse_sort
from rapport.records.reading.source import Source, source_within

__all__ = [
    "BadCursor",
    "Page",
    "Plan",
    "Row",
    "Sort",
    "SortRefused",
    "Source",
    "Total",
    "context_for",
    "count",
    "fetch_one",
    "parse_sort",
    "read_page",
    "read_record",
    "read_union",
    "read_values",
    "source_within",
]
