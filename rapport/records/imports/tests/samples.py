"""Where the real files are, and the standard fields that columns are mapped to."""

from __future__ import annotations

from pathlib import Path

import pytest

from rapport.records.imports.mapping import Target

DATA = Path(__file__).parent / "data"
SHARED = Path(__file__).resolve().parents[5] / "shared" / "data"

KINDS = {
    "emails": "emails",
    "phones": "phones",
    "address": "address",
    "website": "url",
    "linkedin": "url",
    "company": "relation",
    "parent": "relation",
    "pipeline": "relation",
    "stage": "relation",
    "owner": "user",
    "people": "links",
    "about": "links",
    "tags": "links",
    "birthday": "date",
    "close_date": "date",
    "created_at": "datetime",
    "due": "datetime",
    "amount": "money",
    "annual_revenue": "money",
    "employees": "integer",
    "probability": "percent",
    "description": "long_text",
}


def here_or_shared(name: str, *, shared: str = "") -> Path:
    """A file kept beside the tests, else the shared one; skips the test where neither stands."""
    kept = DATA / name
    if kept.exists():
        return kept
    found = SHARED / (shared or name)
    if not found.exists():
        pytest.skip(f"{name} is too large to be kept here and is not in ../shared")
    return found


def targets(names: str) -> list[Target]:
    """Fields of these API names, with their kinds."""
    return [target(name) for name in names.split()]


def target(name: str) -> Target:
    bare = name.removeprefix("person.")
    return Target(name, {"en": bare.replace("_", " ").capitalize()}, (), KINDS.get(bare, "text"))


PERSON = targets(
    "external_id name first_name last_name middle_name salutation suffix job_title department "
    "company emails phones website address birthday language source description lifecycle owner "
    "tags linkedin created_at"
)
COMPANY = targets(
    "external_id name website industry employees annual_revenue phones emails address description "
    "parent lifecycle source owner tags number created_at"
)
DEAL = targets(
    "external_id name company people amount pipeline stage close_date probability created_at "
    "source owner description lost_reason tags"
)
LEAD = targets(
    "external_id person.name person.first_name person.last_name person.emails person.phones "
    "person.job_title person.address company status source rating owner created_at"
)
TASK = targets("external_id subject due status priority owner description about created_at")
