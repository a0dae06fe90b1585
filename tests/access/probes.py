"""Requests of those whom the rules hold back, each with what must become of it.

A probe fails if the answer is another one than the reviewed table says, or if it is another one in
a database that differs only in what its asker can't see: then something of that is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from unittest import mock
from urllib.parse import urlencode

from django.test import Client
from django.utils import timezone

from rapport.records.declare import Object
from rapport.records.kinds import Links, Relation
from tests.access.state import State, attempts
from tests.access.table import Row, rows, rows_about
from tests.access.things import Things
from tests.access.writes import writes_of
from tests.test_access_matrix import Undone, ask, outcome
from tests.test_hidden_fields import NOW, told

#: Those whom the rules hold back by records, and by fields.
NARROW, BLIND = "narrow", "blind"
HELD_BACK = ("other", NARROW, "reader", "member")
#: Somebody whose role gives nothing at all, and what is not there for him; all else is refused.
NOBODY = "nobody"
NOT_THERE = frozenset(
    [
        "view_edit",
        "view_save",
        "view_choose",
        "view_delete",
        "export_ready",
        "export_file",
        "sweep",
        "duplicate",
        "record",
        "edit",
        "trash_record",
        "record_history",
        "record_access",
        "cell",
        "why",
        "sharing",
        "withdraw_share",
        "here",
        "calendar_move",
        "panel",
        "timeline",
        "timeline_close",
        "compose",
        "files",
        "file",
        "file_delete",
        "import_run",
        "import_choose",
        "import_problems",
        "import_review",
        "import_decide",
        "change_set",
        "api-change",
        "api-preview",
        "api-undo",
        "lookup",
        "lookup_make",
        "api-object",
        "api-file",
        "action",
    ]
)
#: Pages of people that show nothing of records, and doors that take neither session nor token.
ASIDE = ("scim", "setup_", "account", "sign_", "mcp", "oauth", "viewing", "set_language")
ROLLS = re.compile(r"change_set|\b\d+ (?:min|sec)\w* ago")


class Read:
    """An answer that was read to its end."""

    streaming = False

    def __init__(self, answer: Any) -> None:
        self.status_code, self.headers = answer.status_code, answer.headers
        self.content = b"".join(answer) if answer.streaming else answer.content


@dataclass(frozen=True)
class Probe:
    """One request of one asker."""

    who: str
    client: Client
    row: Row
    things: Things
    wanted: str = ""
    address: str = ""
    body: dict[str, Any] | None = None

    @property
    def label(self) -> str:
        """How failures call it."""
        about = "own" if self.things.named.get("is_own") else ""
        return " ".join(filter(None, (self.row.label, self.address, self.who, about)))

    def met(self, before: State) -> str:
        """The word for what it meets; refused and yet written is one of its own."""
        with Undone():
            since = attempts()
            answer = self._ask()
            is_read = self.row.method == "GET" and answer.status_code < 300
            try:
                return outcome(answer, self.row, set() if is_read else before.written(since))
            except AssertionError:
                return "wrote"

    def answer(self) -> str:
        """All that it is told, but for what no two answers have in common."""
        with Undone(), mock.patch.object(timezone, "now", return_value=NOW):
            answer = self._ask()
            content = b"" if answer.streaming else answer.content
            place = answer.headers.get("Location", "").encode()
            return f"{answer.status_code} {told(place)} {told(content)}"

    def _ask(self) -> Any:
        if not self.address:
            return ask(self.client, self.row, self.things)
        send = getattr(self.client, self.row.method.lower())
        if self.body is None:
            return Read(send(self.address))
        if self.address.startswith("/api/"):
            return Read(send(self.address, self.body, content_type="application/json"))
        return Read(send(self.address, self.body, headers={"HX-Request": "true"}))


def probes_of(things: Things, own: Things | None, *, with_house: bool) -> list[Probe]:
    """All of one object."""
    table = list(rows_about(things.declaration))
    if with_house:
        table += [
            one for one in rows() if one.objects == "house" and not one.name.startswith(ASIDE)
        ]
    browsers = things.people.browsers
    found = [
        Probe(who, browsers[who], row, things, row.outcomes[who])
        for row in table
        for who in HELD_BACK
    ]
    found += [Probe(BLIND, browsers[BLIND], row, things) for row in table]
    if NOBODY in browsers:
        found += [
            Probe(NOBODY, browsers[NOBODY], row, things, _without_rights(row))
            for row in rows_about(things.declaration)
        ]
    if own:
        found += [Probe(NARROW, browsers[NARROW], row, own) for row in table]
    for row, address, body in writes_of(things):
        wanted = row.outcomes[BLIND]
        found.append(Probe(BLIND, browsers[BLIND], row, things, wanted, address, body))
    row = Row("asked", "", "GET", "house", {})
    for address in asked_of_one(things):
        found += [
            Probe(who, browsers[who], row, things, address=address) for who in (NARROW, BLIND)
        ]
    for address in asked_of(things.declaration):
        found += [
            Probe(who, browsers[who], row, own or things, address=address)
            for who in (NARROW, BLIND)
        ]
    return found


def _without_rights(row: Row) -> str:
    is_gone = row.name in NOT_THERE or row.label == "GET api-use"
    return "gone" if is_gone else "no"


def asked_of_one(things: Things) -> Iterator[str]:
    """The same of one record, field by field."""
    page = things.declaration.url(things.record)
    for name in things.declaration.fields:
        yield f"/api/v1{page.rstrip('/')}?columns={name}"
        yield f"{page}cells/{name}/"
        yield f"{page}why/{name}/"
        yield f"{page}access/?field={name}"
    yield f"/api/v1{page.rstrip('/')}?at=2999-01-01"
    yield f"{page}?at=2999-01-01"


def asked_of(declaration: type[Object]) -> Iterator[str]:
    """Addresses that tell of what is unseen by what they find, count, order, group or name."""
    pages, program = declaration.url(), f"/api/v1/{declaration.plural}"
    for name, kind in declaration.fields.items():
        queries: list[dict[str, str]] = [
            {"sort": name},
            {"columns": name},
            {"where": f"{name}:filled"},
        ]
        if isinstance(kind, Relation | Links):
            queries += [{"where": f"{name}.name:Sample"}, {"group": name}, {"include": name}]
        for query in queries:
            yield f"{pages}?{urlencode(query)}"
            yield f"{program}?{urlencode(query)}"
        yield f"{pages}export/?{urlencode({'columns': name})}"
        yield f"{pages}chart/?{urlencode({'by': name})}"
        yield f"{program}/aggregate?{urlencode({'by': name})}"
        yield f"{program}/aggregate?{urlencode({'measure': f'count({name})'})}"
        yield f"{pages}conditions/?{urlencode({'where': f'{name}:filled'})}"
        yield f"{pages}?{urlencode({'group': name, 'totals': name})}"
        yield f"{pages}board/?{urlencode({'columns': name})}"
        yield f"/history/?{urlencode({'object': declaration.name})}"
    for words in ("Sample", "Sample1", "Ada"):
        yield f"{pages}?{urlencode({'q': words})}"
        yield f"/palette/?{urlencode({'q': words})}"
        yield f"/search/?{urlencode({'q': words})}"
        yield f"/api/v1/search?{urlencode({'q': words})}"
        yield f"/lookup/{declaration.name}/?{urlencode({'q': words})}"
        yield f"/mentions/?{urlencode({'q': words})}"
