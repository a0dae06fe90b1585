"""The bulk door: records in the columns of their tables, by COPY, for the house's own data.

Nothing is parsed, looked up or checked but the right to bring in everything: what comes by it is
made by a program of ours. The triggers see it like any other write, so the log, the timeline, the
parties and whatever follows the log are as after an import.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from rapport.accounts.principals import Scope
from rapport.records import access, registry
from rapport.records.store.bulk import insert_many
from rapport.records.store.changing import ChangeInProgress


def load_records(
    made: ChangeInProgress, name: str, many: Sequence[Mapping[str, Any]], **common: Any
) -> None:
    """Add records with the keys that are given as `id`; `common` is said of each. Raises Denied."""
    model = registry.get(name).model
    who = made.principal.user_id
    stamps = {"created_by_id": who, "updated_by_id": who, **common}
    _check(made, name)
    insert_many(model, [model.derive({**stamps, **one}, {}) for one in many])


def load_beside(
    made: ChangeInProgress,
    name: str,
    model: type[models.Model],
    many: Sequence[Mapping[str, Any]],
) -> None:
    """Add rows beside records of an object, such as addresses and links. Raises Denied."""
    if model not in {logged.model for logged in registry.logged()}:
        raise LookupError(f"{model.__name__} is in no log.")
    _check(made, name)
    insert_many(model, many)


def _check(made: ChangeInProgress, name: str) -> None:
    declaration = registry.get(name)
    if access.scope(made.principal, declaration, "import") != Scope.ALL:
        raise access.Denied(_("Only who may import everything can keep the keys of records."))
