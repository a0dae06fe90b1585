"""Addresses of timelines, files and notifications."""

from django.urls import path

from rapport.records.surfaces.files import serving
from rapport.records.surfaces.files import views as files
from rapport.records.surfaces.notifications import views as notifications
from rapport.records.surfaces.timeline import views as timeline

urlpatterns = [
    path("files/<uuid:attachment_id>/", serving.fetch_file, name="file"),
    path("files/<uuid:attachment_id>/delete/", files.remove_file, name="file_delete"),
    path("files/<uuid:attachment_id>/<str:stamp>/", serving.serve_file, name="file_signed"),
    path("notifications/", notifications.show_notifications, name="notifications"),
    path("notifications/count/", notifications.show_count, name="notifications_count"),
    path("notifications/choices/", notifications.choose, name="notification_choices"),
    path("notifications/read/", notifications.read_all, name="notifications_read"),
    path(
        "notifications/<uuid:notification_id>/open/",
        notifications.open_notification,
        name="notification_open",
    ),
    path(
        "notifications/<uuid:notification_id>/snooze/",
        notifications.snooze_notification,
        name="notification_snooze",
    ),
    path("mentions/", notifications.mention_options, name="mentions"),
    path(
        "<object:declaration>/<uuid:record_id>/timeline/", timeline.show_timeline, name="timeline"
    ),
    path(
        "<object:declaration>/<uuid:record_id>/timeline/<slug:name>/<uuid:source_id>/done/",
        timeline.close_entry,
        name="timeline_close",
    ),
    path(
        "<object:declaration>/<uuid:record_id>/compose/<slug:name>/",
        timeline.compose,
        name="compose",
    ),
    path("<object:declaration>/<uuid:record_id>/files/", files.add_files, name="files"),
]
