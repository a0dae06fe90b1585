"""Moving deals through their pipeline, to its end in particular."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.store import ChangeInProgress, Missing, Rejected, change
from rapport.sales.models import Stage


def win_deal(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Win deals: each goes to the won stage of its pipeline; other fields of deals in `values` are
    written as well. Returns the change set.

    Raises Denied, Missing, Rejected where a pipeline has no such stage, or it asks for more.
    """
    title = ngettext("Won a deal", "Won %(n)d deals", len(ids)) % {"n": len(ids)}
    with change(principal, via=via, title=title) as made:
        _close(made, ids, "won", _given(values))
    return made.id


def lose_deal(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Lose deals for `lost_reason` and, in words, `lost_note`. Returns the change set.

    Raises Denied, Missing, Rejected where a reason is missing or a pipeline has no such stage.
    """
    if not values.get("lost_reason"):
        raise Rejected({"lost_reason": _("Say why the deal was lost.")})
    told = {name: values.get(name) or "" for name in ("lost_reason", "lost_note")}
    kept = {**_given(values), **told}
    title = ngettext("Lost a deal", "Lost %(n)d deals", len(ids)) % {"n": len(ids)}
    with change(principal, via=via, title=title) as made:
        _close(made, ids, "lost", kept)
    return made.id


def move_deal(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Move deals to `stage`, which may lie in another pipeline; other fields of deals in `values`
    are written as well. Returns the change set.

    Raises Denied, Missing, Rejected where the stage is not there, or it asks for more.
    """
    stage = access.rows(principal, "stage").filter(pk=values.get("stage")).first()
    if stage is None:
        raise Rejected({"stage": _("Choose the stage to move to.")})
    title = ngettext("Moved a deal", "Moved %(n)d deals", len(ids)) % {"n": len(ids)}
    with change(principal, via=via, title=title) as made:
        if not made.update_many("deal", ids, {**values, "stage": stage.pk}):
            raise Missing(_("This deal is gone, or not yours to change."))
    return made.id


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in: what was said of a deal before is not taken back by saying nothing."""
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _close(
    made: ChangeInProgress, ids: Sequence[UUID], state: str, values: Mapping[str, Any]
) -> None:
    access.check(made.principal, "edit", "deal")
    reached = access.rows(made.principal, "deal", "edit").filter(pk__in=list(ids))
    pipelines = set(reached.order_by().values_list("pipeline_id", flat=True).distinct())
    if not pipelines:
        raise Missing(_("This deal is gone, or not yours to change."))
    ends = _ends(pipelines, state)
    if "stage" in values and not Stage.objects.filter(pk=values["stage"], state=state).exists():
        raise Rejected({"stage": _("Choose a stage that ends deals this way.")})
    for pipeline in pipelines:
        chosen = reached.filter(pipeline_id=pipeline).values_list("pk", flat=True)
        made.update_many("deal", chosen, {"stage": ends[pipeline], **values})


def _ends(pipelines: set[UUID], state: str) -> dict[UUID, UUID]:
    """The stage of each pipeline that counts as won, or as lost. Raises Rejected."""
    stages = Stage.objects.filter(pipeline_id__in=pipelines, state=state, deleted_at__isnull=True)
    found = dict(stages.order_by("-position", "-id").values_list("pipeline_id", "pk"))
    if set(found) != pipelines:
        sentence = (
            _("This pipeline has no stage that counts as won. Add one first.")
            if state == "won"
            else _("This pipeline has no stage that counts as lost. Add one first.")
        )
        raise Rejected({"stage": sentence})
    return found
