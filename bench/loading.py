"""Bring the generated files into the floor's tables and into Rapport, by its own import."""

import csv
import random
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from bench import data
from bench.importing import import_file

HERE = Path(__file__).parent
FLOOR_TABLES = ("companies", "contacts", "deals", "activities")


@dataclass(frozen=True)
class Part:
    """One kind of activity: the object it becomes, and the fields of its columns."""

    object: str
    kind: str
    fields: Mapping[str, str]


ACTIVITIES = (
    Part("call", "call", {"subject": "subject", "contact_id": "about", "starts": "at"}),
    Part(
        "meeting",
        "meeting",
        {"subject": "subject", "contact_id": "about", "starts": "start", "ends": "end"},
    ),
    Part("task", "task", {"subject": "subject", "contact_id": "about", "starts": "due"}),
    Part("note", "email", {"subject": "body", "contact_id": "about", "starts": "at"}),
)


def load_floor(url: str, folder: Path) -> None:
    """Make the floor's tables from the files."""
    with psycopg.connect(url) as connection:
        schema, _indexes, indexes = (HERE / "floor" / "schema.sql").read_text().partition("\n\n")
        connection.execute(schema)
        for name in FLOOR_TABLES:
            _copy(connection, name, folder / f"{name}.csv")
        connection.execute(indexes)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _copy(connection: psycopg.Connection, table: str, file: Path) -> None:
    statement = sql.SQL("COPY {} FROM STDIN (FORMAT csv, HEADER)").format(sql.Identifier(table))
    with file.open("rb") as source, connection.cursor().copy(statement) as copy:
        while part := source.read(1 << 16):
            copy.write(part)


def load_rapport(folder: Path) -> None:
    """Import the files into the opened instance; links of deals to people are written set-based."""
    _make_stages()
    common = {"id": "external_id", "city": "city", "phone": "phones"}
    import_file(
        folder / "companies.csv", "company", {**common, "name": "name", "website": "website"}
    )
    import_file(
        folder / "contacts.csv",
        "person",
        {
            **common, "first_name": "first_name", "last_name": "last_name", "email": "emails",
            "company_id": "company",
        },
    )  # fmt: skip
    import_file(
        folder / "deals.csv",
        "deal",
        {
            "id": "external_id", "name": "name", "company_id": "company", "stage": "stage",
            "amount": "amount", "close_date": "close_date",
        },
    )  # fmt: skip
    _link_deals(folder / "deals.csv")
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as parts:
        for part in ACTIVITIES:
            file = Path(parts) / f"{part.object}.csv"
            data.write(file, data.ACTIVITY, _of_kind(folder / "activities.csv", part.kind))
            import_file(file, part.object, part.fields)


def analyse(url: str) -> None:
    """What autovacuum would have done by the time people work with the records."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def somebody(seed: int = data.SEED) -> str:
    """The key of a person with a deal and activities."""
    from rapport.sales.models import DealPerson

    keys = list(DealPerson.objects.order_by("person_id").values_list("person_id", flat=True)[:500])
    return str(random.Random(seed).choice(keys))


def _make_stages() -> None:
    from rapport.accounts.models import User
    from rapport.accounts.principals import principal_of
    from rapport.records.store import change

    states = {"Won": "won", "Lost": "lost"}
    with change(principal_of(User.objects.get()), via="job", title="Bench") as made:
        pipeline = made.create("pipeline", {"label": {"en": "Bench"}, "position": -1})
        for place, name in enumerate(data.STAGES):
            values = {"pipeline": pipeline, "label": {"en": name}, "position": place}
            made.create("stage", {**values, "state": states.get(name, "open")})


def _link_deals(file: Path) -> None:
    from rapport.accounts.models import User
    from rapport.accounts.principals import principal_of
    from rapport.contacts.models import Person
    from rapport.records.store import change
    from rapport.sales.models import Deal, DealPerson

    deals = dict(Deal.objects.values_list("external_id", "pk"))
    people = dict(Person.objects.values_list("external_id", "pk"))
    links = [
        DealPerson(deal_id=deals[row["id"]], person_id=people[row["contact_id"]])
        for row in _rows(file)
    ]
    with change(principal_of(User.objects.get()), via="job", title="Bench"):
        DealPerson.objects.bulk_create(links, batch_size=5_000)


def _of_kind(file: Path, kind: str) -> Iterable[data.Row]:
    return (list(row.values()) for row in _rows(file) if row["kind"] == kind)


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as source:
        yield from csv.DictReader(source)
