"""Lets schemathesis explore the API as its document describes it, and tells what it found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder

from tests.contract import knowing

ALL_PHASES = ("examples", "coverage", "fuzzing", "stateful")


@dataclass(frozen=True)
class Exploration:
    """How far to go: which phases, how many examples of each operation, and from which seed."""

    phases: Iterable[str] = ALL_PHASES
    examples: int = 5
    seed: int = 1
    #: A regular expression of paths; all of them without one.
    paths: str = ""
    steps: int = 6
    #: Seconds after which no new example is begun; None for no limit.
    seconds: int | None = None


@dataclass
class Findings:
    """What was asked, and each failure once, as people read it."""

    asked: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    operations: set[str] = field(default_factory=set)

    def add(self, recorder: ScenarioRecorder) -> None:
        """Take in what was found out in one scenario."""
        self.asked += len(recorder.interactions)
        self.operations |= {one.value.operation.label for one in recorder.cases.values()}
        for case_id, checks in recorder.checks.items():
            for check in checks:
                if check.status == Status.FAILURE and check.failure_info:
                    failure = check.failure_info.failure
                    label = recorder.cases[case_id].value.operation.label
                    answer = _answer(recorder, case_id)
                    key = f"{label}: {check.name}: {failure.title} {answer[:90]}"
                    told = f"{failure.message}\n{check.failure_info.code_sample}\n{answer}"
                    self.failures.setdefault(key, told)

    def told(self, most: int = 8) -> str:
        """The first failures, whole, and the names of all others."""
        whole = [f"{key}\n{text}" for key, text in list(self.failures.items())[:most]]
        return "\n\n".join([*whole, *list(self.failures)[most:]])


def explore(address: str, secret: str, how: Exploration, *, may_all: bool) -> Findings:
    """What schemathesis finds with all its checks, as the user whose token this is."""
    config = SchemathesisConfig.from_dict(_config(secret, how))
    schema: Any = schemathesis.openapi.from_url(
        f"{address}/api/v1/openapi.json", config=config, headers=_bearer(secret)
    )
    filtering = knowing.filter_failure if may_all else knowing.filter_failure_of_one
    schema.hook("filter_failure")(filtering)
    if how.paths:
        schema = schema.include(path_regex=how.paths)
    findings = Findings()
    for event in from_schema(schema).execute():
        match event:
            case events.ScenarioFinished():
                findings.add(event.recorder)
            case events.NonFatalError():
                findings.failures[f"{event.label}: {event.info.title}"] = str(event.value)
            case events.FatalError():
                raise event.exception
    return findings


def _config(secret: str, how: Exploration) -> dict[str, Any]:
    phases: dict[str, dict[str, Any]] = {
        phase: {"enabled": phase in how.phases} for phase in ALL_PHASES
    }
    phases["stateful"]["max-steps"] = how.steps
    if how.seconds is None:
        # What answers taught differs with their ids: the same run would not be the same again.
        for phase in ("examples", "coverage", "fuzzing"):
            phases[phase]["extra-data-sources"] = {"responses": False}
        phases["fuzzing"]["error-feedback"] = {"enabled": False}
    config: dict[str, Any] = {
        "seed": how.seed,
        "workers": 1,
        "continue-on-failure": True,
        "cache": {"enabled": False},
        "auth": {"openapi": {"bearer": {"bearer": secret}}},
        "phases": phases,
        "generation": {
            "max-examples": how.examples,
            "deterministic": how.seconds is None,
            "database": "none",
            # PostgreSQL holds no NUL: each field refuses it, which `hostile.py` tests. A pattern
            # on each text of the document would say it to programs that never send one.
            "allow-x00": False,
        },
    }
    return config | ({"max-time": how.seconds} if how.seconds else {})


def _bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def _answer(recorder: ScenarioRecorder, case_id: str) -> str:
    found = recorder.interactions.get(case_id)
    if found is None or found.response is None:
        return ""
    return f"{found.response.status_code} {found.response.content[:600].decode(errors='replace')}"
