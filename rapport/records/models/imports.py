"""Imports: a run, the rows it could not place, and the ledger of rows ever taken in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from rapport.kit.ids import uuid7


class State(models.TextChoices):
    """How far an import has come."""

    DRAFT = "draft"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ImportSet(models.Model):
    """Several files of one origin on their way in together: one job, one report, one undo."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    name = models.TextField()
    #: The program that wrote the files, where they betray it.
    program = models.TextField(default="")
    policy = models.TextField(default="update")
    #: The objects that the files bring: what points at one of them need not be made up.
    brought = models.JSONField(default=list)
    #: What keys of the other program mean here, by sort of key (user, stage, pipeline): the words
    #: that its files say for a key, and what those were found to be.
    words = models.JSONField(default=dict)
    #: Files that no run takes: name, storage (empty where it can't be read), and why.
    left = models.JSONField(default=list)
    is_dry_run = models.BooleanField(default=False)
    check_of = models.ForeignKey("self", models.CASCADE, null=True, related_name="checks")
    job = models.UUIDField(null=True)
    state = models.TextField(default=State.DRAFT, choices=State.choices)
    change_set = models.UUIDField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"], name="import_set_user")]


class ImportRun(models.Model):
    """One file on its way into one object, from upload to report."""

    State = State

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    object = models.TextField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    filename = models.TextField()
    storage = models.TextField()
    sheet = models.TextField(default="")
    #: How the file is read; blank where its own evidence decides.
    encoding = models.TextField(default="")
    delimiter = models.TextField(default="")
    #: The row, from 0, with the column names; -1 where there is none.
    header = models.IntegerField(null=True)
    #: Every column of the file and its field, empty for one that is left out.
    mapping = models.JSONField(default=list)
    policy = models.TextField(default="update")
    is_dry_run = models.BooleanField(default=False)
    check_of = models.ForeignKey("self", models.CASCADE, null=True, related_name="checks")
    #: The files it comes with, and its turn among them.
    set = models.ForeignKey(ImportSet, models.CASCADE, null=True, related_name="runs")
    turn = models.IntegerField(default=0)
    #: Whether somebody wants the file to stay out of its set.
    is_left_out = models.BooleanField(default=False)
    #: About how many rows the file has, where somebody has counted.
    rows = models.IntegerField(null=True)
    #: How many of them the other program has deleted, as was seen before it began.
    gone_rows = models.IntegerField(default=0)
    job = models.UUIDField(null=True)
    state = models.TextField(default=State.DRAFT, choices=State.choices)
    position = models.IntegerField(default=0)
    bytes_done = models.BigIntegerField(default=0)
    bytes_total = models.BigIntegerField(default=0)
    created = models.IntegerField(default=0)
    updated = models.IntegerField(default=0)
    skipped = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)
    review = models.IntegerField(default=0)
    #: Rows among those taken that came without some of their values.
    partial = models.IntegerField(default=0)
    related = models.IntegerField(default=0)
    error = models.TextField(default="")
    #: What was decided without asking, with the number of rows.
    notes = models.JSONField(default=dict)
    change_set = models.UUIDField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"], name="import_run_user")]

    @property
    def assigned(self) -> list[dict[str, Any]]:
        """The columns that go to a field."""
        return [one for one in self.mapping if one["field"]]

    @property
    def new_fields(self) -> list[str]:
        """The names of the columns that are to become fields of their own."""
        return [one["column"] for one in self.mapping if one["field"].startswith("+")]

    @property
    def left_out(self) -> list[str]:
        """The names of the columns that go nowhere."""
        return [one["column"] for one in self.mapping if not one["field"]]


class ImportProblem(models.Model):
    """A row that was not taken, or not whole: why, and as it stood in the file."""

    class Sort(models.TextChoices):
        FAILED = "failed"
        REVIEW = "review"
        #: Its record is here, without the values that `reason` names.
        PARTIAL = "partial"

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="problems")
    number = models.IntegerField()
    kind = models.TextField(choices=Sort.choices)
    reason = models.TextField()
    cells = models.JSONField()
    #: Keys of records that the row may be; “person:key” where it may be about one of several.
    candidates = models.JSONField(default=list)
    record_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["run", "number"], name="import_problem_run")]

    @property
    def asked(self) -> str:
        """The field whose record is one of the candidates; empty for the row's own record."""
        first = self.candidates[0] if self.candidates else ""
        return first.rpartition(":")[0]

    @property
    def keys(self) -> list[UUID]:
        """The candidates' keys."""
        return [UUID(one.rpartition(":")[2]) for one in self.candidates]


class ImportLedger(models.Model):
    """That a row with this fingerprint became (or met) this record."""

    fingerprint = models.UUIDField(primary_key=True)
    record_id = models.UUIDField()
    run = models.ForeignKey(
        ImportRun, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
