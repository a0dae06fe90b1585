"""What the engine keeps in the database beside Django's tables: functions, triggers, indexes."""

from rapport.records.schema.sync import sync

__all__ = ["sync"]
