"""The sentences that tell why a part of somebody's reach does or does not reach a record."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.paths import Paths
from rapport.accounts.principals import Scope
from rapport.kit.formats import format_day
from rapport.records.conditions import ConditionError, ask, from_json, sentence
from rapport.records.declare import Object
from rapport.records.explaining.answers import Ground
from rapport.records.explaining.parts import Part
from rapport.records.explaining.people import Person
from rapport.records.kinds.base import Context
from rapport.records.reached import Shares
from rapport.records.ruled import fault_of
from rapport.records.sharing.reading import Held


@dataclass(frozen=True)
class Case:
    """The record, what is around it, and who is told about it."""

    declaration: type[Object]
    owner_id: UUID | None
    audience: str
    shares: Sequence[Held]
    paths: Paths
    context: Context

    @cached_property
    def owner(self) -> str:
        """Whom the record belongs to."""
        known = self.owner_id and self.paths.people.get(self.owner_id)
        return known or _("nobody")

    def opening(self, person: Person, part: Part) -> list[Ground]:
        """Why this part reaches the record."""
        if part.reach.one_by_one:
            return [self._by_share(one) for one in self._shares_of(part.reach.one_by_one)]
        kind, says = self._opening(person, part)
        return [Ground(kind, True, says, part.role)]

    def _shares_of(self, held: Shares) -> list[Held]:
        return [
            one for one in self.shares if one.holder_id in held.holders and one.level in held.levels
        ]

    def _by_share(self, share: Held) -> Ground:
        says = {
            "team": _("It is shared with the team %(name)s."),
            "role": _("It is shared with the role “%(name)s”."),
        }.get(share.holder_kind, _("It is shared with %(name)s."))
        told = [says % {"name": share.name}]
        if share.until:
            day = format_day(share.until, self.context.language)
            told.append(_("That ends after %(day)s.") % {"day": day})
        return Ground("share", True, " ".join(told))

    def _opening(self, person: Person, part: Part) -> tuple[str, str]:
        facts = {
            "name": person.principal.name,
            "role": part.label,
            "owner": self.owner,
            "objects": self.declaration.label_plural,
        }
        if part.rule:
            return "rule", self._met(part)
        if self.declaration.audience:
            return "audience", self._open_by_audience(person) % facts
        scope = part.reach.scope
        if scope == Scope.ALL:
            return "all", _("The role “%(role)s” reaches all %(objects)s.") % facts
        me = person.principal.user_id
        if scope == Scope.FOLLOW and self.owner_id != me:
            says = _("It is about a record that the role “%(role)s” lets them do this with.")
            return "follow", says % facts
        if me is None or self.owner_id is None or self.owner_id == me:
            says = _("It belongs to %(name)s, and the role “%(role)s” reaches own ones.")
            return "own", says % facts
        if teams := self.paths.shared_teams(me, self.owner_id):
            says = _(
                "It belongs to %(owner)s, who is in the team %(teams)s with %(name)s, and the "
                "role “%(role)s” reaches what is the team's."
            )
            return "team", says % {**facts, "teams": ", ".join(teams)}
        if pair := self.paths.team_below(me, self.owner_id):
            says = _(
                "%(name)s is in the team %(team)s; it belongs to %(owner)s in %(part)s, which is "
                "below it, and the role “%(role)s” reaches what is below."
            )
            return "below", says % {**facts, "team": pair[0], "part": pair[1]}
        chain = " → ".join(self.paths.reporting(me, self.owner_id))
        says = _(
            "It belongs to %(owner)s, who reports to %(name)s (%(chain)s), and the role "
            "“%(role)s” reaches what is below."
        )
        return "below", says % {**facts, "chain": chain}

    def closing(self, person: Person, part: Part) -> list[Ground]:
        """Why this part does not reach the record; of shares there is nothing to tell."""
        if part.reach.one_by_one:
            return []
        kind, says = self._closing(person, part)
        return [Ground(kind, False, says, part.role)]

    def _closing(self, person: Person, part: Part) -> tuple[str, str]:
        facts = {
            "name": person.principal.name,
            "role": part.label,
            "owner": self.owner,
            "objects": self.declaration.label_plural,
        }
        if part.rule:
            return "rule", self._unmet(part)
        sentences = {
            Scope.NONE: _("The role “%(role)s” does not allow this on %(objects)s."),
            Scope.RULE: _(
                "The rule of the role “%(role)s” says nothing yet, so it reaches nothing."
            ),
            Scope.FOLLOW: _(
                "The role “%(role)s” reaches own ones, and those about records that it lets them "
                "do this with; this is neither."
            ),
            Scope.OWN: _("The role “%(role)s” reaches own ones only; it belongs to %(owner)s."),
            Scope.TEAM: _(
                "The role “%(role)s” reaches what is the team's; it belongs to %(owner)s, who is "
                "in no team with %(name)s."
            ),
            Scope.BELOW: _(
                "The role “%(role)s” reaches what is below; it belongs to %(owner)s, who is not "
                "below %(name)s."
            ),
        }
        if self.owner_id is None and part.reach.scope in (Scope.TEAM, Scope.BELOW):
            says = _("The role “%(role)s” reaches by whom it belongs to, and it belongs to nobody.")
            return part.reach.scope.value, says % facts
        scope = part.reach.scope
        return scope.value, sentences.get(scope, sentences[Scope.NONE]) % facts

    # Records that say who sees them ---------------------------------------------------------

    def shut_by_audience(self, name: str) -> Ground:
        """Why a record keeps out somebody whom a role lets in."""
        if not self.audience and self.declaration.may_be_private():
            says = _("%(owner)s keeps it private and does not share it with %(name)s.")
            return Ground("private", False, says % {"owner": self.owner, "name": name})
        says = {
            "me": _("%(owner)s keeps it to themselves."),
            "team": _("%(owner)s shares it with their team only."),
        }.get(self.audience, _("It is about records that can't be seen."))
        return Ground("audience", False, says % {"owner": self.owner})

    def _open_by_audience(self, person: Person) -> str:
        if self.owner_id is None or self.owner_id == person.principal.user_id:
            return _("It belongs to %(owner)s.")
        if self.audience == "everyone":
            return _("It is shared with everyone.")
        return _("%(owner)s shares it with their team, or %(name)s looks after all that is shared.")

    # Rules ----------------------------------------------------------------------------------

    def readable_rule(self, part: Part) -> str:
        """The condition in words; empty where it names what the asker may not read."""
        return rule_in_words(part.rule, self.declaration, self.context)

    def _met(self, part: Part) -> str:
        rule = self.readable_rule(part)
        if not rule:
            return _("A rule of the role “%(role)s” lets it.") % {"role": part.label}
        facts = {"role": part.label, "rule": rule}
        return _("It meets the rule of the role “%(role)s”: %(rule)s.") % facts

    def _unmet(self, part: Part) -> str:
        facts = {"role": part.label, "rule": self.readable_rule(part)}
        if fault_of(self.declaration.name, json.loads(part.rule)):
            return _("The rule of the role “%(role)s” can't be asked any more.") % facts
        if not facts["rule"]:
            return _("No rule of the role “%(role)s” lets it.") % facts
        return _("It does not meet the rule of the role “%(role)s”: %(rule)s.") % facts


def rule_in_words(text: str, declaration: type[Object], context: Context) -> str:
    """A rule as a sentence, for whoever may read all that it names; empty for anybody else."""
    try:
        condition = from_json(json.loads(text))
        ask(condition, declaration, context)
    except ConditionError:
        return ""
    return sentence(condition, declaration, context)


def without_repeats(grounds: Sequence[Ground]) -> tuple[Ground, ...]:
    """Each sentence once."""
    found: dict[Any, Ground] = {(one.opens, one.says): one for one in reversed(grounds)}
    return tuple(reversed(found.values()))
