"""Pages that follow what others change: one stream a browser, by the log."""

from rapport.records.live.stream import EventStream
from rapport.records.live.telling import tell_of_notification, tell_of_presence

__all__ = ["EventStream", "tell_of_notification", "tell_of_presence"]
