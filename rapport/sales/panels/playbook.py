"""What to do while a deal is at its stage, ticked off and answered on its page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.kit.formats import format_short_moment
from rapport.records import access, registry
from rapport.records.compiled import Answers, Ask
from rapport.sales.models import Deal
from rapport.sales.parts.playbook import Playbook, Step, inputs
from rapport.ui.components import icon

FIELD = "playbook"


def ask_playbook(principal: Principal, deal: Deal) -> Mapping[str, Ask]:
    """The steps of the deal's stage with their answers."""
    if access.unread(principal, "deal", FIELD):
        return {}
    return {"steps": Ask(_kind().query(principal), {"ids": [deal.pk]})}


def playbook(request: Request, deal: Deal, answers: Answers) -> SafeString | str:
    """A line a step; each is kept as soon as it is changed."""
    gathered = [rows for _deal, rows in answers.get("steps", ())]
    steps = _kind().gather(deal.pk, gathered)
    if not steps:
        return ""
    principal = request.principal
    may_edit = (
        FIELD in access.fields(principal, "deal").editable
        and deal.pk in access.reachable(principal, "deal", [deal.pk], "edit")
    )  # fmt: skip
    locale = principal.locale or principal.language
    lines = ((_line(deal, one, locale, may_edit),) for one in steps)
    return format_html(
        '<div hx-get="/deals/{}/panels/playbook/" hx-trigger="record-changed from:body" '
        'hx-target="#panel-playbook" hx-swap="innerHTML">{}</div>',
        deal.pk,
        format_html_join("", "{}", lines),
    )


def _kind() -> Any:
    kind = registry.get("deal").fields[FIELD]
    return kind if isinstance(kind, Playbook) else kind.unrestricted


def _line(deal: Deal, step: Step, locale: str, may_edit: bool) -> SafeString:
    foot = format_html_join(" ", "{}", ((one,) for one in _foot(step, locale, may_edit)))
    if not may_edit:
        mark = icon("check", small=True) if step["is_done"] else ""
        told = (mark, step["text"], step["answer"], foot)
        return format_html('<div class="reli"><span>{} {}</span>{}{}</div>', *told)
    return format_html(
        '<form class="reli" method="post" action="/deals/{}/cells/playbook/" '
        'hx-post="/deals/{}/cells/playbook/?in=page" hx-trigger="change, submit" hx-swap="none">'
        "{}{}</form>",
        deal.pk, deal.pk, inputs(step, f"{FIELD}.0"), foot,
    )  # fmt: skip


def _foot(step: Step, locale: str, may_edit: bool) -> list[SafeString]:
    """What there is to send, and when it was done."""
    found = []
    if step["link"]:
        link = '<a class="link small" href="{}" rel="noreferrer" target="_blank">{}</a>'
        found.append(format_html(link, step["link"], step["link"].removeprefix("https://")))
    if step["sort"] == "material" and may_edit:
        found.append(_letter(step))
    at: datetime | None = step["at"]
    if at and step["is_done"]:
        when = format_short_moment(timezone.localtime(at), locale, timezone.localdate())
        found.append(format_html('<span class="small muted">{}</span>', when))
    return found


def _letter(step: Step) -> SafeString:
    """Opens a letter in the reader's own program of mail, and ticks the step off."""
    told = {"subject": step["text"], "body": step["link"]}
    letter = urlencode(told, safe="", quote_via=quote)
    link = '<a class="link small" data-ticks href="mailto:?{}">{}</a>'
    return format_html(link, letter, pgettext("material", "Send"))
