"""What an import is going to do, as the wizard or the command line settled it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.models import ImportRun

type Policy = Literal["update", "fill", "skip", "create"]

RECORD_ID = "id"
"""Not a field: the record itself, as our own exports and files to mend name it."""
POLICIES: tuple[Policy, ...] = ("update", "fill", "skip", "create")


@dataclass(frozen=True, slots=True)
class Assigned:
    """One column of the file and the field it goes to, with the hints its values gave."""

    column: str
    place: int
    field: str
    label: str = ""
    label_of: str = ""
    part: int = 0
    glue: str = " "
    separator: str = ""
    match: str = ""
    date_order: str = ""
    decimal: str = ""

    def as_json(self) -> dict[str, Any]:
        """For `ImportRun.mapping`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Plan:
    """An import in full."""

    declaration: type[Object]
    columns: Sequence[Assigned]
    policy: Policy

    @property
    def fields(self) -> list[str]:
        """The fields that get values, each once."""
        return list(dict.fromkeys(one.field for one in self.columns if one.field != RECORD_ID))

    @property
    def lookups(self) -> dict[str, str]:
        """How each related record is looked up: external_id, email, domain or name."""
        return {one.field: one.match for one in self.columns if one.match}


def plan_of(run: ImportRun) -> Plan:
    """The plan of a stored run. Raises UnknownObject, and ValueError for an unknown policy."""
    if run.policy not in POLICIES:
        raise ValueError(f"{run.policy} is no way to treat matches.")
    declaration = registry.get(run.object)
    known = {RECORD_ID, *declaration.fields}
    columns = [Assigned(**one) for one in run.mapping if one.get("field") in known]
    return Plan(declaration, columns, run.policy)
