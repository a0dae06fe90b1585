"""What a custom object may be: sentences at what it can't be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from rapport.records import registry
from rapport.records.kinds.base import NONE, PERSONAL
from rapport.records.metadata.checking import LONGEST_HELP, LONGEST_LABEL, are_words
from rapport.records.models import CustomObject
from rapport.records.store.errors import Rejected

NAME = re.compile(r"[a-z](?!.*__)[a-z0-9_]{0,38}[a-z0-9]")
PLURAL = re.compile(r"[a-z](?!.*--)[a-z0-9-]{0,38}[a-z0-9]")
MOST_OBJECTS = 100
ICONS = (
    "box", "archive", "award", "book", "briefcase", "bulb", "cake", "camera", "car", "clip",
    "crown", "doc", "flag", "folder", "globe", "hash", "key", "layers", "mobile", "monitor",
    "pin", "server", "shield", "star", "target", "ticket", "video",
)  # fmt: skip


def check_object(row: CustomObject, *, is_new: bool) -> None:
    """Raises Rejected with a sentence for every part of the object that can't be."""
    faults = dict(reversed(list(_faults(row, is_new))))
    if faults:
        raise Rejected(faults)


def _faults(row: CustomObject, is_new: bool) -> Iterator[tuple[str, str]]:
    for part in ("label", "label_plural"):
        words = getattr(row, part)
        if not are_words(words, LONGEST_LABEL) or not any(words.values()):
            yield part, _("Give it a name of at most %(n)d characters.") % {"n": LONGEST_LABEL}
    if not are_words(row.description, LONGEST_HELP):
        yield "description", _("This can have %(n)d characters.") % {"n": LONGEST_HELP}
    if row.icon not in ICONS:
        yield "icon", _("There is no such picture.")
    if row.access not in ("owned", "shared"):
        yield "access", _("Say whose its records are.")
    if row.personal not in (NONE, PERSONAL):
        yield "personal", _("Say whether it is personal.")
    if is_new:
        yield from _name_faults(row)


def _name_faults(row: CustomObject) -> Iterator[tuple[str, str]]:
    taken = _("This name is taken. Choose another one.")
    if not NAME.fullmatch(row.name):
        yield (
            "name",
            _("A name for programs has small letters, digits and single underscores, 40 at most."),
        )
    elif registry.is_declared(row.name) or row.name in {*registry.RESERVED, "user", "link"}:
        yield "name", taken
    if not PLURAL.fullmatch(row.plural):
        yield (
            "plural",
            _("An address has small letters, digits and single hyphens, 40 at most."),
        )
    elif row.plural in registry.RESERVED or _leads_somewhere(row.plural):
        yield "plural", taken
    others = CustomObject.objects.all()
    if others.filter(name=row.name).exists():
        yield "name", taken
    if others.filter(plural=row.plural).exists():
        yield "plural", taken
    if others.count() >= MOST_OBJECTS:
        yield "label", _("%(n)d objects are the most. Remove one first.") % {"n": MOST_OBJECTS}


def _leads_somewhere(plural: str) -> bool:
    for address in (f"/{plural}/", f"/{plural}", f"/api/v1/{plural}"):
        try:
            found = resolve(address)
        except Resolver404:
            continue
        if found.url_name != "api-nowhere":
            return True
    return False
