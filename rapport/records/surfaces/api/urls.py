"""Addresses of the API; each answers with and without a slash at its end, never by a redirect."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path, re_path

from rapport.accounts.routes import takes
from rapport.records.attachments import largest_form
from rapport.records.surfaces.api.aggregate import aggregate_records
from rapport.records.surfaces.api.batch import do_batch
from rapport.records.surfaces.api.bulk import do_bulk
from rapport.records.surfaces.api.changes import follow_changes
from rapport.records.surfaces.api.collection import create_record, list_records
from rapport.records.surfaces.api.discovery import describe_object, list_objects, show_openapi
from rapport.records.surfaces.api.duplicates import (
    decide_duplicate,
    list_duplicates,
    merge_record,
    unmerge_record,
)
from rapport.records.surfaces.api.explaining import explain_access
from rapport.records.surfaces.api.exports import create_export, get_export_file
from rapport.records.surfaces.api.files import add_file, delete_file, get_file, list_files
from rapport.records.surfaces.api.forgetting import forget_past
from rapport.records.surfaces.api.history import list_history
from rapport.records.surfaces.api.imports import (
    change_import,
    create_import,
    get_import,
    get_problems,
    list_imports,
    start_import,
)
from rapport.records.surfaces.api.jobs import show_job
from rapport.records.surfaces.api.log import (
    list_changes,
    list_reads,
    preview_change,
    show_change,
    undo_change,
)
from rapport.records.surfaces.api.methods import by_method, not_found
from rapport.records.surfaces.api.notifications import (
    list_notifications,
    read_notification,
    read_notifications,
    snooze_one,
)
from rapport.records.surfaces.api.permission_tests import (
    list_tests,
    make_test,
    remove_test,
    run_all,
)
from rapport.records.surfaces.api.record import (
    delete_record,
    get_record,
    patch_record,
    restore_record,
)
from rapport.records.surfaces.api.search import search_records
from rapport.records.surfaces.api.shares import add_share, delete_share, list_shared, list_shares
from rapport.records.surfaces.api.upsert import get_by_key, put_by_key
from rapport.records.surfaces.api.uses import get_use, patch_use
from rapport.records.surfaces.importing.sizes import most_bytes

COLLECTION = by_method(GET=list_records, POST=create_record)
IMPORTS = by_method(GET=list_imports, POST=create_import)
IMPORT = by_method(GET=get_import, PATCH=change_import)
RECORD = by_method(GET=get_record, PATCH=patch_record, DELETE=delete_record)


def _both(route: str, view: Callable[..., Any], name: str) -> list[URLPattern]:
    return [path(route, view, name=name), path(f"{route}/", view, name=f"{name}-slash")]


urlpatterns: list[URLPattern] = [
    *_both("api/v1", by_method(GET=list_objects), "api"),
    path("api/v1/openapi.json", by_method(GET=show_openapi), name="api-openapi"),
    *_both("api/v1/history", by_method(GET=list_changes), "api-changes"),
    *_both("api/v1/history/<uuid:change_set_id>", by_method(GET=show_change), "api-change"),
    *_both(
        "api/v1/history/<uuid:change_set_id>/preview",
        by_method(POST=preview_change),
        "api-preview",
    ),
    *_both("api/v1/history/<uuid:change_set_id>/undo", by_method(POST=undo_change), "api-undo"),
    *_both("api/v1/changes", by_method(GET=follow_changes), "api-feed"),
    *_both("api/v1/reads", by_method(GET=list_reads), "api-reads"),
    *_both("api/v1/jobs/<uuid:job_id>", by_method(GET=show_job), "api-job"),
    *_both("api/v1/notifications", by_method(GET=list_notifications), "api-notifications"),
    *_both(
        "api/v1/notifications/read", by_method(POST=read_notifications), "api-notifications-read"
    ),
    *_both(
        "api/v1/notifications/<uuid:notification_id>/read",
        by_method(POST=read_notification),
        "api-notification-read",
    ),
    *_both(
        "api/v1/notifications/<uuid:notification_id>/snooze",
        by_method(POST=snooze_one),
        "api-notification-snooze",
    ),
    *_both("api/v1/shared", by_method(GET=list_shared), "api-shared"),
    *_both("api/v1/search", by_method(GET=search_records), "api-search"),
    *_both("api/v1/imports", takes(most_bytes)(IMPORTS), "api-imports"),
    *_both("api/v1/imports/<uuid:set_id>", IMPORT, "api-import"),
    *_both("api/v1/imports/<uuid:set_id>/start", by_method(POST=start_import), "api-import-start"),
    *_both(
        "api/v1/imports/<uuid:set_id>/files/<uuid:run_id>/problems",
        by_method(GET=get_problems),
        "api-import-problems",
    ),
    *_both("api/v1/exports", by_method(POST=create_export), "api-exports"),
    *_both("api/v1/exports/<uuid:job_id>/file", by_method(GET=get_export_file), "api-export-file"),
    *_both(
        "api/v1/files/<uuid:attachment_id>",
        by_method(GET=get_file, DELETE=delete_file),
        "api-file",
    ),
    *_both(
        "api/v1/permission-tests",
        by_method(GET=list_tests, POST=make_test),
        "api-permission-tests",
    ),
    *_both("api/v1/permission-tests/run", by_method(POST=run_all), "api-permission-tests-run"),
    *_both(
        "api/v1/permission-tests/<uuid:test_id>",
        by_method(DELETE=remove_test),
        "api-permission-test",
    ),
    *_both("api/v1/objects/<str:name>", by_method(GET=describe_object), "api-object"),
    *_both("api/v1/<object:declaration>", COLLECTION, "api-records"),
    *_both(
        "api/v1/<object:declaration>/aggregate", by_method(GET=aggregate_records), "api-aggregate"
    ),
    *_both("api/v1/<object:declaration>/batch", by_method(POST=do_batch), "api-batch"),
    *_both(
        "api/v1/<object:declaration>/by/<slug:by_field>/<str:by_key>",
        by_method(GET=get_by_key, PUT=put_by_key),
        "api-key",
    ),
    *_both("api/v1/<object:declaration>/bulk", by_method(POST=do_bulk), "api-bulk"),
    *_both(
        "api/v1/<object:declaration>/duplicates", by_method(GET=list_duplicates), "api-duplicates"
    ),
    *_both(
        "api/v1/<object:declaration>/duplicates/<uuid:pair_id>",
        by_method(POST=decide_duplicate),
        "api-duplicate",
    ),
    *_both(
        "api/v1/<object:declaration>/<uuid:record_id>/access",
        by_method(GET=explain_access),
        "api-access",
    ),
    *_both(
        "api/v1/<object:declaration>/<uuid:record_id>/merge",
        by_method(POST=merge_record),
        "api-merge",
    ),
    *_both(
        "api/v1/<object:declaration>/<uuid:record_id>/unmerge",
        by_method(POST=unmerge_record),
        "api-unmerge",
    ),
    *_both("api/v1/<object:declaration>/<uuid:record_id>", RECORD, "api-record"),
    *_both(
        "api/v1/<object:declaration>/<uuid:record_id>/files",
        takes(largest_form)(by_method(GET=list_files, POST=add_file)),
        "api-files",
    ),
    *_both(
        "api/v1/<object:declaration>/<uuid:record_id>/shares",
        by_method(GET=list_shares, POST=add_share),
        "api-shares",
    ),
    *_both(
        "api/v1/<object:declaration>/<uuid:record_id>/shares/<uuid:share_id>",
        by_method(DELETE=delete_share),
        "api-share",
    ),
    *_both(
        "api/v1/<object:declaration>/<uuid:record_id>/restore",
        by_method(POST=restore_record),
        "api-restore",
    ),
    *_both(
        "api/v1/<object:declaration>/<uuid:record_id>/history",
        by_method(GET=list_history),
        "api-history",
    ),
    *_both(
        "api/v1/<object:declaration>/<uuid:record_id>/forget",
        by_method(POST=forget_past),
        "api-forget",
    ),
    *_both("api/v1/views/<uuid:view_id>/use", by_method(GET=get_use, PATCH=patch_use), "api-use"),
    # Also keeps the pages' "add a slash and try again" away from addresses that take POST.
    re_path("^api/", not_found, name="api-nowhere"),
]
