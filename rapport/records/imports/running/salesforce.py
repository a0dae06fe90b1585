"""Keys of Salesforce: the short form of its reports and the long one of its exports are the same.

A short key of 15 letters and digits tells capitals from small letters. The long one adds three:
each stands for five of the short one, and says which of these are capitals. As the object reference
of Salesforce has it: five bits, the first letter the lowest, as a number into A-Z and 0-5.
"""

from __future__ import annotations

import re
from string import ascii_uppercase

#: The standard objects whose keys exports hold, their server, and a number.
SHORT = re.compile(
    r"(?:00[1-9DGOQTU]|01[0-9t]|500|501|701|800|801|802)[0-9A-Za-z]{2}0[0-9A-Za-z]{9}"
)
DIGITS = ascii_uppercase + "012345"
GROUP = 5


def long_key(text: str) -> str:
    """The long form of a short key of Salesforce; any other text as it is."""
    if len(text) != 15 or text.isdecimal() or not SHORT.fullmatch(text):
        return text
    groups = (text[start : start + GROUP] for start in range(0, len(text), GROUP))
    return text + "".join(map(_check, groups))


def _check(group: str) -> str:
    return DIGITS[sum(letter.isupper() << place for place, letter in enumerate(group))]
