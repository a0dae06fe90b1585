"""Trying a change of rights before it is saved: which permission tests would not hold any more."""

from __future__ import annotations

from collections.abc import Callable

from django.http import QueryDict

from rapport.records.permission_tests.running import broken_by
from rapport.records.permission_tests.words import statement

#: What a form says when its sender has read what would break, and goes on.
GO_ON = "go_on"


def would_break(form: QueryDict, change: Callable[[], object]) -> list[str]:
    """The tests that hold now and would not after the change, in words; none for who goes on.

    Raises what the change raises.
    """
    if form.get(GO_ON):
        return []
    return [statement(one) for one in broken_by(change)]
