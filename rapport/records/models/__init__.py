"""Tables of the engine."""

from rapport.records.models.agent import AgentPlan, AgentTerms, AgentUse
from rapport.records.models.answered import AnsweredRequest
from rapport.records.models.attachment import Attachment
from rapport.records.models.custom_field import CustomField
from rapport.records.models.custom_object import CustomObject
from rapport.records.models.duplicate import DuplicatePair, Merge
from rapport.records.models.imports import ImportLedger, ImportProblem, ImportRun, ImportSet
from rapport.records.models.job import Job
from rapport.records.models.log import Change, ChangeSet, ContactWeek, Cursor, Link, TimelineEntry
from rapport.records.models.notification import Notification, NotificationChoice
from rapport.records.models.page_layout import LayoutDraft, PageLayout
from rapport.records.models.permission_test import PermissionTest
from rapport.records.models.presence import Presence
from rapport.records.models.private import PrivateRecord
from rapport.records.models.reading import Reading
from rapport.records.models.record import Record
from rapport.records.models.record_lock import RecordLock
from rapport.records.models.rollup import Rollup
from rapport.records.models.saved_view import SavedView, ViewsVersion, ViewUse
from rapport.records.models.seal import Seal
from rapport.records.models.search import (
    FileText,
    SearchDocument,
    SearchShape,
    SearchWord,
    Visit,
)
from rapport.records.models.share import Share
from rapport.records.models.tally import Tally
from rapport.records.models.tombstone import Tombstone

__all__ = [
    "AgentPlan",
    "AgentTerms",
    "AgentUse",
    "AnsweredRequest",
    "Attachment",
    "Change",
    "ChangeSet",
    "ContactWeek",
    "Cursor",
    "CustomField",
    "CustomObject",
    "DuplicatePair",
    "FileText",
    "ImportLedger",
    "ImportProblem",
    "ImportRun",
    "ImportSet",
    "Job",
    "LayoutDraft",
    "Link",
    "Merge",
    "Notification",
    "NotificationChoice",
    "PageLayout",
    "PermissionTest",
    "Presence",
    "PrivateRecord",
    "Reading",
    "Record",
    "RecordLock",
    "Rollup",
    "SavedView",
    "Seal",
    "SearchDocument",
    "SearchShape",
    "SearchWord",
    "Share",
    "Tally",
    "TimelineEntry",
    "Tombstone",
    "ViewUse",
    "ViewsVersion",
    "Visit",
]
