"""What says who may do what: rules, tests, locks and apps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from rapport.accounts.actions import NOBODY
from rapport.accounts.actions.tokens import make_token
from rapport.accounts.actions.working_time import add_absence
from rapport.accounts.models import AppAccess, Grant, Role, User
from rapport.accounts.principals import Scope
from rapport.contacts.actions import add_rule, keep_web_form
from rapport.contacts.models import LeadQuestion, Submission, WebForm
from rapport.records.declare import Object
from rapport.records.locking.actions import add_lock
from rapport.records.models import CustomField, PermissionTest
from tests.apps import register

#: A field of leads that was removed and is a question still.
OF_OLD = "plant_of_old"
#: What a form for web pages is made of.
ROW = {"field": "person.name", "required": True, "key": "", "label": {}}
WEB_FORM = {"name": "Ask us", "channel": "form", "keep_days": "30", "field_0": "person.name"}


def ruled(declaration: type[Object]) -> dict[str, str]:
    """A role nobody holds, with a rule, and the action that the rule is for."""
    role = Role.objects.get(is_builtin=False, users=None)
    Grant.objects.create(role=role, object_name=declaration.name, view_scope=Scope.RULE)
    return {"key": role.key, "action": "view"}


def permission_test(user: User) -> UUID:
    """A test that was never asked: that the user must see people."""
    made = PermissionTest.objects.create(
        who="user", who_id=user.pk, is_must=True, action="view", object="person", which="all"
    )
    return made.pk


def lock() -> UUID:
    """A lock on records that no line is about: people of a name that nobody has."""
    nobody = {"field": "first_name", "op": "is", "value": "Nobody here"}
    facts = {"object": "person", "name": {"en": "Nobody"}, "condition": nobody}
    return add_lock({**facts, "fields": ["birthday"]}, NOBODY).pk


def lead_rules(user: User) -> dict[str, UUID]:
    """The second of two rules that give the user leads of a source that none is of; that he was
    away; a form on web pages."""
    facts = {
        "condition": {"field": "source", "op": "is", "value": "Nowhere"},
        "users": [user.pk.hex],
    }
    first, second = (add_rule({"name": f"Rule {number}", **facts}) for number in (1, 2))
    away = add_absence(user, date(2020, 1, 1), date(2020, 1, 2))
    assert first.position < second.position
    return {"rule_id": second.pk, "absence_id": away.pk, **web_form()}


def lead_question() -> UUID:
    """A question of leads, by a field that no list shows any more."""
    gone = CustomField.objects.create(
        object="lead", name=OF_OLD, kind="text", label={"en": "Plant"},
        removed_at=timezone.now(),
    )  # fmt: skip
    return LeadQuestion.objects.create(field=gone, points={"filled": 5}).pk


def web_form() -> dict[str, UUID]:
    """A form for web pages, and what was sent by it and refused."""
    form = keep_web_form(WebForm(), {"name": "Ask us", "slug": "one", "fields": [ROW]})
    answers = {"person.name": "Nobody here"}
    sent = Submission.objects.create(form=form, answers=answers, digest="", outcome="refused")
    return {"form_id": form.pk, "submission_id": sent.pk}


def app(user: User) -> dict[str, UUID]:
    """An app, and that the user let it in."""
    its = register().row
    until = timezone.now() + timedelta(days=30)
    token, _secret = make_token(
        user, its.name, may_write=False, expires_at=until, scopes={}, networks=()
    )
    AppAccess.objects.create(token=token, app=its, scope="read", ends_at=until)
    return {"app_id": its.pk, "access_id": token.pk}


def coupon(code: str) -> Callable[[Any], dict[str, Any]]:
    """The body that names a coupon and the member's person."""
    return lambda things: {"code": code, "object": "person", "record": str(things.record)}
