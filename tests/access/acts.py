"""What is done otherwise than by a request to an address: jobs, and tools of agents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from rapport.accounts.principals import Principal
from rapport.records.live.changed import Touched
from rapport.records.live.listener import events_of
from tests import test_access_jobs as jobs
from tests import test_agent_matrix as agents
from tests.access.people import COLUMNS
from tests.access.state import State
from tests.access.things import Things
from tests.test_hidden_fields import told


@dataclass(frozen=True)
class Act:
    """Something that somebody tries, and the word of its own table for what becomes of it."""

    who: str
    label: str
    wanted: str
    do: Callable[[], str]

    def met(self, _before: State) -> str:
        """The word for what becomes of it."""
        with suppress(Exception):
            return self.do()
        return "broke, or was refused and wrote"

    def answer(self) -> str:
        """What he is told: no more than the word."""
        return told(self.do().encode())


def acts_of(things: Things, held_back: tuple[str, ...]) -> list[Act]:
    """All kinds of jobs and all tools, for those whom the rules hold back."""
    narrowed = (*held_back, "reading", "companies")
    askers = jobs.askers(things.people)
    return [
        *_jobs(things, narrowed, askers),
        *_tools(things, held_back),
        *_hearing(things, askers),
    ]


def _jobs(
    things: Things, held_back: tuple[str, ...], askers: Mapping[str, jobs.Asker]
) -> list[Act]:
    found = []
    for kind, words in jobs.ROWS.items():
        for who, word in zip(jobs.ASKERS, words, strict=True):
            if who in held_back and word != "-":
                asker = askers[who]
                do = _bound(lambda kind, asker: jobs.outcome(kind, asker, things), kind, asker)
                found.append(Act(who, f"job {kind} {who}", word, do))
    return found


def _tools(things: Things, held_back: tuple[str, ...]) -> list[Act]:
    people = {who: things.people.users[who] for who in COLUMNS}
    programs = agents.agents_of(people)
    found = []
    for tool, words in agents.ROWS.items():
        arguments = agents.arguments_of(tool, things)
        for (who, agent), word in zip(programs.items(), words, strict=True):
            if who in (*held_back, "reading", "companies"):
                do = _bound(agents.outcome, agent, tool, arguments)
                found.append(Act(who, f"tool {tool} {who}", word, do))
    return found


def _hearing(things: Things, askers: Mapping[str, jobs.Asker]) -> list[Act]:
    """Who hears that the record was changed: by the stream, and by the feed of changes."""

    def hears(principal: Principal) -> str:
        changed = {things.declaration.name: Touched(ids={things.record})}
        return "yes" if any(events_of(changed, principal, {})) else "no"

    people = jobs.listeners(things.people, askers).items()
    return [
        Act(who, f"hears {who}", "no" if who in jobs.DEAF else "yes", _bound(hears, principal))
        for who, principal in people
    ]


def _bound[*Given](do: Callable[[*Given], str], *given: *Given) -> Callable[[], str]:
    return lambda: do(*given)
