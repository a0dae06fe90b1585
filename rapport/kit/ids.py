"""Record keys: UUID version 7, which sort by the time they were made."""

import secrets
import struct
import threading
import time
import uuid
from datetime import datetime

_lock = threading.Lock()
_last_tick = [0]
# Python 3.14 brings its own; 3.12 and 3.13 do not.
_native = getattr(uuid, "uuid7", None)


def uuid7() -> uuid.UUID:
    """Return a new UUIDv7 that sorts after every earlier one of this process."""
    return _native() if _native else _own_uuid7()


def _own_uuid7() -> uuid.UUID:
    tick = _next_tick()
    value = (tick >> 12) << 80 | 0x7 << 76 | (tick & 0xFFF) << 64
    return uuid.UUID(int=value | 0b10 << 62 | secrets.randbits(62))


def _next_tick() -> int:
    """Return the time in 1/4096 ms; never the same twice, even if the clock steps back."""
    return _reserve_ticks(1)


def first_uuid7_at(moment: datetime) -> uuid.UUID:
    """Return the UUIDv7 before all that were made at a moment or later."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80 | 0x7 << 76 | 0b10 << 62)


def uuid7s(count: int) -> list[str]:
    """Return so many new UUIDv7 in ascending order, as 32 hexadecimal digits each.

    For bulk work: one draw of random bytes and one look at the clock serve all of them.
    """
    first = _reserve_ticks(count)
    random = struct.unpack(f"{count}Q", secrets.token_bytes(8 * count))
    halves = [0] * (2 * count)
    halves[::2] = [tick >> 12 << 16 | 0x7000 | tick & 0xFFF for tick in range(first, first + count)]
    halves[1::2] = [0b10 << 62 | low >> 2 for low in random]
    digits = struct.pack(f">{2 * count}Q", *halves).hex()
    return [digits[start : start + 32] for start in range(0, len(digits), 32)]


def _reserve_ticks(count: int) -> int:
    """The first of so many ticks in a row that nobody else gets."""
    now = time.time_ns() * 4096 // 1_000_000
    with _lock:
        first = max(now, _last_tick[0] + 1)
        _last_tick[0] = first + count - 1
        return first
