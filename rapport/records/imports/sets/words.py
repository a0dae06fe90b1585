"""What keys of the other program mean: its users, stages and pipelines, from the files that list
them, and who and what they are here."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.imports.mapping.headings import heading
from rapport.records.imports.running.references import References
from rapport.records.imports.running.salesforce import long_key
from rapport.records.imports.sets.known_files import PIPELINES, STAGES, USERS
from rapport.records.imports.sets.packing import Kept
from rapport.records.imports.stored import Manner, path_of

MOST = 20_000
KEYS = {USERS: ("ownerid", "id"), STAGES: ("stageid",), PIPELINES: ("pipelineid",)}
NAMES = ("name", "label")
TRUE = ("true", "1", "yes")

type Words = dict[str, dict[str, str]]
"""By key: what the files call it (`says`), and what it means here (`means`)."""


def read_words(principal: Principal, sort: str, kept: Kept) -> Words:
    """What a file says of the keys of its sort. Raises Unreadable."""
    found: Words = {}
    with Manner().open(path_of(kept.storage), kept.name) as table:
        keys = [heading(column).key for column in table.columns]
        for row in islice(table.rows(), MOST):
            cells = dict(zip(keys, (cell.strip() for cell in row.cells), strict=False))
            key = next((cells[name] for name in KEYS[sort] if cells.get(name)), "")
            if key:
                found[long_key(key)] = _said(sort, cells)
    return _meant(principal, sort, found)


def _said(sort: str, cells: Mapping[str, str]) -> dict[str, str]:
    name = next((cells[one] for one in NAMES if cells.get(one)), "")
    full = " ".join(filter(None, (cells.get("firstname"), cells.get("lastname"))))
    said = {"says": name or full or cells.get("email", "")}
    if sort == USERS:
        said["email"] = cells.get("email", "").casefold()
    if sort == STAGES:
        said["state"] = _state(cells)
    return said


def _state(cells: Mapping[str, str]) -> str:
    """How a deal stands at a stage; empty where the file does not say."""
    if cells.get("closedwon", "").lower() in TRUE:
        return "won"
    closed = cells.get("isclosed", "")
    return "" if not closed else "lost" if closed.lower() in TRUE else "open"


def _meant(principal: Principal, sort: str, found: Words) -> Words:
    """The same words with what they mean: a colleague's key, or a name that is known here."""
    texts = {text for one in found.values() for text in (one["says"], one.get("email", "")) if text}
    known = References(principal, registry.get("person")).known_by(sort, texts) if texts else {}
    ends = _ends(principal) if sort == STAGES else {}
    for one in found.values():
        email, state, says = one.pop("email", ""), one.pop("state", ""), one["says"]
        if sort == USERS:
            one["means"] = str(known.get(email) or known.get(says) or "")
        else:
            # A stage whose name says nothing here still says how it ends a deal.
            one["means"] = says if says in known else ends.get(state, "")
    return found


def _ends(principal: Principal) -> dict[str, str]:
    """The stages of ours that win and lose a deal, by name."""
    target = registry.get(STAGES)
    rows = access.rows(principal, target.name)
    found = {state: target.stand_in(rows, state) for state in ("won", "lost")}
    return {state: stage[1] for state, stage in found.items() if stage}


def meanings(words: Mapping[str, Words], targets: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """By column, what its keys mean: what they are here, else what the files call them; `targets`
    are the columns that name users, stages and pipelines, each with which."""
    return {
        column: {
            key: meant for key, one in words[sort].items() if (meant := one["means"] or one["says"])
        }
        for column, sort in targets.items()
        if words.get(sort)
    }
