"""What a tool is: a name, what it takes, what it gives, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapport.records.surfaces.agents.asking import Asker

type Arguments = Mapping[str, Any]
type Result = dict[str, Any]
type Run = Callable[[Asker, Arguments], Result]


@dataclass(frozen=True, slots=True)
class Tool:
    """One thing that an agent can ask for."""

    name: str
    title: str
    description: str
    run: Run
    takes: Mapping[str, Any] = field(default_factory=dict)
    needs: Sequence[str] = ()
    gives: Mapping[str, Any] = field(default_factory=lambda: {"type": "object"})
    #: Whether it changes records, may take something away, and may be called twice without harm.
    writes: bool = False
    destroys: bool = False
    is_idempotent: bool = False

    @property
    def input_schema(self) -> dict[str, Any]:
        """Its arguments as a JSON schema."""
        made = {"type": "object", "properties": dict(self.takes), "additionalProperties": False}
        return made | ({"required": list(self.needs)} if self.needs else {})

    def describe(self) -> dict[str, Any]:
        """The tool as `tools/list` tells of it."""
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "inputSchema": self.input_schema,
            "outputSchema": dict(self.gives),
            "annotations": {
                "title": self.title,
                "readOnlyHint": not self.writes,
                "destructiveHint": self.destroys,
                "idempotentHint": self.is_idempotent or not self.writes,
                # It reaches into this instance only.
                "openWorldHint": False,
            },
        }
