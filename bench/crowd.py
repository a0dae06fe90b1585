"""Made-up people with duplicates, relatives and colleagues, and the truth about them.

    python -m bench.crowd FILE TRUTH [--people 1000000]

A tenth of the rows are second or third entries of somebody, with up to three slips: typing errors,
fields left out, halves of names swapped, another address after a move, a nickname. A quarter of the
people live with relatives who share address, phone and family name, and a third have colleagues who
share a company, its phone and its web address: what a matcher must not take for one person.
"""

import argparse
import random
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import data

HEADER = (
    "First name", "Last name", "Email", "Phone", "Company", "Website", "Street", "Postal code",
    "City", "Country", "Birthday",
)  # fmt: skip


def _words(text: str) -> list[str]:
    return text.split()


#: Given names of several languages, the commonest first.
GIVEN = _words("""
    Maria Mohammed Jose Anna John Carmen David Antonio Laura Michael Elena Manuel Sophie Ali Peter
    Isabel Thomas Lucia Daniel Julia Javier Emma Paul Fatima Francisco Sara Christian Marta Robert
    Claudia Andreas Pilar Martin Cristina Stefan Ana Alexander Rosa Carlos Sandra Miguel Eva Pablo
    Nadia Luis Beatriz Jan Monica Ahmed Irene Lukas Teresa Omar Silvia Felix Paula Ivan Patricia
    Hugo Nuria Leon Raquel Oliver Alicia Ibrahim Victoria Diego Angela Tobias Rocio Sergio Hannah
    Jorge Lena Alberto Mia Adrian Clara Ruben Charlotte Hans Louise William Camille Youssef Chloe
    George Ines Mehmet Amelia Sven Olga Henri Yasmin Ricardo Natalia Wolfgang Esther Philippe
    Greta Xavier Zoe Benjamin Frida Enrique Helga Guillermo Ingrid Joaquin Khadija Nicolas Leonor
    Oscar Margarita Quentin Noemi Rafael Ursula Santiago Vanessa Theodor Wilhelmina Urban Yolanda
    Bruno
""")
SYLLABLES = _words("""
    ba be bi bo bra ca ce da de di do el fa fe ga gra ha he ja jo ka ke ki la le li lo ma me mi mo
    na ne ni no pa pe ra re ri ro sa se si so ta te ti to va ve vi wa we ya za zo
""")
ENDINGS = _words("""
    n r s l ez son sen ini ova er mann ski i o a
""")
ROADS = ("Street", "Road", "Avenue", "Lane", "Place", "Court")
MAILS = ("gmail.com", "outlook.com", "yahoo.com", "gmx.de", "icloud.com")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
DUPLICATES = 0.1
SEED = 7

type Row = list[str]


def write_crowd(file: Path, truth: Path, people: int) -> None:
    """Write that many rows, and the pairs of rows that are one person."""
    rnd = random.Random(SEED)
    world = World(rnd, people)
    entries = list(world.entries(people))
    rnd.shuffle(entries)
    data.write(file, HEADER, (row for _who, row in entries))
    seen: dict[int, list[int]] = {}
    for number, (who, _row) in enumerate(entries, 1):
        seen.setdefault(who, []).append(number)
    pairs = (
        (one, two)
        for rows in seen.values()
        for place, one in enumerate(rows)
        for two in rows[place + 1 :]
    )
    data.write(truth, ("left", "right"), pairs)


