"""How the people and firms of the sample company are reached: some well, some hardly at all.

Nobody's address book is complete: what is missing here is what scores and their queue show.
"""

from __future__ import annotations

from typing import Any
from unicodedata import normalize

import phonenumbers
from phonenumbers import PhoneNumberFormat

type Ways = list[dict[str, Any]]

#: Who has an e-mail address, a phone and a job title, one after the other.
PEOPLE = (
    (True, True, True), (True, False, True), (True, True, True), (False, True, False),
    (True, True, True), (False, False, True), (True, False, True),
)  # fmt: skip
#: Firms: an office's mailbox, a switchboard, how many staff, and what they turn over in thousands.
FIRMS: tuple[tuple[bool, bool, int | None, int | None], ...] = (
    (True, True, 420, 96_000), (False, True, None, 4_800), (False, False, None, None),
    (True, True, 130, 21_500),
)  # fmt: skip


def mailbox_of(address: str) -> Ways:
    """One e-mail address at work."""
    return [
        {
            "value": address,
            "normalised": address,
            "label": "work",
            "primary": True,
            "status": "ok",
        }
    ]


def phone_of(country: str, number: int) -> Ways:
    """One phone at work: the number that guides give as an example, with another end."""
    example = phonenumbers.example_number(country)
    if example is None:
        return []
    written = phonenumbers.format_number(example, PhoneNumberFormat.E164)
    e164 = f"{written[:-2]}{number % 100:02d}"
    return [{"value": e164, "normalised": e164, "label": "work", "primary": True}]


def mailbox(first: str, last: str) -> str:
    """`k.vogl`, or the office's mailbox where a name has no Latin letters."""
    plain = normalize("NFKD", f"{first[:1]}.{last}".lower()).encode("ascii", "ignore").decode()
    letters = "".join(letter for letter in plain if letter.isalpha() or letter == ".")
    return letters if len(letters.strip(".")) > 2 else "office"
