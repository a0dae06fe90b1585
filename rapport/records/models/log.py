"""The diary of changes; the database writes it, nobody else."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from rapport.kit.ids import uuid7


class ChangeSet(models.Model):
    """Everything one act of one user or program changed."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    at = models.DateTimeField(db_default=Now())
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+"
    )
    principal = models.TextField()
    #: The token by which a program came; it may be gone since.
    token = models.UUIDField(null=True)
    via = models.TextField()
    title = models.TextField(default="")
    undo_of = models.ForeignKey("self", models.DO_NOTHING, null=True, related_name="undone_by")
    #: The set of which this one took back only what was somebody's to take back.
    part_undo_of = models.ForeignKey("self", models.DO_NOTHING, null=True, related_name="undone_in")
    parent = models.UUIDField(null=True, db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-at"], name="changeset_user"),
            models.Index("at", name="changeset_at"),
            models.Index(
                fields=["token", "-at"],
                condition=models.Q(token__isnull=False),
                name="changeset_token",
            ),
        ]


class Change(models.Model):
    """One row of one table, as it was and as it became; partitioned by month."""

    pk = models.CompositePrimaryKey("at", "id")
    id = models.BigIntegerField()
    at = models.DateTimeField()
    xid = models.TextField()
    change_set = models.UUIDField()
    object = models.TextField()
    table = models.TextField(db_column="table_name")
    row_id = models.TextField()
    record_id = models.UUIDField()
    kind = models.TextField()
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    salt = models.BinaryField(null=True)
    #: Of the salt and the values, where these are here no more.
    digest = models.BinaryField(null=True)
    #: What the law made it forget: the columns, and the tombstone that says so.
    blanked = ArrayField(models.TextField(), null=True)
    tombstone = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "records_change"


class Cursor(models.Model):
    """How far a reader of the log has come, by transaction and row."""

    name = models.TextField(primary_key=True)
    xid = models.BigIntegerField(default=0)
    change_id = models.BigIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)


class Link(models.Model):
    """A relation between two records of any objects, with a role, indexed both ways."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    from_object = models.TextField()
    from_id = models.UUIDField()
    role = models.TextField()
    to_object = models.TextField()
    to_id = models.UUIDField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["to_id", "role"], name="link_to")]
        constraints = [
            models.UniqueConstraint(fields=["from_id", "role", "to_id"], name="link_once")
        ]


class TimelineEntry(models.Model):
    """That something concerned a record at a moment; read by index, newest first."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    record_id = models.UUIDField()
    at = models.DateTimeField()
    kind = models.TextField()
    source_id = models.UUIDField()
    direction = models.TextField(default="", db_default="")
    is_open = models.BooleanField(default=False, db_default=False)
    #: How much others see of a source that is private, and to whom it belongs.
    private = models.TextField(default="", db_default="")
    kept_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["record_id", "at", "id"], name="timeline_read"),
            models.Index(
                fields=["record_id", "at"], condition=models.Q(is_open=True), name="timeline_next"
            ),
            models.Index(
                fields=["record_id", "at"], condition=~models.Q(direction=""), name="timeline_touch"
            ),
            models.Index(fields=["source_id"], name="timeline_source"),
        ]


class ContactWeek(models.Model):
    """How often a record's people reached out, and we did, in the week that starts on `week`."""

    pk = models.CompositePrimaryKey("record_id", "week")
    record_id = models.UUIDField()
    week = models.DateField()
    inbound = models.IntegerField(default=0)
    outbound = models.IntegerField(default=0)
