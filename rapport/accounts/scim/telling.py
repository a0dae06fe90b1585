"""What a resource of the directory says, read into what we keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.models import User
from rapport.accounts.scim.asking import key_of
from rapport.accounts.scim.errors import ScimError, invalid
from rapport.accounts.scim.patching import Kept
from rapport.accounts.scim.schemas import Document

LONGEST = 255
_WORDS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class ToldUser:
    """A user as the directory wants him."""

    user_name: str
    external_id: str
    name: str
    email: str
    is_active: bool
    words: Document
    """Names and addresses as they were told, beside what is made of them."""


@dataclass(frozen=True, slots=True)
class ToldGroup:
    """A group as the directory wants it."""

    name: str
    external_id: str
    members: tuple[UUID, ...]
    said: frozenset[UUID]
    """Those of the members that this request speaks of."""


def told_user(resource: Document) -> ToldUser:
    """Read a user. Raises ScimError 400 invalidValue."""
    user_name = _text(resource, "userName")
    if not user_name:
        raise _wrong("userName")
    parts = _names(resource)
    display = _text(resource, "displayName")
    name = display or parts.get("formatted", "") or _whole_name(parts) or user_name
    emails = _emails(resource)
    address = User.objects.normalize_email(_chosen(emails) or user_name)
    if "@" not in address:
        raise invalid(_("There is no e-mail address to sign in with: send “emails”."))
    words: Document = {"as_name": name, "as_email": address, "emails": emails, "name": parts}
    words["email_type"] = next((one["type"] for one in emails if "type" in one), "work")
    words |= {"displayName": display} if display else {}
    if not emails:
        words["emails"] = [{"value": address, "type": "work", "primary": True}]
    return ToldUser(
        user_name=user_name,
        external_id=_text(resource, "externalId"),
        name=name[:200],
        email=address,
        is_active=_flag(resource.get("active", True), "active"),
        words={key: value for key, value in words.items() if value},
    )


def told_group(resource: Document) -> ToldGroup:
    """Read a group. Raises ScimError 400 invalidValue."""
    name = _text(resource, "displayName")
    if not name:
        raise _wrong("displayName")
    elements = _list(resource, "members")
    keys = [_member(one) for one in elements]
    said = {key for key, one in zip(keys, elements, strict=True) if not isinstance(one, Kept)}
    members = tuple(dict.fromkeys(keys))
    return ToldGroup(name, _text(resource, "externalId"), members, frozenset(said))


def _names(resource: Document) -> dict[str, str]:
    found = resource.get("name", {})
    if not isinstance(found, dict):
        raise _wrong("name")
    return {part: text for part in found if (text := _text(found, part))}


def _whole_name(parts: dict[str, str]) -> str:
    return " ".join(parts[one] for one in ("givenName", "familyName") if one in parts)


def _emails(resource: Document) -> list[Document]:
    elements = _list(resource, "emails")
    for one in elements:
        if "value" not in one or not _text(one, "value"):
            raise _wrong("emails.value")
        for part in ("display", "type"):
            _text(one, part)
        if "primary" in one:
            one["primary"] = _flag(one["primary"], "emails.primary")
    if sum(one.get("primary") is True for one in elements) > 1:
        raise invalid(_("Only one address can be the primary one."))
    return [dict(one) for one in elements]


def _chosen(emails: list[Document]) -> str:
    primary = next((one for one in emails if one.get("primary") is True), None)
    found = primary or next(iter(emails), {})
    return str(found.get("value", ""))


def _list(resource: Document, name: str) -> list[Document]:
    found = resource.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise _wrong(name)
    return found


def _member(element: Document) -> UUID:
    key = key_of(element.get("value"))
    if key is None:
        raise _wrong("members.value")
    return key


def _text(resource: Document, name: str) -> str:
    found: Any = resource.get(name, "")
    if not isinstance(found, str) or len(found) > LONGEST:
        raise _wrong(name)
    return found.strip()


def _flag(value: Any, name: str) -> bool:
    """Entra sends flags as words."""
    found = value if isinstance(value, bool) else _WORDS.get(str(value).lower())
    if found is None:
        raise _wrong(name)
    return found


def _wrong(name: str) -> ScimError:
    return invalid(_("“%(name)s” is missing or can't be taken.") % {"name": name})
