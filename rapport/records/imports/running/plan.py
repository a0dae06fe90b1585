"""What an import is going to do, as the wizard or the command line settled it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from dataclasses import field as default
from typing import Any, Literal

from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.kinds.base import Kind
from rapport.records.kinds.relation import Links, Relation
from rapport.records.kinds.rows import Rows
from rapport.records.models import ImportRun

type Policy = Literal["update", "fill", "skip", "create"]

RECORD_ID = "id"
"""Not a field: the record itself, as our own exports and files to mend name it."""
GONE = "-"
"""Not a field: that the other program has deleted the row's record; such rows stay out."""
NO_FIELDS = (RECORD_ID, GONE)
NEW_FIELD = "+"
"""Before a kind: a column that is to become a field of its own."""
RELATED_POLICIES: dict[Policy, Policy] = {
    "update": "update", "fill": "fill", "skip": "skip", "create": "fill",
}  # fmt: skip
"""What happens to records that rows only describe: “always create” is said of the rows' own."""
MOVE = "move"
"""How a run takes files of another Rapport: records keep the keys they have there."""
KNOWN = "known"
"""How a run takes rows that only say more of records that are here: it makes none."""
KNOWN_KEY = "known_key"
"""How a column names records that are here already by their keys in another program: for a key that
leads nowhere none is made."""
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
    #: What words of the column mean that name nobody here, such as former colleagues.
    values: Mapping[str, str] = default(default_factory=dict, hash=False)
    #: What the column names, and is to be made where nothing here has that name.
    make: Sequence[str] = default(default=(), hash=False)

    def as_json(self) -> dict[str, Any]:
        """For `ImportRun.mapping`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Plan:
    """An import in full; `within` names the field whose records this part of one describes."""

    declaration: type[Object]
    columns: Sequence[Assigned]
    policy: Policy
    within: str = ""
    #: Whether rows whose keys lead nowhere become records under these keys.
    keeps_keys: bool = False
    #: Whether a row that finds no record comes back instead of becoming one.
    only_known: bool = False

    @property
    def fields(self) -> list[str]:
        """The fields that get values, each once."""
        return list(dict.fromkeys(one.field for one in self.columns if one.field not in NO_FIELDS))

    @property
    def own(self) -> list[Assigned]:
        """The columns without those that describe another record."""
        return [
            one for one in self.columns if one.field.partition(".")[0] not in self._described_names
        ]

    @property
    def described(self) -> dict[str, Plan]:
        """The parts that describe other records, by the field that points at those.

        A column that names such a record is one more that describes it, and what a record and its
        related one both point at, such as a company, belongs to both.
        """
        return {name: self._part(name) for name in self._described_names}

    @property
    def _described_names(self) -> list[str]:
        heads = [one.field.partition(".")[0] for one in self.columns if "." in one.field]
        # A company is made with all that is said of it before a person names it.
        rows = {
            one.field.partition(".")[0]
            for one in self.columns
            if row_part(self.declaration, one.field)
        }
        return sorted(dict.fromkeys(set(heads) - rows), key=self._comes_late)

    def _comes_late(self, name: str) -> bool:
        others = self.declaration.described.keys() - {name}
        made = {described_object(self.declaration, other).name for other in others}
        kinds = described_object(self.declaration, name).fields.values()
        names = {kind.to for kind in kinds if type(kind) is Relation}
        return isinstance(self.declaration.fields[name], Rows) or not made.isdisjoint(names)

    def _part(self, name: str) -> Plan:
        target = described_object(self.declaration, name)
        columns = []
        for one in self.columns:
            head, _dot, rest = one.field.partition(".")
            if head == name:
                columns.append(replace(one, field=rest or _naming(target, one), match=""))
            elif _shared(self.declaration, target, one.field):
                columns.append(one)
        policy = RELATED_POLICIES[self.policy]
        return Plan(target, columns, policy, within=f"{self.declaration.name}.{name}")

    @property
    def asked(self) -> dict[str, frozenset[str]]:
        """The names for which somebody wants records made, in small letters and by field."""
        return {
            one.field: frozenset(name.casefold() for name in one.make)
            for one in self.columns
            if one.make
        }

    @property
    def lookups(self) -> dict[str, str]:
        """How each related record is looked up: external_id, email, domain or name."""
        return {one.field: one.match for one in self.columns if one.match}


def row_part(declaration: type[Object], name: str) -> Kind | None:
    """What a column of this name says of a row beside the record, such as a line of an order."""
    head, _dot, rest = name.partition(".")
    kind = declaration.fields.get(head)
    return kind.file_parts.get(rest) if isinstance(kind, Rows) else None


def described_object(declaration: type[Object], name: str) -> type[Object]:
    """The object of the records that a field points at, itself or by the rows it holds."""
    kind: Any = declaration.fields[name]
    if isinstance(kind, Rows):
        kind = kind.parts[kind.subject]
    return registry.get(kind.to)


def label_of(declaration: type[Object], name: str) -> str:
    """What a field is called, with the field before it that points at its record."""
    head, _dot, rest = name.partition(".")
    label = str(declaration.fields[head].label)
    if not rest:
        return label
    if part := row_part(declaration, name):
        return f"{label}: {part.label}"
    return f"{label}: {described_object(declaration, head).fields[rest].label}"


def _naming(target: type[Object], column: Assigned) -> str:
    """The field by which a column names a record that other columns describe."""
    keys = dict.fromkeys(("external_id", KNOWN_KEY), "external_id")
    by = (keys | {"email": "emails"}).get(column.match, "")
    return by if by in target.fields else target.title


def _shared(declaration: type[Object], target: type[Object], name: str) -> bool:
    own, other = declaration.fields.get(name), target.fields.get(name)
    return type(own) is Relation and type(other) is Relation and own.to == other.to


def is_known(declaration: type[Object], name: str) -> bool:
    """Whether a column may go to a field of this name."""
    head, _dot, rest = name.partition(".")
    if rest:
        is_row = row_part(declaration, name) is not None
        return is_row or rest in declaration.described.get(head, ())
    return name in NO_FIELDS or name in declaration.fields


def plan_of(run: ImportRun) -> Plan:
    """The plan of a stored run. Raises UnknownObject, and ValueError for an unknown policy."""
    declaration = registry.get(run.object)
    columns = [
        Assigned(**one) for one in run.mapping if is_known(declaration, one.get("field", ""))
    ]
    if run.policy == MOVE:
        return Plan(declaration, columns, "update", keeps_keys=True)
    if run.policy == KNOWN:
        return Plan(declaration, columns, "update", only_known=True)
    if run.policy not in POLICIES:
        raise ValueError(f"{run.policy} is no way to treat matches.")
    return Plan(declaration, columns, run.policy)


def may_overlap(plan: Plan) -> bool:
    """Whether the names in some rows can be looked up while rows before are being written: they
    can't where they may mean what those make."""
    heads = {name.partition(".")[0] for name in plan.fields}
    fields = [plan.declaration.fields[name] for name in sorted(heads)]
    made = {plan.declaration.name, *(kind.to for kind in fields if isinstance(kind, Links))}
    parts = [part for kind in fields if isinstance(kind, Rows) for part in kind.parts.values()]
    named = {kind.to for kind in (*fields, *parts) if isinstance(kind, Relation)}
    if plan.asked:
        # What a row asks for is seen by others once it is committed.
        return False
    return not plan.described and "" not in made and named.isdisjoint(made)
