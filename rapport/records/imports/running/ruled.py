"""Rows that would break what administrators ask of their fields: set aside, each with its reason.

Objects whose fields ask for nothing cost nothing here. A file keeps what a field holds that doesn't
matter in a record, so that what was exported comes back whole; and records that are here already
need no value that is asked of new ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from rapport.records.declare import Object
from rapport.records.imports.running.limits import set_broken_aside
from rapport.records.imports.running.locked import locked_out, value_in
from rapport.records.imports.running.parsing import Parsed
from rapport.records.kinds.base import Context, Kind
from rapport.records.metadata.rules import begins_with, broken_by, needed_by, ruled
from rapport.records.reading.single import load_values, paths_of

STAGED = "SELECT n, verdict, target, id FROM stage WHERE verdict IN ('', 'match')"

type Values = dict[str, Any]


def set_breakers_aside(
    declaration: type[Object], policy: str, rows: Sequence[Parsed], context: Context
) -> Mapping[int, str]:
    """Mark staged rows that would break a rule or a lock; the reason of each by its number."""
    required, broken = required_of(declaration), dict[int, str]()
    if required or ruled(declaration):
        checker = _Checker(declaration, policy, required, context)
        broken = checker.reasons({row.number: row for row in rows})
    broken |= locked_out(declaration, policy, rows, context)
    if broken:
        set_broken_aside(broken)
    return broken


def required_of(declaration: type[Object]) -> dict[str, Kind]:
    """The custom fields that a new record can't be without and that don't come by themselves."""
    return {
        name: kind
        for name, kind in declaration.fields.items()
        if kind.is_custom and kind.required and kind.editable and kind.default is None
    }


def needs_more_than_a_name(declaration: type[Object]) -> bool:
    """Whether administrators ask something of every new record that a mere name can't give."""
    if required_of(declaration):
        return True
    if not ruled(declaration):
        return False
    values = begins_with(declaration)
    return bool(broken_by(declaration, declaration.fields, values, "en", is_strict=False))


class _Checker:
    """Looks at each row as the record that it would make, or make of the one it met."""

    def __init__(
        self, declaration: type[Object], policy: str, required: Mapping[str, Kind], context: Context
    ) -> None:
        self.declaration = declaration
        self.policy = policy
        self.required = required
        self.language = context.language
        needed = {*required, *(name for kind in ruled(declaration) for name in needed_by(kind))}
        fields = declaration.fields
        self.kinds = [fields[n] for n in sorted(needed & fields.keys()) if fields[n].stored]
        self.first = begins_with(declaration)
        if declaration.access == "owned":
            self.first.setdefault("owner", context.principal.user_id)

    def reasons(self, rows: Mapping[int, Parsed]) -> dict[int, str]:
        with connection.cursor() as cursor:
            cursor.execute(STAGED)
            staged = [one for one in cursor.fetchall() if one[0] in rows]
        new = {key: self._given(rows[n]) for n, verdict, _target, key in staged if verdict == ""}
        met = {target for _n, verdict, target, _key in staged if verdict == "match"}
        known = self._known(met - new.keys()) if self.policy in ("update", "fill") else {}
        found: dict[int, str] = {}
        gone: dict[UUID, str] = {}
        for n, verdict, target, key in sorted(staged):
            if verdict == "":
                reason = self._of_new(new[key])
                gone |= {key: reason} if reason else {}
            elif target in gone:
                reason = _("It belongs to the row above that could not be taken: %(why)s") % {
                    "why": gone[target]
                }
            else:
                before = known.get(target) or new.get(target)
                reason = self._of_met(before, self._given(rows[n])) if before else ""
            if reason:
                found[n] = reason
        return found

    def _of_new(self, given: Values) -> str:
        values = self.first | given
        faults = [
            _("%(field)s can't be empty.") % {"field": kind.label}
            for name, kind in self.required.items()
            if kind.blank(values.get(name))
        ]
        return " ".join([*faults, *self._broken(self.declaration.fields, values)])

    def _of_met(self, before: Values, given: Values) -> str:
        if self.policy not in ("update", "fill"):
            return ""
        fields = self.declaration.fields
        new = {
            name: value
            for name, value in given.items()
            if value != before.get(name)
            and (self.policy == "update" or fields[name].blank(before.get(name)))
        }
        return " ".join(self._broken(new, before | new))

    def _broken(self, names: Iterable[str], values: Values) -> Iterable[str]:
        return broken_by(
            self.declaration, set(names), values, self.language, is_strict=False
        ).values()

    def _given(self, row: Parsed) -> Values:
        """What the row fills in."""
        found = {kind.name: value_in(kind, row.own) for kind in self.kinds}
        return {n: v for n, v in found.items() if not self.declaration.fields[n].blank(v)}

    def _known(self, keys: set[UUID]) -> dict[UUID, Values]:
        """What records hold that rows have met."""
        paths = paths_of(self.kinds)
        rows = self.declaration.model._default_manager.filter(pk__in=keys).values("pk", *paths)
        return {row["pk"]: load_values(self.kinds, row) for row in rows}
