"""How a file is to look, read from an address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.http import QueryDict
from django.utils.translation import gettext as _

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", ",": ",", ";": ";", "\t": "\t"}
FORMATS: dict[str, Literal["csv", "xlsx", "jsonl"]] = {
    "csv": "csv",
    "xlsx": "xlsx",
    "jsonl": "jsonl",
}
HEADERS: dict[str, Literal["labels", "names"]] = {"labels": "labels", "names": "names"}


class BadOption(ValueError):
    """A choice there is not; `field` names the parameter."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Options:
    """The form of an exported file."""

    format: Literal["csv", "xlsx", "jsonl"] = "csv"
    delimiter: str = ","
    bom: bool = False
    header: Literal["labels", "names"] = "labels"


def read_options(query: QueryDict) -> Options:
    """The options in an address. Raises BadOption."""
    return Options(
        format=_one_of(query, "format", FORMATS, "csv"),
        delimiter=_one_of(query, "delimiter", DELIMITERS, "comma"),
        bom=_one_of(query, "bom", {"1": True, "0": False}, "0"),
        header=_one_of(query, "header", HEADERS, "labels"),
    )


def _one_of[T](query: QueryDict, name: str, choices: dict[str, T], usual: str) -> T:
    asked = query.get(name) or usual
    if asked not in choices:
        known = ", ".join(key for key in choices if key.isalnum())
        raise BadOption(name, _("%(name)s can be: %(known)s.") % {"name": name, "known": known})
    return choices[asked]