class World:
    """Names, towns and firms to draw people from."""

    def __init__(self, rnd: random.Random, people: int) -> None:
        self.rnd = rnd
        # Few names are common and most are rare, as in life.
        self.given = [*GIVEN, *self.words(2, 1_000)]
        self.family = self.words(3, 40_000)
        self.roads = self.words(3, 8_000)
        self.towns = [
            (word, f"{rnd.randrange(10_000, 99_999)}", rnd.choice(("Spain", "France", "Germany")))
            for word in self.words(3, 2_000)
        ]
        self.firms = [self.firm() for _number in range(max(people // 30, 10))]

    def words(self, syllables: int, count: int) -> list[str]:
        found: dict[str, None] = {}
        while len(found) < count:
            word = "".join(self.rnd.choices(SYLLABLES, k=syllables)) + self.rnd.choice(ENDINGS)
            found[word.title()] = None
        return list(found)

    def firm(self) -> tuple[str, str, str]:
        name = "".join(self.rnd.choices(SYLLABLES, k=4)).title()
        return f"{name} Ltd", f"https://www.{name.lower()}.com", self.number()

    def number(self) -> str:
        return f"+34 9{self.rnd.randrange(10_000_000, 99_999_999)}"

    def common(self, words: list[str]) -> str:
        """One of the words; the first ones far more often."""
        return words[min(int(len(words) * self.rnd.random() ** 2), len(words) - 1)]

    def entries(self, count: int) -> Iterator[tuple[int, Row]]:
        """Rows with the number of the person they mean."""
        made = who = 0
        while made < count:
            for row in self.household():
                who += 1
                times = 1
                while self.rnd.random() < DUPLICATES:
                    times += 1
                for turn in range(min(times, 4, count - made)):
                    made += 1
                    yield who, self.slips(row) if turn else row

    def household(self) -> list[Row]:
        """Somebody, or several who live together."""
        town, code, country = self.rnd.choice(self.towns)
        road = f"{self.rnd.choice(self.roads)} {self.rnd.choice(ROADS)}"
        street = f"{self.rnd.randrange(1, 200)} {road}"
        family, phone = self.common(self.family), self.number()
        members = self.rnd.choice((1, 1, 1, 1, 1, 1, 2, 3, 4))
        names: dict[str, None] = {}
        while len(names) < members:
            names[self.common(self.given)] = None
        return [self.member(name, family, phone, street, code, town, country) for name in names]

    def member(self, name: str, family: str, phone: str, *address: str) -> Row:
        rnd = self.rnd
        firm, site, desk = rnd.choice(self.firms) if rnd.random() < 0.6 else ("", "", "")
        number = rnd.choice((phone, desk or phone, f"+34 6{rnd.randrange(10_000_000, 99_999_999)}"))
        host = site.rpartition("www.")[2] if site and rnd.random() < 0.5 else rnd.choice(MAILS)
        mark = "" if rnd.random() < 0.3 else str(rnd.randrange(10_000))
        mail = f"{name}.{family}{mark}@{host}".lower() if rnd.random() < 0.8 else ""
        born = f"{rnd.randrange(1940, 2006)}-{rnd.randrange(1, 13):02}-{rnd.randrange(1, 29):02}"
        birth = born if rnd.random() < 0.4 else ""
        return [name, family, mail, number, firm, site, *address, birth]

    def slips(self, row: Row) -> Row:
        """The same person written down another time."""
        changed = list(row)
        for _turn in range(self.rnd.randrange(4)):
            self.rnd.choice(SLIPS)(self, changed)
        return changed

    def mistype(self, row: Row) -> None:
        place = self.rnd.choice([at for at in (0, 1, 2, 3, 6, 7, 8) if row[at]])
        text = row[place]
        at = self.rnd.randrange(len(text))
        sign = self.rnd.choice("0123456789" if place in (3, 7) else LETTERS)
        row[place] = self.rnd.choice(
            (
                text[:at] + sign + text[at + 1 :],
                text[:at] + text[at + 1 :],
                text[:at] + sign + text[at:],
            )
        )

    def leave_out(self, row: Row) -> None:
        row[self.rnd.choice((2, 3, 4, 5, 6, 7, 8, 10))] = ""

    def swap(self, row: Row) -> None:
        row[0], row[1] = row[1], row[0]

    def shorten(self, row: Row) -> None:
        row[0] = row[0][:1]

    def move(self, row: Row) -> None:
        town, code, country = self.rnd.choice(self.towns)
        row[6:10] = [
            f"{self.rnd.randrange(1, 200)} {self.rnd.choice(self.roads)}",
            code,
            town,
            country,
        ]

    def change_phone(self, row: Row) -> None:
        row[3] = self.number()


SLIPS: tuple[Callable[[World, Row], None], ...] = (
    World.mistype, World.mistype, World.mistype, World.leave_out, World.leave_out, World.swap,
    World.shorten, World.move, World.change_phone,
)  # fmt: skip


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--people", type=int, default=1_000_000)
    chosen = parser.parse_args()
    write_crowd(chosen.file, chosen.truth, chosen.people)


if __name__ == "__main__":
    main()
