"""What is to be done with many records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.records import access, registry
from rapport.records.declare import Action, Object
from rapport.records.kinds.base import Context, Kind
from rapport.records.kinds.relation import is_tags
from rapport.records.models import Share
from rapport.records.reaching import SHARE, is_shareable
from rapport.records.sharing import Wish, share_many, tell_of_share, tell_of_shares
from rapport.records.store import ChangeInProgress, change

#: Verbs that set a field, and those that link records to others or part them.
SETTING, LINKING = ("assign", "edit"), ("add", "take")
VERBS = ("trash", SHARE, *SETTING, *LINKING)


class Done(NamedTuple):
    """The change set, if it is one, with how many records it was done, and where that leads."""

    change_set: UUID | None
    number: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """A verb (trash, share, assign, edit, add, take, or an action of the object), and its value."""

    declaration: type[Object]
    verb: str
    field: str = ""
    value: Any = None

    def as_json(self, context: Context) -> dict[str, Any]:
        """How a job keeps it: the value as programs send it."""
        value = self.kind.json(self.value) if self.kind else None
        value = self.value.as_json() if self.verb == SHARE else value
        return {
            "object": self.declaration.name, "verb": self.verb, "field": self.field, "value": value,
        }  # fmt: skip

    @classmethod
    def from_json(cls, kept: Mapping[str, Any], context: Context) -> Deed:
        """The deed that a job kept. Raises LookupError for a field that is gone, Invalid, and
        Rejected for somebody to share with who is gone."""
        declaration = registry.get(kept["object"])
        if kept["verb"] == SHARE:
            return cls(declaration, SHARE, value=Wish.read(kept["value"]))
        made = cls(declaration, kept["verb"], kept["field"])
        if made.kind is None:
            return made
        return cls(declaration, made.verb, made.field, made.kind.parse(kept["value"], context))

    @property
    def kind(self) -> Kind | None:
        """The field it is about. Raises KeyError for one that is not there."""
        return self.declaration.fields[self.field] if self.field else None

    @property
    def action(self) -> Action | None:
        """The action of the object that it is, if it is one."""
        return next((one for one in self.declaration.actions if one.name == self.verb), None)

    @property
    def needs(self) -> str:
        """What one must be allowed to do with each record."""
        if self.action:
            return self.action.needs
        return {"trash": "delete", SHARE: SHARE}.get(self.verb, "edit")

    @property
    def fields(self) -> dict[str, Kind]:
        """The fields that the verb can be about, whoever asks."""
        every = self.declaration.fields
        match self.verb:
            case "add" | "take":
                return {name: kind for name, kind in every.items() if is_tags(kind)}
            case "assign":
                return {name: kind for name, kind in every.items() if name == "owner"}
            case "edit":
                return {name: one for name, one in every.items() if one.stored and not one.unique}
        return {}

    def title(self, number: int) -> str:
        """What the change is called."""
        if self.action:
            return str(self.action.label)
        label = self.kind.label if self.kind else ""
        match self.verb:
            case "share":
                return _("Share %(n)d with %(name)s") % {
                    "n": number,
                    "name": self.value.holder.name,
                }
            case "trash":
                return _("Delete %(n)d") % {"n": number}
            case "add":
                return _("Add to %(field)s") % {"field": label}
            case "take":
                return _("Take from %(field)s") % {"field": label}
        return _("Set %(field)s") % {"field": label}

    def within_reach(self, context: Context, ids: Sequence[UUID]) -> list[UUID]:
        """Those that one may change together with others, and in this way."""
        principal, name = context.principal, self.declaration.name
        reached = set(ids)
        for action in ("bulk", self.needs):
            reached &= access.reachable(principal, name, reached, action)
        return [one for one in ids if one in reached]

    @property
    def is_for_many(self) -> bool:
        """Whether it can be done with many records: actions that must ask for more can't."""
        if self.action:
            return self.action.bulk and (not self.action.form or self.action.form_may_wait)
        if self.verb == SHARE and not is_shareable(self.declaration):
            return False
        return self.verb in VERBS

    def do(self, context: Context, ids: Sequence[UUID], via: str, **about: Any) -> Done:
        """Do it with records that are in reach.

        `via` and `about` say of the change set what `change` takes. Raises what the store raises.
        """
        if self.action:
            done = self.action.run(context.principal, ids, {})
            made_by_it = getattr(done, "id", done)
            key = made_by_it if isinstance(made_by_it, UUID) else None
            return Done(key, len(ids), getattr(done, "url", ""))
        with change(context.principal, via=via, **about) as made:
            number = self.write(made, ids)
            self.tell(context, ids, number)
            return Done(made.id, number)

    def write(self, made: ChangeInProgress, ids: Sequence[UUID]) -> int:
        """Do it within a change; with how many. Raises what the store raises."""
        name = self.declaration.name
        match self.verb:
            case "trash":
                return made.trash(name, ids)
            case "share":
                return len(share_many(made, name, ids, self.value))
            case "add":
                return made.link_many(name, ids, self.field, self.value)
            case "take":
                return made.unlink_many(name, ids, self.field, self.value)
        return made.update_many(name, ids, {self.field: self.value})

    def tell(self, context: Context, ids: Sequence[UUID], number: int) -> None:
        """Tell those concerned, once it is done with that many; `ids` may be some of them."""
        if self.verb != SHARE or not number:
            return
        name, holder = self.declaration.name, self.value.holder
        if number > 1 or not ids:
            tell_of_shares(context.principal, name, holder, number)
        elif one := Share.objects.filter(record_id=ids[0], holder_id=holder.id).first():
            tell_of_share(context.principal, one)
