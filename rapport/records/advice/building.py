"""Making and dropping an advised index: by the worker, as the owner role."""

from __future__ import annotations

from typing import Any

import psycopg
from django.conf import settings
from django.utils.translation import gettext as _
from psycopg import sql

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.advice.indexes import Served, every_served
from rapport.records.jobs import Report, enqueue, register
from rapport.records.metadata.noticing import is_changed
from rapport.records.models import Job
from rapport.records.store import Missing

PAGE = "/setup/indexes/"


def served_called(name: str) -> Served:
    """What the index of that name serves. Raises Missing."""
    found = next((one for one in every_served() if one.name == name), None)
    if found is None:
        raise Missing(_("There is no such index."))
    return found


def build_later(principal: Principal, name: str) -> Job:
    """Let the worker build an index. Raises Denied, Missing."""
    return _later(principal, name, "build", _("Build an index: %(what)s"))


def drop_later(principal: Principal, name: str) -> Job:
    """Let the worker drop it again. Raises Denied, Missing."""
    return _later(principal, name, "drop", _("Drop an index: %(what)s"))


def _later(principal: Principal, name: str, do: str, title: str) -> Job:
    check_owner(principal)
    served = served_called(name)
    what = f"{served.declaration.label_plural}, {served.kind.label}"
    return enqueue(principal, "index", title % {"what": what}, name=name, do=do)


def check_owner(principal: Principal) -> None:
    """Raises Denied for all but owners: an index is the whole firm's disk and time."""
    if not principal.is_owner:
        raise access.Denied(_("Only owners of the workspace build indexes."))


@register("index")
def run_index(job: Job, principal: Principal, report: Report) -> dict[str, Any]:
    """Make it or drop it; a second run after a crash finds what is half done and does it anew."""
    check_owner(principal)
    served = served_called(job.arguments["name"])
    drop = sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS {}").format(sql.Identifier(served.name))
    table = sql.Identifier(served.declaration.model._meta.db_table)
    with psycopg.connect(settings.INSTANCE.owner_database_url, autocommit=True) as owner:
        # What an earlier run left half done has the name and serves nobody.
        owner.execute(drop)
        if job.arguments["do"] == "build":
            owner.execute(served.statement.encode())
            owner.execute(sql.SQL("ANALYZE {}").format(table))
    is_changed()
    return {"url": PAGE}
