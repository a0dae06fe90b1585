"""The same made-up companies, people, deals and activities on every run, as CSV files.

    python -m bench.data FOLDER [--people 100000 --companies 20000 --deals 20000
                                 --activities 200000]

Same arguments, same bytes.
"""

import argparse
import csv
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path


def _words(text: str) -> list[str]:
    return text.split()


FIRST = _words("""
    Anna Ben Carla David Elena Felix Greta Hugo Ines Jonas Klara Liam Mara Noah Olga Paul
    Quentin Rosa Sven Tara Ugo Vera Wim Xenia Yann Zoe Amir Bilal Chen Daiki Emeka Fatima Goran
    Hana Ivan Jamila Kofi Lucia Mehmet Nadia Omar Priya Rafael Sofia Tomas Usha Viktor Wanda
    Yusuf Zara
""")
HEAD = _words("""
    Al Ber Car Dor El Far Gar Hol Is Jan Kar Lar Mar Nor Or Pet Quin Ros Sal Tor Ul Var Wes Yor
    Zim Bran Clem Dres Fries Grun Hart Kess Lind Mort Nies Oster Prem Ros Stein Tann
""")
TAIL = _words("""
    berg sen son ez ini ova man dal stein wood field tin ton ley ker land quist ström mann ard
    elli os ade moto pour stra
""")
PLACE = ("ville", "burg", "ham", "stad", "polis", "mouth", "haven")
SECTOR = _words(
    "Foods Steel Media Logistics Energy Textiles Robotics Health Paper Optics Travel Garden"
)
FORM = ("Ltd", "GmbH", "SA", "BV", "Inc", "AB", "Oy", "SpA")
STAGES = ("New", "Qualified", "Proposal", "Negotiation", "Won", "Lost")
KINDS = ("call", "meeting", "task", "email")
EPOCH = datetime(2024, 1, 1, 8, tzinfo=UTC)
#: How the files write a moment: without its zone, as most programs do.
MOMENT = "%Y-%m-%d %H:%M:%S"
SEED = 20260101


@dataclass(frozen=True)
class Amounts:
    """How many rows each file gets."""

    people: int = 100_000
    companies: int = 20_000
    deals: int = 20_000
    activities: int = 200_000


def write_data(folder: Path, amounts: Amounts) -> None:
    """Write companies.csv, contacts.csv, deals.csv and activities.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    rnd = random.Random(SEED)
    towns = cities()
    write(folder / "companies.csv", COMPANY, _companies(rnd, towns, amounts))
    write(folder / "contacts.csv", PERSON, _people(rnd, towns, amounts))
    write(folder / "deals.csv", DEAL, _deals(rnd, amounts))
    write(folder / "activities.csv", ACTIVITY, _activities(rnd, amounts))


COMPANY = ("id", "name", "city", "phone", "website")
PERSON = ("id", "first_name", "last_name", "email", "phone", "city", "company_id")
DEAL = ("id", "name", "company_id", "contact_id", "stage", "amount", "close_date")
ACTIVITY = ("id", "kind", "subject", "contact_id", "starts", "ends", "done")

type Row = Sequence[object]
type Towns = tuple[list[str], list[float]]


def write(path: Path, header: Row, rows: Iterable[Row]) -> None:
    """Write one CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def cities() -> Towns:
    """200 towns and how often each is lived in."""
    rnd = random.Random(7)
    names = ["Lyon", "Porto", "Gdansk", "Leeds", "Turin", "Graz", "Malmo", "Ghent"]
    while len(names) < 200:
        name = rnd.choice(HEAD) + rnd.choice(PLACE)
        if name not in names:
            names.append(name)
    return names, [1 / (place + 6) for place in range(len(names))]


def person(rnd: random.Random, number: int, towns: Towns) -> tuple[str, str, str, str, str]:
    """First name, last name, e-mail, phone and city of somebody."""
    first, last = rnd.choice(FIRST), rnd.choice(HEAD) + rnd.choice(TAIL)
    mail = f"{first}.{last}.{number}@example.com".lower().replace("ö", "o")
    return first, last, mail, f"+44 20 {number:08d}", rnd.choices(*towns)[0]


def company_name(rnd: random.Random, number: int) -> str:
    """The name of a company; no two are alike."""
    family = rnd.choice(HEAD) + rnd.choice(TAIL)
    return f"{family} {rnd.choice(SECTOR)} {rnd.choice(FORM)} {number}"


def _companies(rnd: random.Random, towns: Towns, amounts: Amounts) -> Iterable[Row]:
    for i in range(1, amounts.companies + 1):
        name, town = company_name(rnd, i), rnd.choices(*towns)[0]
        yield i, name, town, f"+44 30 {i:08d}", f"https://c{i}.example.com"


def _people(rnd: random.Random, towns: Towns, amounts: Amounts) -> Iterable[Row]:
    for i in range(1, amounts.people + 1):
        yield i, *person(rnd, i, towns), rnd.randint(1, amounts.companies)


def _deals(rnd: random.Random, amounts: Amounts) -> Iterable[Row]:
    for i in range(1, amounts.deals + 1):
        name = f"Deal {i} {rnd.choice(SECTOR)}"
        company, contact = rnd.randint(1, amounts.companies), rnd.randint(1, amounts.people)
        stage = rnd.choices(STAGES, [20, 20, 15, 10, 20, 15])[0]
        amount, day = rnd.randint(5, 900) * 100, EPOCH + timedelta(days=rnd.randint(0, 900))
        yield i, name, company, contact, stage, amount, day.date().isoformat()


def _activities(rnd: random.Random, amounts: Amounts) -> Iterable[Row]:
    for i in range(1, amounts.activities + 1):
        kind = rnd.choice(KINDS)
        subject, contact = (
            f"{kind.title()} {i} {rnd.choice(SECTOR)}",
            rnd.randint(1, amounts.people),
        )
        start = EPOCH + timedelta(minutes=15 * rnd.randint(0, 80_000))
        end = start + timedelta(minutes=30)
        done = int(rnd.random() < 0.7)
        yield i, kind, subject, contact, f"{start:{MOMENT}}", f"{end:{MOMENT}}", done


def main() -> None:
    """Write the files the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    for name, count in vars(Amounts()).items():
        parser.add_argument(f"--{name}", type=int, default=count)
    chosen = vars(parser.parse_args())
    write_data(chosen.pop("folder"), Amounts(**chosen))


if __name__ == "__main__":
    main()
