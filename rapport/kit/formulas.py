"""Text that a spreadsheet would run as a formula: disarmed on the way out, restored on the way in.

A cell that begins with = + - @, a tab, a line break or a full-width twin of those is a formula to
Excel and its kin, whatever it was to the person who typed it into a web form. `disarm` puts an
apostrophe in front. A text that already begins with apostrophes before such a sign gets one more,
so that `restore` takes exactly one away and every text comes back as it was. Both files and
imports use this one rule: export calls `disarm`, import calls `restore`, on every cell.
"""

from __future__ import annotations

import re

_ARMED = re.compile("'*[=+\\-@\t\r\n＝＋－＠﹢﹣﹦﹫]")
_PHONE = r"\+?\d[\d ()./-]*(?:(?:x|ext\.?) ?\d+)?"
_PHONES = re.compile(rf"{_PHONE}(?:[;,] ?{_PHONE})*")


def disarm(text: str) -> str:
    """The text with an apostrophe in front if a spreadsheet would run it."""
    return f"'{text}" if _ARMED.match(text) else text


def restore(text: str) -> str:
    """The text that `disarm` was given."""
    return text[1:] if text.startswith("'") and _ARMED.match(text, 1) else text


def disarm_phones(text: str) -> str:
    """Phone numbers as they are (`+49 30 1234`); anything else in their place disarmed."""
    return text if _PHONES.fullmatch(text) else disarm(text)
