"""Exports of known programs, recognised by their column names; one file each."""

from __future__ import annotations

from collections.abc import Iterable

from rapport.records.imports.mapping.headings import Heading
from rapport.records.imports.mapping.profiles.adventureworks import (
    ADVENTURE_WORKS,
    ORDERS,
    TERRITORIES,
    WHO_WORKS_WHERE,
)
from rapport.records.imports.mapping.profiles.google import GOOGLE
from rapport.records.imports.mapping.profiles.hubspot import HUBSPOT
from rapport.records.imports.mapping.profiles.icalendar import ICALENDAR
from rapport.records.imports.mapping.profiles.linkedin import LINKEDIN
from rapport.records.imports.mapping.profiles.outlook import OUTLOOK
from rapport.records.imports.mapping.profiles.pipedrive import PIPEDRIVE
from rapport.records.imports.mapping.profiles.profile import LEAVE, Profile
from rapport.records.imports.mapping.profiles.salesforce import SALESFORCE

PROFILES = (
    SALESFORCE,
    HUBSPOT,
    GOOGLE,
    *OUTLOOK,
    LINKEDIN,
    ICALENDAR,
    PIPEDRIVE,
    ORDERS,
    TERRITORIES,
    WHO_WORKS_WHERE,
    ADVENTURE_WORKS,
)

__all__ = ["LEAVE", "PROFILES", "Profile", "recognise"]


def recognise(headings: Iterable[Heading]) -> Profile | None:
    """The program whose export has these columns, or None."""
    keys = {key for one in headings for key in (one.key, one.text.strip().lower())}
    found = [profile for profile in PROFILES if profile.fits(keys)]
    return max(found, key=lambda profile: profile.known(keys), default=None)
