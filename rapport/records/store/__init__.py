"""The one door for every write."""

from rapport.records.store.changing import ChangeInProgress, change
from rapport.records.store.errors import Conflict, Missing, Rejected

__all__ = ["ChangeInProgress", "Conflict", "Missing", "Rejected", "change"]
