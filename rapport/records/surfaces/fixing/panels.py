"""The card on a record's page: its score, what it lacks, and the way to mend each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.records import access, registry
from rapport.records.compiled import Answers, Ask
from rapport.records.completeness.kind import Completeness, mend_url, score_of, tone
from rapport.records.completeness.present import ASKED, score_ask, score_from
from rapport.records.completeness.rules import FULL
from rapport.records.declare import Object, Panel, contribute
from rapport.records.surfaces.seen import reaches
from rapport.ui.components import meter


def ask_score(principal: Principal, record: Any) -> Mapping[str, Ask]:
    """The score of a record, for who may read it; nothing where there is none."""
    declaration = _declared_as(record)
    kind = score_of(declaration) if declaration else None
    if declaration is None or kind is None or kind.is_waiting:
        return {}
    if kind.name not in access.fields(principal, declaration.name).readable:
        return {}
    return {ASKED: score_ask(principal, kind, record.pk)}


def score_panel(request: Request, record: Any, answers: Answers) -> SafeString | str:
    """The card; nothing for a record in the trash, and none without a score."""
    declaration = _declared_as(record)
    kind = score_of(declaration) if declaration else None
    if declaration is None or kind is None or not answers or record.deleted_at is not None:
        return ""
    score = score_from(kind, answers[ASKED])
    if score is None:
        return ""
    facts = {
        "url": declaration.url(record.pk),
        "points": score.points,
        "is_full": score.points == FULL,
        "meter": meter(score.points, tone=tone(score.points)),
        "reasons": _reasons(request.principal, declaration, kind, record, score.lacks),
    }
    return render_to_string("records/fixing/panel.html", facts, request)


def _reasons(
    principal: Principal, declaration: type[Object], kind: Completeness, record: Any, lacks: Any
) -> list[tuple[str, int, str]]:
    """What it lacks: words, points, and where it is mended, empty for who may not."""
    editable = access.fields(principal, declaration.name).editable
    is_his = reaches(principal, declaration, "edit", record)
    return [
        (
            kind.words(one),
            one.points,
            mend_url(declaration, record.pk, one)
            if is_his and (one.field in editable or (one.sort == "stale" and kind.checked))
            else "",
        )
        for one in lacks
    ]


def _declared_as(record: Any) -> type[Object] | None:
    every = registry.all_objects()
    return next((one for one in every if one.model is type(record)), None)


contribute(
    "*",
    panels=(Panel("completeness", _("Completeness"), score_panel, order=5, asks=ask_score),),
)
