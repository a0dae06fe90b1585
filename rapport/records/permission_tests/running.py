"""Asking the permission tests: after each change of rights, daily, and before a change is saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from rapport.accounts.actions.actor import ADMINISTRATORS
from rapport.accounts.models import SecurityEvent, User
from rapport.accounts.queries import active_users
from rapport.records.metadata.noticing import refresh
from rapport.records.models import Notification, PermissionTest, Share
from rapport.records.notifications.telling import tell
from rapport.records.permission_tests.asking import Outcome, outcomes
from rapport.records.permission_tests.words import statement

Kind = SecurityEvent.Kind
FAILS = PermissionTest.State.FAILS
#: What happens to rights; each is noted in the diary by the action that does it.
TELLING = frozenset({
    Kind.USER_CREATED, Kind.ROLE_CHANGED, Kind.GRANTS_CHANGED, Kind.TEAM_CHANGED,
    Kind.DEACTIVATED, Kind.REACTIVATED,
})  # fmt: skip


def run_tests(tests: Sequence[PermissionTest] | None = None) -> list[PermissionTest]:
    """Ask these tests, or all; those that do not hold. Administrators hear of what held before."""
    with transaction.atomic():
        every = PermissionTest.objects.select_for_update(of=("self",)).all()
        chosen = list(every if tests is None else every.filter(pk__in=[one.pk for one in tests]))
        found = outcomes(chosen)
        failing = [one for one in chosen if found[one.pk].state == FAILS]
        for one in chosen:
            was = one.state if one.checked_at else ""
            _note(one, found[one.pk])
            if one.state == FAILS and was != FAILS:
                _tell(one)
    return failing


def _note(test: PermissionTest, outcome: Outcome) -> None:
    test.state, test.people = outcome.state, outcome.people
    test.example_user_id, test.example_record = outcome.user_id, outcome.record_id
    test.checked_at = timezone.now()
    test.save(update_fields=["state", "people", "example_user", "example_record", "checked_at"])


def _tell(test: PermissionTest) -> None:
    url = reverse("setup_permission_tests")
    for user in active_users().filter(role__key__in=ADMINISTRATORS, is_service=False):
        tell(
            user,
            Notification.Kind.RIGHTS,
            lambda: _("A permission test does not hold: %(says)s") % {"says": statement(test)},
            url,
        )


class _Tried(Exception):
    """Ends a change that was only tried."""


def broken_by(change: Callable[[], object]) -> list[PermissionTest]:
    """The tests that hold now and would not after this change, which is tried and taken back.

    Raises what the change raises.
    """
    every = list(PermissionTest.objects.all())
    if not every:
        return []
    before = outcomes(every)
    after = before
    try:
        with transaction.atomic():
            change()
            after = outcomes(every)
            raise _Tried
    except _Tried:
        pass
    held = [one for one in every if before[one.pk].state != FAILS]
    return [one for one in held if after[one.pk].state == FAILS]


def ask_soon() -> None:
    """Have all tests asked once the present transaction commits, if there are any."""
    if PermissionTest.objects.exists():
        ask_again.defer()


@app.task(name="records.ask_permission_tests", queue="maintenance")
def ask_again() -> None:
    """Ask all tests after a change of rights."""
    refresh()
    run_tests()


@app.periodic(cron="11 4 * * *")
@app.task(name="records.ask_permission_tests_daily", queue="maintenance")
def ask_daily(timestamp: int) -> None:
    """Ask all tests: records come and change too."""
    refresh()
    run_tests()


def _on_event(sender: object, instance: SecurityEvent, **_rest: object) -> None:
    if instance.kind in TELLING:
        ask_soon()


def _on_user(sender: object, update_fields: frozenset[str] | None = None, **_rest: object) -> None:
    # Who reports to whom is in no diary.
    if update_fields and "manager" in update_fields:
        ask_soon()


def _on_share(sender: object, **_rest: object) -> None:
    ask_soon()


def listen() -> None:
    """Hear of what changes rights; to be called once, when all models are loaded."""
    post_save.connect(_on_event, sender=SecurityEvent, dispatch_uid="permission tests")
    post_save.connect(_on_user, sender=User, dispatch_uid="permission tests")
    post_save.connect(_on_share, sender=Share, dispatch_uid="permission tests")
    post_delete.connect(_on_share, sender=Share, dispatch_uid="permission tests")
