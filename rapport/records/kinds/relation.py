"""Fields that point at other records and at users."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.records.kinds.base import Context, Invalid, Kind
from rapport.records.kinds.comparing import holds_plainly
from rapport.records.kinds.picker import pick_many, pick_one, picked_many, picked_one
from rapport.ui.components import avatar, hue, tag
from rapport.ui.html import Markup, joined

LINK = Markup('<a class="trunc" href="{}" dir="auto">{}</a>')
ONE_OF_MANY = Markup('<a href="{}" dir="auto">{}</a>')
FACED = Markup('<span class="row gap-1">{}{}</span>')
USER = Markup('<span class="row gap-1">{}<span class="trunc">{}</span></span>')
MY_TEAM = "my_team"
#: Words for whoever asks, in place of a key.
WHO = ("me", MY_TEAM)
LAST_UUID = UUID("ffffffff-ffff-7fff-bfff-ffffffffffff")


class Relation(Kind):
    """One other record of a declared object."""

    type = "relation"
    operators = ("is", "not", "any", "none", "named", "empty", "filled")

    def __init__(
        self,
        label: Any,
        model: str,
        *,
        to: str,
        related_name: str = "+",
        sort: str = "",
        **options: Any,
    ) -> None:
        super().__init__(label, **options)
        self.model = model
        self.to = to
        self.related_name = related_name
        self.sort = sort

    def model_field(self) -> models.Field[Any, Any]:
        return models.ForeignKey(
            self.model,
            models.DO_NOTHING,
            verbose_name=self.label,
            related_name=self.related_name,
            null=not self.required,
            blank=not self.required,
            db_index=self.index or not self.required,
            **self.column,
        )

    def bind(self, name: str, owner: Any) -> None:
        super().bind(name, owner)
        if not self.path.endswith("_id"):
            self.path = f"{self.path}_id"

    def columns(self, value: Any) -> dict[str, Any]:
        return {self.path.rpartition("__")[2]: value}

    def references(self, value: Any) -> Sequence[tuple[str, UUID]]:
        return [(self.to, value)] if value else []

    def parse(self, raw: Any, context: Context) -> Any:
        if isinstance(raw, dict):
            raw = raw.get("id")
        return super().parse(raw, context)

    def parse_text(self, text: str, context: Context) -> Any:
        if not text:
            return None
        try:
            return UUID(text)
        except ValueError:
            raise Invalid(
                _("“%(text)s” names no record for %(field)s. Choose one from the list.")
                % {"text": text[:40], "field": self.label}
            ) from None

    def names_keys(self, raw: Any) -> bool:
        """Whether the right side of a rule holds keys, or nothing, and no names of records."""
        several = raw if isinstance(raw, list | tuple) else str(raw or "").split(",")
        return all(self.is_key(str(one).strip()) for one in several)

    def is_key(self, text: str) -> bool:
        """Whether the text is a record's key, or blank."""
        try:
            return not text or bool(UUID(text))
        except ValueError:
            return False

    def plain(self, value: Any, context: Context) -> str:
        title = context.titles.get(value) if value else None
        return title.text if title else ""

    def show(self, value: Any, context: Context) -> SafeString:
        title = context.titles.get(value) if value else None
        if title is None:
            return SafeString("")
        link = LINK(title.url, title.text)
        if not title.face:
            return link
        face = avatar(title.text, str(value), org=title.face == "org", size="xs")
        return FACED(face, link)

    def edit(self, value: Any, context: Context, attributes: SafeString) -> SafeString:
        text = self.plain(value, context)
        return pick_one(self.to, attributes, value if text else "", text)

    def input(self, text: str, context: Context, attributes: SafeString) -> SafeString:
        return pick_one(self.to, attributes, "", text)

    def posted(self, data: QueryDict, name: str) -> dict[str, str]:
        return picked_one(data, name)

    def retype(self, raw: Any, context: Context, attributes: SafeString) -> SafeString:
        return pick_one(self.to, attributes, raw["id"], raw["text"])

    def seen(self, value: Any, context: Context) -> str:
        return str(value) if value in context.titles else ""

    def sort_key(self) -> Any:
        return F(self.sort) if self.sort else None

    def json(self, value: Any) -> Any:
        return None if value is None else str(value)

    def export(self, value: Any, context: Context) -> str:
        return self.plain(value, context) or ("" if value is None else str(value))

    def describe(self) -> dict[str, Any]:
        return {"type": ["string", "null"], "format": "uuid", "x-object": self.to}


class UserRelation(Relation):
    """A user of this workspace, such as the owner of a record."""

    type = "user"

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, "accounts.User", to="user", **options)

    def model_field(self) -> models.Field[Any, Any]:
        # The database asks for the user once a statement (`schema.known_users`), not once a row.
        return models.ForeignKey(
            self.model,
            models.DO_NOTHING,
            verbose_name=self.label,
            related_name=self.related_name,
            null=not self.required,
            blank=not self.required,
            db_index=self.index,
            db_constraint=False,
            **self.column,
        )

    def parse_text(self, text: str, context: Context) -> Any:
        if text.lower() in WHO and context.principal.user_id is None:
            raise Invalid(_("Only people can ask for “%(text)s”.") % {"text": text[:40]})
        return (
            context.principal.user_id if text.lower() == "me" else super().parse_text(text, context)
        )

    def is_key(self, text: str) -> bool:
        return text.lower() in WHO or super().is_key(text)

    def argument(self, op: str, raw: Any, context: Context) -> Any:
        """Keys, for `me` and `my_team` those of whoever asks."""
        several = raw if isinstance(raw, list | tuple) else str(raw or "").split(",")
        if MY_TEAM not in {str(one).strip().lower() for one in several}:
            return super().argument(op, raw, context)
        others = [one for one in several if str(one).strip().lower() != MY_TEAM]
        self.parse_text(MY_TEAM if context.principal.user_id is None else "me", context)
        return [
            *context.principal.team_user_ids,
            *(self.parse_argument(one, context) for one in others),
        ]

    def condition(self, op: str, argument: Any) -> Q:
        return super().condition(_of_several(op, argument), argument)

    def holds(self, op: str, argument: Any, value: Any) -> bool:
        return holds_plainly(_of_several(op, argument), argument, value)

    def show(self, value: Any, context: Context) -> SafeString:
        title = context.titles.get(value) if value else None
        if title is None:
            return SafeString("")
        return USER(avatar(title.text, str(value), size="xs"), title.text)

    def sort_key(self) -> Any:
        return Coalesce(F(self.path), Value(LAST_UUID))


