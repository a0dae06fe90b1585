"""Telling users which records others made them the owner of, by the change log."""

from __future__ import annotations

from uuid import UUID

from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from rapport.accounts.models import User
from rapport.accounts.principals import principal_of
from rapport.records import access, registry
from rapport.records.models import Change, Cursor, Notification
from rapport.records.notifications.telling import tell

CURSOR = "assigned"
#: Rows of the log that are looked through in one transaction.
STRETCH = 10_000
NOW = "SELECT rapport_log_edge()::text::bigint - 1"
END = """
SELECT max(xid::text::bigint) FROM (
  SELECT xid FROM records_change WHERE xid > %(after)s::text::xid8 AND xid < rapport_log_edge()
  ORDER BY xid LIMIT %(most)s
) AS stretch
"""
# What files and programs of ours bring in has owners too, but nobody gave it to them just now; and
# what is undone is not news. The values are looked at last, since a file brings millions.
GIVEN = """
WITH acts AS MATERIALIZED (
  SELECT id, user_id FROM records_changeset
  WHERE via IN ('web', 'api') AND user_id IS NOT NULL
    AND undo_of_id IS NULL AND part_undo_of_id IS NULL AND id = ANY (ARRAY(
      SELECT DISTINCT change_set FROM records_change
      WHERE xid > %(after)s::text::xid8 AND xid <= %(last)s::text::xid8))
), written AS MATERIALIZED (
  SELECT acts.id, acts.user_id, change.object, change.record_id, change.old, change.new
  FROM records_change AS change JOIN acts ON acts.id = change.change_set
  WHERE change.xid > %(after)s::text::xid8 AND change.xid <= %(last)s::text::xid8
), given AS (
  SELECT id, user_id, object, record_id, (new ->> 'owner_id')::uuid AS owner
  FROM written WHERE new ->> 'owner_id' <> coalesce(old ->> 'owner_id', '')
)
SELECT id, object, user_id, owner, count(*), (array_agg(record_id))[1] FROM given
WHERE owner <> user_id GROUP BY id, object, user_id, owner ORDER BY id, object, owner
"""


def follow() -> None:
    """Tell of what the log has noted since; of nothing older than the first call."""
    while _follow():
        pass


@transaction.atomic
def _follow() -> bool:
    """Go through one stretch of the log; whether there was one."""
    with connection.cursor() as cursor:
        cursor.execute(NOW)
        (now,) = cursor.fetchone()
        Cursor.objects.get_or_create(name=CURSOR, defaults={"xid": now})
        at = Cursor.objects.select_for_update().get(name=CURSOR)
        cursor.execute(END, {"after": str(at.xid), "most": STRETCH})
        (last,) = cursor.fetchone()
        if last is None:
            return False
        cursor.execute(GIVEN, {"after": str(at.xid), "last": str(last)})
        given = cursor.fetchall()
    for one in given:
        _tell(*one)
    Cursor.objects.filter(pk=at.pk).update(xid=last)
    return True


def _tell(made: UUID, name: str, by: UUID, owner: UUID, number: int, key: UUID) -> None:
    user = User.objects.filter(pk=owner, is_active=True).first()
    who = User.objects.filter(pk=by).values_list("name", flat=True).first()
    if user is None or not who or not registry.is_declared(name):
        return
    if number > 1:
        _tell_of_many(user, who, made, name)
        return
    title = access.titles(principal_of(user), [(name, key)], user.language).get(key)
    if title is None:
        return
    facts = {"who": who, "record": title.text}
    tell(user, Notification.Kind.ASSIGNED, lambda: _("%(who)s gave you %(record)s") % facts,
         title.url, about=(name, key))  # fmt: skip


def _tell_of_many(user: User, who: str, made: UUID, name: str) -> None:
    """Tell of all that an act has given him so far; one of several transactions counts on."""
    if not access.may(principal_of(user), "view", name):
        return
    given = Change.objects.filter(change_set=made, object=name, new__owner_id=str(user.pk))
    number, url = given.values("record_id").distinct().count(), f"/history/{made}/"

    def words() -> str:
        objects = str(registry.get(name).label_plural).lower()
        return _("%(who)s gave you %(n)s %(objects)s") % {
            "who": who, "n": number, "objects": objects,
        }  # fmt: skip

    known = Notification.objects.filter(user=user, url=url, about_object=name)
    if known.exists():
        with translation.override(user.language):
            known.update(text=words())
        return
    tell(user, Notification.Kind.ASSIGNED, words, url, about=(name, None))
