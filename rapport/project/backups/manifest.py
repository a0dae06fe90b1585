"""What a backup says about itself, in its first member."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.utils.translation import gettext as _

from rapport.project.environment import CHECKOUT

from .faults import Unusable

FORMAT = 1
PRODUCT = "rapport"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The state of the instance at the moment of the backup.

    `migrations` are the applied ones, `app.name`; `tables` counts rows, `sequences` are their last
    values; `key` names the key that signs, without telling it; `server` is PostgreSQL's version
    number, such as 180006.
    """

    version: str
    made_at: str
    reason: str
    server: int
    migrations: tuple[str, ...]
    tables: dict[str, int]
    sequences: dict[str, int]
    key: str
    holds_key: bool

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(self.tables.values())

    def to_json(self) -> bytes:
        """The member's content."""
        facts = {"product": PRODUCT, "format": FORMAT, **asdict(self)}
        return json.dumps(facts, indent=1).encode() + b"\n"


def read_manifest(content: bytes) -> Manifest:
    """Read the first member. Raises Unusable for that of another product or a newer format."""
    try:
        facts = json.loads(content)
    except ValueError:
        facts = None
    if not isinstance(facts, dict) or facts.get("product") != PRODUCT:
        raise Unusable(_("The file is not a backup of Rapport."))
    if facts.get("format") != FORMAT:
        raise Unusable(
            _(
                "The backup has the form %(form)s, and this version of Rapport reads %(ours)s. "
                "Restore it with the newer version that made it."
            )
            % {"form": facts.get("format"), "ours": FORMAT}
        )
    return _checked(facts)


def _checked(facts: dict[str, Any]) -> Manifest:
    try:
        found = {one.name: facts[one.name] for one in fields(Manifest)}
        found["migrations"] = tuple(map(str, found["migrations"]))
        found["tables"] = {str(name): int(rows) for name, rows in found["tables"].items()}
        found["sequences"] = {str(name): int(last) for name, last in found["sequences"].items()}
        return Manifest(**found)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise Unusable(_("The backup does not say what is in it; it is damaged.")) from fault


def product_version() -> str:
    """The version of this Rapport."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    return str(project["project"]["version"])
