"""A permission test as a sentence."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.models import Role, Team, User
from rapport.accounts.principals import service
from rapport.accounts.queries import workspace
from rapport.records import registry
from rapport.records.conditions import ConditionError, from_json, sentence
from rapport.records.models import PermissionTest
from rapport.records.reading import context_for

Who, Which = PermissionTest.Who, PermissionTest.Which


def verbs() -> dict[str, str]:
    """What can be tested, in words."""
    return {
        "view": _("see"),
        "edit": _("change"),
        "delete": _("delete"),
        "export": _("export"),
        "merge": _("merge"),
        "bulk": _("change many of"),
    }


def statement(test: PermissionTest) -> str:
    """What the test says, in the language of the moment."""
    facts = {"who": _who(test), "what": _what(test)}
    facts["verb"] = verbs().get(test.action, test.action)
    if test.is_must:
        return _("%(who)s must %(verb)s %(what)s.") % facts
    return _("%(who)s must not %(verb)s %(what)s.") % facts


def _who(test: PermissionTest) -> str:
    name = name_of(test.who, test.who_id)
    if test.who == Who.TEAM:
        return _("A member of the team %(name)s") % {"name": name}
    if test.who == Who.ROLE:
        return _("A holder of the role “%(name)s”") % {"name": name}
    return name


def _what(test: PermissionTest) -> str:
    objects, field = test.object, test.field
    if registry.is_declared(test.object):
        declaration = registry.get(test.object)
        objects = str(declaration.label_plural)
        known = declaration.fields.get(test.field)
        field = str(known.label) if known else test.field
    which = {
        Which.ALL: objects,
        Which.USER: _("%(objects)s of %(name)s"),
        Which.TEAM: _("%(objects)s of the team %(name)s"),
        Which.CONDITION: _("%(objects)s where %(name)s"),
    }[Which(test.which)]
    name = _condition(test) if test.which == Which.CONDITION else ""
    if test.which_id:
        name = name_of(test.which, test.which_id)
    told = which if test.which == Which.ALL else which % {"objects": objects, "name": name}
    return (
        _("the field “%(field)s” of %(what)s") % {"field": field, "what": told} if field else told
    )


def _condition(test: PermissionTest) -> str:
    try:
        condition = from_json(test.condition)
        context = context_for(service("permission tests"), workspace())
        return sentence(condition, registry.get(test.object), context)
    except (ConditionError, registry.UnknownObject):
        return "…"


def name_of(kind: str, key: UUID) -> str:
    """What a person, team or role is called; a dash for one that is gone."""
    found: User | Team | Role | None = None
    match kind:
        case "user":
            found = User.objects.filter(pk=key).first()
        case "team":
            found = Team.objects.filter(pk=key).first()
        case "role":
            found = Role.objects.filter(pk=key).first()
    return str(found) if found else "–"
