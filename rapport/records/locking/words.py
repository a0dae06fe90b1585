"""What is said of a lock: by which rule, what to do, and who may change it all the same."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rapport.accounts.queries import role_names
from rapport.records.declare import Object
from rapport.records.kinds.other import words
from rapport.records.locking.kept import Lock


def field_sentence(label: object, lock: Lock) -> str:
    """Why a field can't be changed now, and how to mend that."""
    said = {"field": label, "rule": lock.label(_language())}
    return _join(_("%(field)s is locked by the rule “%(rule)s”.") % said, advice(lock))


def record_sentence(declaration: type[Object], lock: Lock) -> str:
    """Why a record can't be deleted now, and how to mend that."""
    said = {"object": declaration.label, "rule": lock.label(_language())}
    return _join(_("%(object)s is locked by the rule “%(rule)s”.") % said, advice(lock))


def advice(lock: Lock) -> str:
    """What the rule says to do, and who is not held to it."""
    names = role_names()
    able = [name for key, name in names.items() if key in lock.editors]
    able_words = _("%(roles)s can still change it.") % {"roles": ", ".join(able)}
    return _join(words(lock.advice, _language()), able_words)


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _language() -> str:
    return get_language() or "en"


def labels(declaration: type[Object], names: Iterable[str]) -> list[str]:
    """What fields are called, in the order of the object."""
    wanted = set(names)
    return [str(kind.label) for name, kind in declaration.fields.items() if name in wanted]
