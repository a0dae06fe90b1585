"""How numbers of a country code look, for those written out in full: by far the most there are.

What the library would say, at a tenth of its cost: a known country code, a possible length, and
nothing that a national prefix could be taken from. Everything else is the library's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import phonenumbers
from phonenumbers import PhoneMetadata

_CODE_LENGTHS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Grouping:
    """One way to write a national number in groups, and which numbers are written so."""

    leading: re.Pattern[str]
    whole: re.Pattern[str]
    template: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A country's lengths of numbers, a prefix dialled only at home, and ways to write them."""

    lengths: frozenset[int]
    prefix: re.Pattern[str]
    groupings: tuple[Grouping, ...]


def parts_of(digits: str) -> tuple[str, str, Plan] | None:
    """Country code, national number and their plan; None where only the library can tell."""
    for length in _CODE_LENGTHS:
        plan = _plan(digits[:length])
        if plan is None:
            continue
        national = digits[length:]
        if national[:1] == "0" or len(national) not in plan.lengths or plan.prefix.match(national):
            return None
        return digits[:length], national, plan
    return None


def international(e164: str, home: str = "") -> str:
    """A number in the form E.164 in groups; an empty text where only the library can tell, as of
    numbers that may be of the region `home`, such as ES."""
    digits = e164[1:]
    parts = parts_of(digits) if digits.isascii() and digits.isdecimal() else None
    if parts is None:
        return ""
    code, national, plan = parts
    if home and int(code) == phonenumbers.country_code_for_region(home.upper()):
        return ""
    for grouping in plan.groupings:
        if grouping.leading.match(national) and grouping.whole.fullmatch(national):
            return f"+{code} {grouping.whole.sub(grouping.template, national)}"
    return f"+{code} {national}"


@cache
def _plan(code: str) -> Plan | None:
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code))
    if regions is None:
        return None
    data = PhoneMetadata.metadata_for_region_or_calling_code(int(code), regions[0])
    if data is None or data.general_desc is None:
        return None
    return Plan(
        frozenset(data.general_desc.possible_length or ()),
        re.compile(data.national_prefix_for_parsing or "(?!)"),
        tuple(
            # The last of the leading digits is the most exact.
            Grouping(
                re.compile((one.leading_digits_pattern or [""])[-1]),
                re.compile(one.pattern or ""),
                one.format or "",
            )
            for one in data.intl_number_format or data.number_format
        ),
    )
