"""What stands in the cells of a row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from rapport.records.imports.running.plan import Assigned

SEVERAL = re.compile(r"[;,\n]|\s:::\s")


def joined(texts: Sequence[str], columns: Sequence[Assigned]) -> str:
    """The text that several columns make together."""
    if len(columns) == 1:
        return texts[columns[0].place]
    text = ""
    for column in columns:
        part = texts[column.place]
        if part:
            text = f"{text}{column.glue or ' '}{part}" if text else part
    return text


def several(text: str, separator: str) -> list[str]:
    """The values in a cell."""
    if separator:
        parts = text.split(separator)
    elif "," in text or ";" in text or "\n" in text or ":::" in text:
        parts = SEVERAL.split(text)
    else:
        return [text]
    return [part for part in parts if part.strip()]


def filled_and_blank(columns: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is said of columns, and those that are only blank where nobody else fills them."""
    blank = {name: value for name, value in columns.items() if value in (None, "")}
    return {name: columns[name] for name in columns if name not in blank}, blank


def key_in(text: str) -> UUID | None:
    """The key of a record, if the text is one."""
    try:
        return UUID(text)
    except ValueError:
        return None
