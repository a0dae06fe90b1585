"""What somebody arranges and has not saved yet: kept for him as he goes, seen by nobody else."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from rapport.accounts.models import Team
from rapport.accounts.principals import Principal
from rapport.records.declare import Object
from rapport.records.layouts.editing import Desk, Drawer
from rapport.records.models import LayoutDraft

#: How long an arrangement waits for whoever began it.
DAYS = 30


@dataclass(frozen=True, slots=True)
class Draft:
    """An arrangement, the version of the layout that it began with (0 for none), and its time."""

    desk: Desk
    version: int
    at: datetime


def keep_draft(
    principal: Principal, declaration: type[Object], team: Team | None, desk: Desk, version: int
) -> None:
    """Keep an arrangement in place of the one that was kept before, and forget very old ones."""
    LayoutDraft.objects.filter(at__lt=timezone.now() - timedelta(days=DAYS)).delete()
    key = {"user_id": principal.user_id, "object": declaration.name, "team": _key(team)}
    row = LayoutDraft(**key, desk=asdict(desk), version=version, at=timezone.now())
    LayoutDraft.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["user", "object", "team"],
        update_fields=["desk", "version", "at"],
    )  # fmt: skip


def draft_of(principal: Principal, declaration: type[Object], team: Team | None) -> Draft | None:
    """What somebody arranged and has not saved, if there is any."""
    row = _of(principal, declaration, team).first()
    if row is None:
        return None
    drawers = [Drawer(**one) for one in row.desk["drawers"]]
    return Draft(Desk(drawers, row.desk["hidden"], row.desk["on"]), row.version, row.at)


def drop_draft(principal: Principal, declaration: type[Object], team: Team | None) -> None:
    """Forget what he arranged: it is saved, or not wanted."""
    _of(principal, declaration, team).delete()


def _of(
    principal: Principal, declaration: type[Object], team: Team | None
) -> QuerySet[LayoutDraft]:
    return LayoutDraft.objects.filter(
        user=principal.user_id, object=declaration.name, team=_key(team)
    )


def _key(team: Team | None) -> str:
    return str(team.pk) if team else ""
