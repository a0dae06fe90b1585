"""Companies and people of one block, and how to reach them."""

from __future__ import annotations

import itertools
from bisect import bisect
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from rapport.kit.ids import uuid7s
from rapport.project.demo.large.crew import Crew
from rapport.project.demo.large.cultures import (
    CULTURES,
    FORMS,
    INDUSTRIES,
    SOURCES,
    TITLES,
    TRADES,
    Culture,
    Name,
)
from rapport.project.demo.large.extras import values_for

type Row = dict[str, Any]
type Rows = list[Row]

STAGES = ("", "subscriber", "lead", "opportunity", "customer", "former")
OFTEN = (20, 25, 25, 8, 17, 5)
#: Of a thousand people, those who are there twice: written otherwise, with one address in common.
TWICE = 25
#: Of a hundred: who has an e-mail address, a second one, a phone, a company, a city, a job title.
HAS = {"email": 78, "second": 9, "phone": 61, "company": 84, "city": 86, "title": 68}
YEARS = 6
_SHARES = list(itertools.accumulate(one.share for one in CULTURES))
_INDUSTRIES = [name for name, _share in INDUSTRIES]
_INDUSTRY_SHARES = list(itertools.accumulate(share for _name, share in INDUSTRIES))


class Crowd:
    """The companies and people of a block, in the columns of their tables."""

    def __init__(self, random: Random, crew: Crew, now: datetime, first: int) -> None:
        self.random = random
        self.now = now
        self.first = first
        self.owners = crew.owners
        self.shares = list(itertools.accumulate(crew.weights))
        self.companies: Rows = []
        self.people: Rows = []
        self.emails: Rows = []
        self.phones: Rows = []
        self.cultures: dict[str, Culture] = {}

    def add_companies(self, count: int) -> None:
        """Firms called after families, one culture each."""
        for number, key in enumerate(uuid7s(count), self.first):
            self._add_company(key, number)
        # A few firms are large and most are small.
        weights = (1 / (place + 3) for place in range(count))
        self.sizes = list(itertools.accumulate(weights))

    def add_people(self, count: int) -> None:
        """People of those firms and of none, some of them twice."""
        keys = uuid7s(count)
        for number, key in enumerate(keys):
            if self.people and self.random.randrange(1000) < TWICE:
                self._add_twin(key, self.people[self.random.randrange(len(self.people))])
            else:
                self._add_person(key, self.first * 5 + number)

    def owner(self) -> Any:
        """Whose a record is; nobody's, for a few."""
        return self.owners[bisect(self.shares, self.random.random() * self.shares[-1])]

    def past(self, years: float = YEARS) -> datetime:
        """A moment gone by, of late more often than long ago."""
        share = self.random.random() ** 2
        return self.now - timedelta(seconds=int(share * years * 31_557_600) + 60)

    def _add_company(self, key: str, number: int) -> None:
        random, culture = self.random, self._culture()
        family = random.choice(culture.last)
        trade, form = random.choice(TRADES), random.choice(FORMS)
        domain = f"{family.plain}-{trade.lower()}-{number}.example"
        self.cultures[key] = culture
        row: Row = {
            "id": key, "name": f"{family.written} {trade} {form}", "owner_id": self.owner(),
            "industry": _INDUSTRIES[bisect(_INDUSTRY_SHARES, random.random() * 100)],
            "city": self._city(culture), "country": culture.country, "created_at": self.past(),
            "lifecycle": random.choices(STAGES, OFTEN)[0], "number": f"C{number:07d}",
            "custom": values_for("company", random),
        }  # fmt: skip
        if random.random() < 0.7:
            row["website"] = f"https://{domain}"
        if random.random() < 0.5:
            row["employees"] = int(random.paretovariate(0.9) * 3) % 90_000
        self.companies.append(row)
        if random.random() < 0.6:
            self._add_email(key, f"office@{domain}", "work")
        if random.random() < 0.7:
            self._add_phone(key, culture, "work")

    def _add_person(self, key: str, number: int) -> None:
        random = self.random
        company = self._employer() if self._has("company") else None
        is_near = company is not None and random.random() < 0.9
        culture = self.cultures[company["id"]] if company and is_near else self._culture()
        first, last = random.choice(culture.first), random.choice(culture.last)
        row: Row = {
            "id": key, "first_name": first.written, "last_name": last.written,
            "owner_id": self._owner_with(company), "created_at": self.past(),
            "language": culture.language, "lifecycle": random.choices(STAGES, OFTEN)[0],
            "source": random.choice(SOURCES), "custom": values_for("person", random),
        }  # fmt: skip
        if company:
            row["company_id"] = company["id"]
        if self._has("city"):
            row |= {"city": self._city(culture), "country": culture.country}
        if self._has("title"):
            row["job_title"] = random.choice(TITLES)
        self.people.append(row)
        self._add_ways(key, culture, first, last, company, number)

    def _add_ways(
        self, key: str, culture: Culture, first: Name, last: Name, company: Row | None, number: int
    ) -> None:
        if self._has("email"):
            domain = (company or {}).get("website", "").removeprefix("https://")
            mailbox = f"{first.plain}.{last.plain}" + ("" if domain else str(number))
            self._add_email(key, f"{mailbox}@{domain or 'mail.example'}", "work")
            if self.random.randrange(100) < HAS["second"]:
                self._add_email(key, f"{last.plain}{number}@home.example", "home", 1)
        if self._has("phone"):
            self._add_phone(key, culture, self.random.choice(("mobile", "work")))

    def _add_twin(self, key: str, other: Row) -> None:
        """The same person once more: without the accents, or with an initial, or the job of old."""
        row = other | {"id": key, "created_at": self.past(), "owner_id": self.owner()}
        if self.random.random() < 0.4:
            row["first_name"] = other["first_name"][:1] + "."
        if self.random.random() < 0.5:
            row.pop("company_id", None)
        self.people.append(row)
        ways = [one for one in self.emails[-40_000:] if one["party_id"] == other["id"]]
        for one in ways[:1]:
            self._add_email(key, one["value"], "work")

    def _add_email(self, key: str, value: str, label: str, position: int = 0) -> None:
        is_bounced = self.random.random() < 0.02
        self.emails.append({
            "party_id": key, "value": value, "normalised": value, "label": label,
            "is_primary": not position, "position": position,
            "status": "bounced" if is_bounced else "ok",
        })  # fmt: skip

    def _add_phone(self, key: str, culture: Culture, label: str) -> None:
        digits = self.random.randrange(2 * 10 ** (culture.digits - 1), 10**culture.digits)
        number = f"{culture.prefix}{digits}"
        self.phones.append({
            "party_id": key, "value": number, "normalised": number, "label": label,
            "is_primary": True,
        })  # fmt: skip

    def _employer(self) -> Row:
        return self.companies[bisect(self.sizes, self.random.random() * self.sizes[-1])]

    def _owner_with(self, company: Row | None) -> Any:
        """Whoever owns a firm mostly owns its people too."""
        return company["owner_id"] if company and self.random.random() < 0.7 else self.owner()

    def _culture(self) -> Culture:
        return CULTURES[bisect(_SHARES, self.random.random() * _SHARES[-1])]

    def _city(self, culture: Culture) -> str:
        """The first is the largest by far."""
        return culture.cities[int(self.random.random() ** 2 * len(culture.cities))]

    def _has(self, what: str) -> bool:
        return self.random.randrange(100) < HAS[what]


def with_keys(rows: Sequence[Row]) -> Rows:
    """The rows, each with a new key."""
    return [one | {"id": key} for one, key in zip(rows, uuid7s(len(rows)), strict=True)]