def _of_several(op: str, argument: Any) -> str:
    """`is` and `not` for a word that stands for several users."""
    return {"is": "any", "not": "none"}.get(op, op) if isinstance(argument, list) else op


class Links(Kind):
    """Any number of other records, kept as links with a role and seen from both ends."""

    type = "links"
    operators = ("is", "any", "none", "named", "empty", "filled")
    stored = False

    def __init__(self, label: Any, *, to: str = "", role: str, **options: Any) -> None:
        super().__init__(label, **options)
        self.to = to
        self.role = role

    @property
    def paths(self) -> tuple[str, ...]:
        return ()

    def references(self, value: Any) -> Sequence[tuple[str, UUID]]:
        return [tuple(pair) for pair in value or []]

    def parse(self, raw: Any, context: Context) -> Any:
        parts = (
            raw
            if isinstance(raw, list | tuple)
            else [part for part in str(raw or "").split(",") if part.strip()]
        )
        found = [self.parse_one(part) for part in parts]
        if self.required and not found:
            raise Invalid(_("%(field)s can't be empty.") % {"field": self.label})
        return list(dict.fromkeys(found))

    def parse_one(self, part: Any) -> tuple[str, UUID]:
        """`object:id`, a bare id where the object is declared, or `{"object", "id"}`."""
        if isinstance(part, dict):
            name, key = str(part.get("object") or self.to), str(part.get("id", ""))
        else:
            name, _colon, key = str(part).strip().rpartition(":")
        try:
            return (name or self.to, UUID(key))
        except ValueError:
            raise Invalid(
                _("“%(text)s” names no record for %(field)s. Choose one from the list.")
                % {"text": str(part)[:40], "field": self.label}
            ) from None

    def argument(self, op: str, raw: Any, context: Context) -> Any:
        if op in ("empty", "filled"):
            return None
        return [key for _object, key in self.parse(raw, context)]

    def told(self, argument: Any, context: Context) -> str:
        title = context.titles.get(argument)
        return title.text if title else ""

    def condition(self, op: str, argument: Any) -> Q:
        from rapport.records.models import Link

        links = Link.objects.filter(from_object=self.owner_name, role=self.role)
        if op in ("is", "any", "none"):
            links = links.filter(to_id__in=argument)
        found = Q(id__in=links.values("from_id"))
        return ~found if op in ("none", "empty") else found

    @property
    def owner_name(self) -> str:
        """The API name of the object this field belongs to."""
        return self.object.name if self.object else ""

    def plain(self, value: Any, context: Context) -> str:
        return ", ".join(
            context.titles[key].text for _object, key in value or [] if key in context.titles
        )

    def show(self, value: Any, context: Context) -> SafeString:
        keys = [key for _object, key in value or [] if key in context.titles]
        titles = [(key, context.titles[key]) for key in keys]
        if self.to == "tag":
            return joined(" ", [tag(title.text, title.tone or hue(key)) for key, title in titles])
        return joined(", ", [ONE_OF_MANY(title.url, title.text) for _key, title in titles])

    def edit(self, value: Any, context: Context, attributes: SafeString) -> SafeString:
        return pick_many(self.to, attributes, self._chosen(value or [], context))

    def input(self, text: str, context: Context, attributes: SafeString) -> SafeString:
        return pick_many(self.to, attributes, [], text)

    def posted(self, data: QueryDict, name: str) -> dict[str, Any]:
        return picked_many(data, name)

    def retype(self, raw: Any, context: Context, attributes: SafeString) -> SafeString:
        try:
            chosen = self._chosen(self.parse(raw["ids"], context), context)
        except Invalid:
            chosen = []
        return pick_many(self.to, attributes, chosen, raw["text"])

    def seen(self, value: Any, context: Context) -> str:
        return ",".join(sorted(str(key) for _object, key in value or [] if key in context.titles))

    def merge(self, before: Any, typed: Any, context: Context) -> Any:
        """Links to records that the writer can't see are none of his to drop."""
        unseen = [pair for pair in before or [] if pair[1] not in context.titles]
        return [*unseen, *typed]

    def _chosen(self, value: Any, context: Context) -> list[tuple[str, str]]:
        return [
            (f"{name}:{key}", context.titles[key].text)
            for name, key in value
            if key in context.titles
        ]

    def sort_key(self) -> Any:
        return None

    def json(self, value: Any) -> Any:
        return [{"object": name, "id": str(key)} for name, key in value or []]

    def export(self, value: Any, context: Context) -> str:
        return ";".join(
            context.titles[key].text for _object, key in value or [] if key in context.titles
        )

    def describe(self) -> dict[str, Any]:
        return {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "object": {"type": "string"},
                    "id": {"type": "string", "format": "uuid"},
                },
            },
        }


def is_tags(kind: Kind) -> bool:
    """Whether the field holds the tags of a record."""
    return isinstance(kind, Links) and kind.to == "tag"
