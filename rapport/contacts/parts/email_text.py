"""E-mail addresses as people type them, and the form in which they are compared."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from rapport.records.kinds import Invalid

# What the standard form is, and nothing else: the full check costs a hundred times as much and is
# for what this doesn't settle, such as names beyond ASCII.
_PLAIN = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)
_NAMED = re.compile(r".*<([^<>]+)>$")


def normalise_email(text: str) -> str:
    """The address casefolded with its domain in ASCII. Raises Invalid with a sentence."""
    address = text.strip()
    if found := _NAMED.match(address):
        address = found[1].strip()
    address = address.removeprefix("mailto:").casefold()
    if len(address) <= 254 and address.find("@") <= 64 and _PLAIN.fullmatch(address):
        return address
    from email_validator import EmailNotValidError, validate_email

    try:
        checked = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise Invalid(_sentence(text.strip())) from None
    return f"{checked.local_part.casefold()}@{checked.ascii_domain}"


def _sentence(text: str) -> str:
    local, at, domain = text.partition("@")
    if not at:
        return _("“%(text)s” has no @, so it is not an email address.") % {"text": text[:80]}
    if not local or not domain:
        return _("“%(text)s” lacks what stands before or after the @.") % {"text": text[:80]}
    if "." not in domain:
        return _("“%(text)s” has no ending such as .com. Add it, or leave the field empty.") % {
            "text": text[:80]
        }
    return _("“%(text)s” can't be an email address. Check it for typing slips.") % {
        "text": text[:80]
    }
