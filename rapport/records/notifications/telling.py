"""Writing notifications, and counting those not read."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from rapport.accounts.actions.mail import send_mail_to_user
from rapport.accounts.models import User
from rapport.accounts.queries import workspace
from rapport.records.live.telling import tell_of_notification
from rapport.records.models import Job, Notification
from rapport.records.notifications.choices import ways_of

LONGEST = 500


def tell(
    user: User,
    kind: Notification.Kind,
    words: Callable[[], str],
    url: str,
    *,
    about: tuple[str, UUID | None] | None = None,
) -> Notification:
    """Leave a user a notification in the ways he has chosen; `words` is called in his language.

    It is shown as long as he sees the record it is about. A mail goes out once the present
    transaction commits, where a mail server is set.
    """
    name, key = about or ("", None)
    way = ways_of(user.pk)[kind]
    with translation.override(user.language):
        text = words()[:LONGEST]
        told = Notification.objects.create(
            user=user, kind=kind, text=text, url=url, about_object=name, about_id=key,
            read_at=None if way.at_bell else timezone.now(),
        )  # fmt: skip
        tell_of_notification(user.pk)
        if way.by_mail:
            send_mail_to_user(user, text, f"{text}\n\n{_address(url)}")
    return told


def _address(url: str) -> str:
    """The full address of a page; never built from what a request says about the host."""
    return (workspace().public_address or settings.PUBLIC_URL).rstrip("/") + url


def tell_of_job(job: Job) -> None:
    """Tell whoever asked for a job that it is over."""
    if job.user is None or not job.is_over:
        return
    title = job.title
    if job.state == Job.State.DONE:
        tell(job.user, Notification.Kind.JOB_DONE, lambda: _("Done: %(job)s") % {"job": title},
             str(job.result.get("url") or f"/jobs/{job.pk}/"))  # fmt: skip
    else:
        tell(job.user, Notification.Kind.JOB_FAILED,
             lambda: _("Did not work: %(job)s") % {"job": title}, f"/jobs/{job.pk}/")  # fmt: skip


def unread_count(user_id: UUID | None, *, most: int = 100) -> int:
    """How many notifications a user has not read, counted up to `most`."""
    unread = Notification.objects.filter(user=user_id, read_at__isnull=True)
    return unread[:most].count()
