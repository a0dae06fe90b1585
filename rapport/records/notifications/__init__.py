"""Telling users what concerns them: on a page of their own, and by mail where that is set up."""

from rapport.records.notifications.mentions import (
    mentioned_in,
    tell_mentioned,
    weave_mentions,
)
from rapport.records.notifications.telling import tell, tell_of_job, unread_count

__all__ = [
    "mentioned_in",
    "tell",
    "tell_mentioned",
    "tell_of_job",
    "unread_count",
    "weave_mentions",
]
