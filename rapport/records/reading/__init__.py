"""Reading pages of records: the part that list, board, export, API and search share."""

from rapport.records.reading.beside import fetch_one
from rapport.records.reading.counting import Total, count
from rapport.records.reading.cursor import BadCursor
from rapport.records.reading.page import (
    Page,
    Row,
    context_for,
    read_page,
    read_record,
    read_union,
    read_values,
)
from rapport.records.reading.sorting import Sort, SortRefused, parse_sort

__all__ = [
    "BadCursor",
    "Page",
    "Row",
    "Sort",
    "SortRefused",
    "Total",
    "context_for",
    "count",
    "fetch_one",
    "parse_sort",
    "read_page",
    "read_record",
    "read_union",
    "read_values",
]
