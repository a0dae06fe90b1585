import time
import uuid

import pytest

from rapport.kit import ids


def test_keys_sort_by_the_time_they_were_made() -> None:
    keys = [ids._own_uuid7() for _ in range(5_000)]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


def test_keys_carry_version_variant_and_the_time() -> None:
    before = time.time_ns() // 1_000_000
    key = ids._own_uuid7()
    assert key.version == 7
    assert key.variant == uuid.RFC_4122
    assert before - 1 <= key.int >> 80 <= time.time_ns() // 1_000_000 + 1


def test_keys_keep_their_order_when_the_clock_steps_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = ids._own_uuid7()
    monkeypatch.setattr(ids.time, "time_ns", lambda: 0)
    assert ids._own_uuid7() > first
