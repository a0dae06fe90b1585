"""Records shared one by one with people, teams and roles."""

from rapport.records.sharing.holders import Holder, holder_of, holders_of, named
from rapport.records.sharing.many import Wish, share_many
from rapport.records.sharing.noticing import tell_of_share, tell_of_shares
from rapport.records.sharing.reading import Held, Received, granting, held_by, received, share_of
from rapport.records.sharing.taking_over import count_left, take_over
from rapport.records.sharing.verbs import share, withdraw

__all__ = [
    "Held",
    "Holder",
    "Received",
    "Wish",
    "count_left",
    "granting",
    "held_by",
    "holder_of",
    "holders_of",
    "named",
    "received",
    "share",
    "share_many",
    "share_of",
    "take_over",
    "tell_of_share",
    "tell_of_shares",
    "withdraw",
]
