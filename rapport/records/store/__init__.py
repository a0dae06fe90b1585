"""The one door for every write."""

from rapport.records.store.changing import ChangeInProgress, change
from rapport.records.store.errors import Conflict, Missing, Rejected
from rapport.records.store.locking import Locked

__all__ = ["ChangeInProgress", "Conflict", "Locked", "Missing", "Rejected", "change"]
