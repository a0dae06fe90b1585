"""Making permission tests and taking them away, for administrators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.accounts.models import Role, Team, User
from rapport.accounts.principals import RULED, Principal
from rapport.records import access, registry
from rapport.records.conditions import ConditionError, ask, from_json, from_text, to_json
from rapport.records.conditions.asking import read_tree
from rapport.records.kinds.base import Context
from rapport.records.models import PermissionTest
from rapport.records.permission_tests.running import run_tests
from rapport.records.ruled import fault_of
from rapport.records.store.errors import Missing, Rejected

Who, Which = PermissionTest.Who, PermissionTest.Which
#: A field can be seen or changed; all else is done with the record.
OF_FIELDS = ("view", "edit")
LONGEST = 4000
_HOLDERS = {"user": User, "team": Team, "role": Role}


def check_administrator(principal: Principal) -> None:
    """Raises Denied for who looks after no rights."""
    if not principal.administers:
        raise access.Denied(_("Only owners and managers look after permission tests."))


@transaction.atomic
def create_test(principal: Principal, given: Mapping[str, Any], context: Context) -> PermissionTest:
    """Keep a test, and ask it at once.

    `given` has who ("user", "team", "role"), who_id, is_must, action, object, which, and where it
    applies field, which_id, condition (as people write it, or as a tree). Raises Denied, Rejected
    with the faults by name.
    """
    check_administrator(principal)
    test = PermissionTest(created_by_id=principal.user_id)
    faults: dict[str, str] = {}
    _read_who(test, given, faults)
    _read_what(test, given, faults, principal)
    if not faults:
        _read_which(test, given, faults, context)
    if faults:
        raise Rejected(faults)
    test.save()
    run_tests([test])
    test.refresh_from_db()
    return test


def delete_test(principal: Principal, test_id: UUID) -> None:
    """Forget a test. Raises Denied, Missing."""
    check_administrator(principal)
    gone, _models = PermissionTest.objects.filter(pk=test_id).delete()
    if not gone:
        raise Missing(_("There is no such test."))


def _read_who(test: PermissionTest, given: Mapping[str, Any], faults: dict[str, str]) -> None:
    test.who, test.is_must = str(given.get("who", "")), bool(given.get("is_must"))
    if test.who not in Who.values:
        faults["who"] = _("Choose who it is about.")
        return
    found = _holder(test.who, given.get("who_id"))
    if found is None:
        faults["who_id"] = _("Choose one that there is.")
    else:
        test.who_id = found


def _read_what(
    test: PermissionTest, given: Mapping[str, Any], faults: dict[str, str], principal: Principal
) -> None:
    test.object, test.action = str(given.get("object", "")), str(given.get("action", ""))
    test.field = str(given.get("field") or "")
    if test.action not in RULED:
        faults["action"] = _("Choose what is done.")
    seen = {one.name for one in access.visible_objects(principal)}
    if test.object not in seen:
        faults["object"] = _("Choose a kind of record.")
        return
    if not test.field:
        return
    if test.field not in access.fields(principal, test.object).readable:
        faults["field"] = _("There is no such field.")
    elif test.action not in OF_FIELDS:
        faults["field"] = _("A field can only be seen or changed.")


def _read_which(
    test: PermissionTest, given: Mapping[str, Any], faults: dict[str, str], context: Context
) -> None:
    test.which = str(given.get("which") or Which.ALL)
    if test.which not in Which.values:
        faults["which"] = _("Choose which records.")
    elif test.which in (Which.USER, Which.TEAM):
        test.which_id = _holder(test.which, given.get("which_id"))
        if test.which_id is None:
            faults["which_id"] = _("Choose one that there is.")
    elif test.which == Which.CONDITION:
        test.condition, fault = _read_condition(test.object, given.get("condition"), context)
        if fault:
            faults["condition"] = fault


def _read_condition(name: str, given: Any, context: Context) -> tuple[Any, str]:
    if not given or not isinstance(given, str | dict):
        return None, _("Say which records, such as city:Madrid.")
    try:
        if isinstance(given, str) and not given.lstrip().startswith("{"):
            tree = to_json(from_text(given[:LONGEST], registry.get(name), context))
        else:
            tree = given if isinstance(given, dict) else to_json(read_tree(given))
        # By what he reads himself: an example would tell him of the rest.
        ask(from_json(tree), registry.get(name), context)
    except ConditionError as problem:
        return None, str(problem)
    return tree, fault_of(name, tree)


def _holder(kind: str, key: Any) -> UUID | None:
    """The key of somebody there is, whether it came as one or as text."""
    try:
        wanted = UUID(str(key))
    except ValueError:
        return None
    model: Any = _HOLDERS[kind]
    return wanted if model.objects.filter(pk=wanted).exists() else None
