"""Teams: read, made, changed and removed by programs of administrators."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from rapport.accounts import actions, queries
from rapport.accounts.actions import Actor
from rapport.accounts.models import Team, User
from rapport.accounts.request import Request
from rapport.records.layouts.saving import drop_layouts
from rapport.records.store import Rejected
from rapport.records.surfaces.api.documents import answer_json
from rapport.setup.api.asking import (
    GO_ON,
    Document,
    administrator,
    answer_one,
    check_tests,
    goes_on,
    one_at_a_time,
    read_body,
    told_as_problems,
)
from rapport.setup.api.openapi_people import TEAM_SENT


def list_teams(request: Request) -> HttpResponse:
    """All of them, each after the one that it is part of."""
    administrator(request)
    return answer_json({"data": [document(one) for one in queries.nested_teams()]})


def create_team(request: Request) -> HttpResponse:
    """Make one: 201."""
    by = administrator(request)
    sent = read_body(request, TEAM_SENT, ("name",))
    with transaction.atomic(), told_as_problems():
        parent, members = _parent(sent.get("parent")), _members(sent.get("members", []))
        made = actions.create_team(sent["name"].strip(), members, by, parent)
    return answer_one(document(_team(made.pk)), 201, Location=f"/api/v1/teams/{made.pk}")


def get_team(request: Request, team_id: UUID) -> HttpResponse:
    """One of them."""
    administrator(request)
    return answer_one(document(_team(team_id)))


def patch_team(request: Request, team_id: UUID) -> HttpResponse:
    """Change what the body names: its name, what it is part of, and all its members."""
    by = administrator(request, frozenset({GO_ON}))
    go_on = goes_on(request)
    sent = read_body(request, TEAM_SENT)
    with transaction.atomic(), one_at_a_time(request, lambda: document(_team(team_id))):
        check_tests(lambda: _change(_team(team_id), sent, by), go_on=go_on)
        _change(_team(team_id), sent, by)
    return answer_one(document(_team(team_id)))


def delete_team(request: Request, team_id: UUID) -> HttpResponse:
    """Remove it; its members stay, layouts that were for it go."""
    by = administrator(request)
    with transaction.atomic(), one_at_a_time(request, lambda: document(_team(team_id))):
        found = _team(team_id)
        drop_layouts(request.principal, found)
        actions.delete_team(found, by)
    return HttpResponse(status=204)


def _change(team: Team, sent: Document, by: Actor) -> None:
    held = document(team) | sent
    members, parent = _members(held["members"]), _parent(held["parent"])
    actions.change_team(team, held["name"].strip(), members, by, parent)


def document(team: Team) -> Document:
    """A team as programs read it."""
    return {
        "id": str(team.pk),
        "name": team.name,
        "parent": str(team.parent_id) if team.parent_id else None,
        "members": sorted(str(one.pk) for one in team.members.all()),
    }


def _team(team_id: UUID) -> Team:
    return get_object_or_404(queries.teams(), pk=team_id)


def _parent(key: str | None) -> Team | None:
    if key is None:
        return None
    found = Team.objects.filter(pk=UUID(key)).first()
    if found is None:
        raise Rejected({"parent": _("There is no such team.")})
    return found


def _members(ids: list[Any]) -> list[UUID]:
    wanted = {UUID(one) for one in ids}
    if User.objects.filter(pk__in=wanted).count() != len(wanted):
        raise Rejected({"members": _("There is no such user.")})
    return sorted(wanted)
