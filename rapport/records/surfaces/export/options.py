"""How a file is to look, read from an address."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from typing import Literal

from django.http import QueryDict
from django.utils.translation import gettext as _

type Form = Literal["csv", "xlsx", "jsonl", "parquet"]
type Links = Literal["titles", "ids"]

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", ",": ",", ";": ";", "\t": "\t"}
FORMATS: dict[str, Form] = {"csv": "csv", "xlsx": "xlsx", "jsonl": "jsonl", "parquet": "parquet"}
HEADERS: dict[str, Literal["labels", "names"]] = {"labels": "labels", "names": "names"}
LINKS: dict[str, Links] = {"titles": "titles", "ids": "ids"}


class BadOption(ValueError):
    """A choice there is not; `field` names the parameter."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Options:
    """The form of an exported file."""

    format: Form = "csv"
    delimiter: str = ","
    bom: bool = False
    header: Literal["labels", "names"] = "labels"
    #: How related records are named; JSON Lines always have their ids.
    links: Links = "titles"

    @property
    def is_sheet(self) -> bool:
        """Whether the file is opened by programs that run formulas."""
        return self.format in ("csv", "xlsx")


def read_options(query: QueryDict) -> Options:
    """The options in an address. Raises BadOption."""
    form = _one_of(query, "format", FORMATS, "csv")
    if form == "parquet" and importlib.util.find_spec("pyarrow") is None:
        raise BadOption(
            "format",
            _(
                "Parquet files need the extra “analytics”, which this server has not installed "
                "yet. Its operator gets it with: bin/extras analytics"
            ),
        )
    return Options(
        format=form,
        delimiter=_one_of(query, "delimiter", DELIMITERS, "comma"),
        bom=_one_of(query, "bom", {"1": True, "0": False}, "0"),
        header=_one_of(query, "header", HEADERS, "labels"),
        links=_one_of(query, "links", LINKS, "titles"),
    )


def _one_of[T](query: QueryDict, name: str, choices: dict[str, T], usual: str) -> T:
    asked = query.get(name) or usual
    if asked not in choices:
        known = ", ".join(key for key in choices if key.isalnum())
        raise BadOption(name, _("%(name)s can be: %(known)s.") % {"name": name, "known": known})
    return choices[asked]
