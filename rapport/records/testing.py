"""Records for tests: written as people type them, or from samples for any declared object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.accounts.principals import Principal, service
from rapport.kit.origin import without_comment
from rapport.records import access, registry
from rapport.records.conditions import Rule, compile_condition
from rapport.records.declare import Object
from rapport.records.kinds import Choice, Choices, Context, Kind, Private, Relation, Why
from rapport.records.reading import context_for, read_record
from rapport.records.store import change

HOUSE = service("tests")

type Sample = Callable[[Any, int], Any]


def _between(kind: Any, number: int) -> int:
    low = int(kind.low) if kind.low is not None else 0
    high = int(kind.high) if kind.high is not None else 10**6
    return min(low + number % 100, high)


SAMPLES: dict[str, Sample] = {
    "text": lambda kind, n: f"Sample {kind.name} {n}"[: kind.max_length],
    "name": lambda kind, n: f"Ada Sample{n}",
    "long_text": lambda kind, n: f"<p>Sample <strong>{n}</strong></p>",
    "url": lambda kind, n: f"https://sample{n}.example/",
    "integer": _between,
    "decimal": _between,
    "percent": lambda kind, n: _between(kind, n % 100),
    "rating": lambda kind, n: n % 5 + 1,
    "money": lambda kind, n: {"amount": f"{n}.50", "currency": "EUR"},
    "currency": lambda kind, n: "EUR",
    "boolean": lambda kind, n: n % 2 == 1,
    "date": lambda kind, n: f"2026-01-{n % 28 + 1:02}",
    "datetime": lambda kind, n: f"2026-01-{n % 28 + 1:02}T10:30:00Z",
    "duration": lambda kind, n: f"{n % 24}:30",
    "json": lambda kind, n: {"sample": [n]},
    "words": lambda kind, n: {"en": f"Sample {n}", "es": f"Muestra {n}"},
    "emails": lambda kind, n: [{"value": f"sample{n}@sample.example"}],
    "phones": lambda kind, n: [{"value": f"+49301234{n % 10000:04}"}],
}
"""A value as a program would send it, by kind and number; two numbers give two values."""


def sample_value(kind: Kind, number: int = 1) -> Any:
    """A valid value of the kind as JSON; None for a relation or a kind that nobody can write."""
    if not kind.editable or isinstance(kind, Relation):
        return None
    if isinstance(kind, Private):
        # Else most samples would be seen by nobody.
        return ""
    if isinstance(kind, Choices) and isinstance(getattr(type(kind), "options", None), property):
        # What names fields may ask more of other records than their samples have.
        return []
    if _is_guarded(kind):
        # Else a gate would keep most samples from being changed.
        return kind.initial()
    if kind.example is not None and kind.default is not None:
        # A text that has to have a form of its own, such as a rule of recurrence.
        return kind.initial()
    if isinstance(kind, Choice):
        key = list(kind.options)[number % len(kind.options)]
        return [key] if isinstance(kind, Choices) else key
    make = SAMPLES.get(kind.type)
    return make(kind, number) if make else None


def _is_guarded(kind: Kind) -> bool:
    gates = kind.object.gates if kind.object else ()
    return kind.default is not None and any({kind.name} == gate.fields for gate in gates)


def sample_values(declaration: type[Object], number: int = 1) -> dict[str, Any]:
    """A valid value for every field that can be written and needs no other record."""
    made = {name: sample_value(kind, number) for name, kind in declaration.fields.items()}
    return {name: value for name, value in made.items() if value is not None}


def required_relations(declaration: type[Object]) -> dict[str, str]:
    """For each relation a record can't be without, a record to point at, made when needed."""
    return {
        name: str(make_sample(kind.to))
        for name, kind in declaration.fields.items()
        if isinstance(kind, Relation) and kind.required and kind.default is None
    }


def make_sample(
    name: str, number: int = 1, *, by: Principal = HOUSE, values: Mapping[str, Any] | None = None
) -> UUID:
    """Create a record of the object with sample values, `values` (as JSON) before those."""
    declaration = registry.get(name)
    sent = sample_values(declaration, number) | required_relations(declaration) | dict(values or {})
    context = context_for(by)
    allowed = access.fields(by, name).editable
    parsed = {
        field: declaration.fields[field].parse(raw, context)
        for field, raw in sent.items()
        if field in allowed
    }
    with change(by, via="test") as made:
        return made.create(name, parsed)


def make_filled(name: str, number: int = 1, *, by: Principal = HOUSE) -> UUID:
    """Create a record of the object whose every relation names another record."""
    relations = {
        field: str(make_sample(kind.to, number + 1000))
        for field, kind in registry.get(name).fields.items()
        if isinstance(kind, Relation) and kind.editable and registry.is_declared(kind.to)
    }
    return make_sample(name, number, by=by, values=relations)


def pages(declaration: type[Object], record_id: UUID) -> dict[str, str]:
    """Where every object answers a GET, by the name of the page."""
    plural, url = declaration.url(), declaration.url(record_id)
    found = {
        "list": plural,
        "new form": f"{plural}new/",
        "quick form": f"{plural}quick/",
        "page": url,
        "edit form": f"{url}edit/",
        "history": f"{url}history/",
        "trash": f"{plural}trash/",
        "export": f"{plural}export/",
        "API list": f"/api/v1{plural}",
        "API record": f"/api/v1{url}",
    }
    if declaration.board:
        found["board"] = f"{plural}board/"
    if declaration.calendar:
        found["calendar"] = f"{plural}calendar/?_month=2026-01"
    return found


class Statements(CaptureQueriesContext):
    """The statements of a request, without what only frames a transaction."""

    FRAMING = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "SELECT set_config")

    def __init__(self) -> None:
        super().__init__(connection)

    @property
    def statements(self) -> list[str]:
        """What was sent."""
        sent = (without_comment(one["sql"]) for one in self.captured_queries)
        return [sql for sql in sent if not sql.startswith(self.FRAMING)]


def reader(country: str = "DE", language: str = "en") -> Context:
    """The context of somebody who reads and types in a country."""
    return Context(HOUSE, language=language, country=country)


def create(name: str, /, by: Principal = HOUSE, **typed: Any) -> UUID:
    """Make a record from values as people type them."""
    values = _parsed(name, typed)
    with change(by, via="test") as made:
        return made.create(name, values)


def update(name: str, record_id: UUID, /, by: Principal = HOUSE, **typed: Any) -> UUID:
    """Change a record by values as people type them; the change set."""
    values = _parsed(name, typed)
    with change(by, via="test", title="Change") as made:
        made.update(name, record_id, values)
    return made.id


def _parsed(name: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    kinds = registry.get(name).fields
    return {field: kinds[field].parse(raw, reader()) for field, raw in typed.items()}


def read(name: str, record_id: UUID, field: str, by: Principal = HOUSE) -> Any:
    """A field of a record as pages read it."""
    row = read_record(by, name, record_id, [field], Context(by))
    assert row is not None  # noqa: S101 - the test meant it to be there
    return row.values[field]


def why(name: str, record_id: UUID, field: str, by: Principal = HOUSE) -> Why:
    """How a field of a record says that it came about."""
    kind: Any = registry.get(name).fields[field]
    told: Why = kind.why(by, record_id)
    return told


def found(name: str, field: str, op: str, value: Any = "", by: Principal = HOUSE) -> set[UUID]:
    """The records for which `field op value` holds."""
    declaration = registry.get(name)
    condition = compile_condition(Rule(field, op, value), declaration, Context(by, country="DE"))
    return set(access.rows(by, name).filter(condition).values_list("pk", flat=True))
