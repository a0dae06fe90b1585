"""The declaration of call lists, and how people and leads come onto one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from rapport.activities.actions import call_leads, call_people, start_calling
from rapport.activities.call_lists.panel import ask_people, people_called
from rapport.activities.call_lists.progress import Progress
from rapport.activities.models import CallEntry, CallList
from rapport.records import kinds as k
from rapport.records import registry
from rapport.records.declare import Action, Object, Panel, Section, contribute, declare

registry.log(CallEntry, "call_entry", "call_list_id")


@declare
class CallListObject(Object):
    """People who are to be called one after the other, by one colleague or by several."""

    model = CallList
    name, plural = "call_list", "call-lists"
    label, label_plural = _("Call list"), _("Call lists")
    icon = "phone"
    menu, order = _("Work"), 25
    columns = ("name", "progress", "owner", "created_at")
    quick = ("name", "purpose", "most_tries", "again_after")
    sort = "-created_at"
    header = ("progress",)
    sections = (
        Section(_("Call list"), ("name", "progress", "purpose", "most_tries", "again_after")),
        Section(_("More"), ("owner", "external_id", "created_by", "created_at", "updated_at")),
    )
    match = (("external_id",),)
    extra = {"progress": Progress(_("Progress"), icon="trend")}
    panels = (
        Panel(
            "called", _("People on this list"), people_called, place="main", order=1,
            asks=ask_people,
        ),
    )  # fmt: skip
    actions = (
        Action("start_calling", _("Start calling"), start_calling, icon="phone", bulk=False),
    )
    privacy = k.Privacy(k.NONE)


def _action(run: Callable[..., Any]) -> Action:
    asked = k.Relation(
        _("Call list"), "activities.CallList", to="call_list", icon="phone",
        help=_("A new one if you leave this empty."),
    )  # fmt: skip
    return Action(
        "call_list", _("Call list"), run, icon="phone", needs="view",
        form={"call_list": asked}, form_may_wait=True,
    )  # fmt: skip


contribute("person", actions=(_action(call_people),))
contribute("lead", actions=(_action(call_leads),))
