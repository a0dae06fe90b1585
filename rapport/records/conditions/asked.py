"""A condition, or a part of one, as SQL."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from django.db.models import Q


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition as SQL, and a key: conditions of one object with the same key ask the same.

    The key names all that shaped the SQL, its values and whoever's rights are in it.
    """

    where: Q
    key: Hashable
