"""Records that are made because whoever imports said so of a word: stages, pipelines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.records import access, registry
from rapport.records.store import ChangeInProgress


@dataclass(frozen=True, slots=True)
class Asked:
    """The names for which records are wanted, in small letters and by field."""

    names: Mapping[str, Set[str]]
    made: set[UUID] = field(default_factory=set)

    def of(self, name: str, texts: Set[str], outer: UUID | None) -> set[str]:
        """Those of the texts that are among them; all, within a record that was just made."""
        if outer in self.made:
            return set(texts)
        wanted = self.names.get(name, frozenset())
        return {text for text in texts if text.casefold() in wanted}

    def make(
        self,
        name: str,
        texts: Set[str],
        rows: Any,
        change: ChangeInProgress,
        outer: UUID | None,
        notes: Counter[str],
    ) -> dict[str, UUID]:
        """Make a record of the object for each text beside `rows`, where whoever imports may; the
        keys by text. What differs only by capitals is one."""
        target = registry.get(name)
        if not (target.made_when_asked and access.may(change.principal, "create", name)):
            return {}
        made: dict[str, UUID] = {}
        for text in sorted(texts):
            values = target.named(rows, text, outer)
            if text.casefold() in made or values is None:
                continue
            made[text.casefold()] = change.create(name, values)
            note = _("%(object)s “%(text)s” was made.")
            notes[note % {"object": target.label, "text": text[:60]}] += 1
        self.made.update(made.values())
        return {text: made[text.casefold()] for text in texts if text.casefold() in made}
