"""A receiver on loopback, which the gateway may reach in these tests."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest

from rapport.automation.actions import keeping, switching
from rapport.automation.tests.receiver import Receiver, listening
from rapport.automation.webhooks import following


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """Who is told."""
    settings.OUTBOUND_NETWORKS = (ip_network("127.0.0.1/32"),)
    with listening() as found:
        yield found


@pytest.fixture
def in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take what this test's transaction has written for certain, though it is taken back.

    All of it has one number, so that a webhook hears of it all, and the log is read once.
    """
    monkeypatch.setattr(following, "EDGE", switching.NOW)
    monkeypatch.setattr(keeping, "now_in_log", lambda: 0)
