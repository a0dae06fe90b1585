"""What a name in a condition means: by its own name, or by its label in the reader's language."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records.conditions.ground import Ground, ground_in


def plain_name(text: str) -> str:
    """A name or a label as they are compared."""
    return re.sub(r"[\s_-]+", "_", text.strip().casefold())


def field_called(name: str, ground: Ground) -> str:
    """The field that is called so, here or beyond; empty for none."""
    found = _called(name, {key: one.label for key, one in ground.fields.items()})
    if not found and ground.beyond:
        return field_called(name, ground.beyond)
    return found or ("id" if name == "id" and ground.declaration else "")


def set_called(name: str, ground: Ground) -> str:
    """The related records that are called so, here or beyond; empty for none."""
    found = _called(name, {key: one.label for key, one in ground.sets.items()})
    if not found and ground.beyond:
        return set_called(name, ground.beyond)
    return found


def _called(name: str, labels: Mapping[str, object]) -> str:
    if name in labels:
        return name
    wanted = plain_name(name)
    return next(
        (key for key, label in labels.items() if wanted in (key, plain_name(str(label)))), ""
    )


def ground_over(path: Iterable[str], ground: Ground, principal: Principal) -> Ground | None:
    """The ground that a path of related records leads to."""
    for step in path:
        found = ground.related(step)
        if found is None:
            return None
        ground = ground_in(found, principal)
    return ground


def suggestion(name: str, ground: Ground, *, cutoff: float = 0.6) -> str:
    """A sentence with the name that may have been meant."""
    known: dict[str, str] = {}
    place: Ground | None = ground
    while place is not None:
        known |= {plain_name(str(one.label)): key for key, one in place.fields.items()}
        known |= {key: key for key in (*place.fields, *place.sets)}
        place = place.beyond
    close = difflib.get_close_matches(plain_name(name)[:60], list(known), n=1, cutoff=cutoff)
    return _("Did you mean “%(name)s”?") % {"name": known[close[0]]} if close else ""
