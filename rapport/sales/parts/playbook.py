"""The playbook of a deal: the steps of its stage, and what was done and answered."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import F, OuterRef, Q, Subquery
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.compiled import AnyOf, Compiled, Given, JSONArray, compiled
from rapport.records.kinds import Context, Invalid, Kind
from rapport.records.kinds.base import is_storable
from rapport.records.kinds.choice import TRUE
from rapport.records.kinds.picker import name_in
from rapport.records.store import Rejected
from rapport.sales.models import Deal, DealAnswer, StageStep
from rapport.sales.parts.stage_products import is_quoted, quotes_read

if TYPE_CHECKING:
    from rapport.records.store import ChangeInProgress

type Step = dict[str, Any]

LONGEST = 2000
MOST = 40


class Playbook(Kind):
    """Steps, each with its answer. A write names the steps it is about and leaves the others."""

    type = "playbook"
    operators = ()
    stored = False
    long = True
    #: Steps belong to stages, which each house has its own of.
    takes_files = False
    needs = frozenset({("deal", "stage")})

    #: The table that the log has the answers in.
    model = DealAnswer

    @property
    def paths(self) -> tuple[str, ...]:
        return ()

    def query(self, principal: Principal) -> Compiled:
        return _steps(registry.edition(), quotes_read(principal))

    def gather(self, record_id: UUID, rows: Sequence[Any]) -> list[Step]:
        return [_step(*one) for gathered in rows for one in gathered if one[0]]

    def references(self, value: Any) -> Sequence[tuple[str, UUID]]:
        return [("user", one["by"]) for one in value or [] if one.get("by")]

    # Typing ----------------------------------------------------------------------------------

    def parse(self, raw: Any, context: Context) -> Any:
        given = raw or []
        if not isinstance(given, list | tuple) or len(given) > MOST:
            raise self._wrong()
        return [self._parse_one(one) for one in given]

    def _parse_one(self, raw: Any) -> Step:
        try:
            step = UUID(str(raw["step"]))
        except (KeyError, TypeError, ValueError):
            raise self._wrong() from None
        answer, done = raw.get("answer") or "", raw.get("is_done")
        if not isinstance(answer, str) or not is_storable(answer) or len(answer) > LONGEST:
            raise Invalid(_("An answer is a text of up to %(n)d characters.") % {"n": LONGEST})
        is_done = done if isinstance(done, bool) else str(done or "").lower() in TRUE
        return {"step": step, "is_done": is_done, "answer": answer.strip()}

    def _wrong(self) -> Invalid:
        return Invalid(_("%(field)s takes a list of steps.") % {"field": self.label})

    def posted(self, data: QueryDict, name: str) -> list[Step]:
        steps: list[Step] = []
        while (place := f"{name}.{len(steps)}") and f"{place}.step" in data:
            steps.append({part: data.get(f"{place}.{part}", "") for part in POSTED})
        return steps

    def seen(self, value: Any, context: Context) -> str:
        return json.dumps(
            [[str(one["step"]), one["is_done"], one["answer"]] for one in value or []]
        )

    def edit(self, value: Any, context: Context, attributes: SafeString) -> SafeString:
        name = name_in(attributes)
        rows = ((inputs(one, f"{name}.{place}"),) for place, one in enumerate(value or []))
        lines = format_html_join("", '<div class="row wrap">{}</div>', rows)
        return format_html('<div class="options" role="group" {}>{}</div>', attributes, lines)

    def retype(self, raw: Any, context: Context, attributes: SafeString) -> SafeString:
        return self.edit([], context, attributes)

    # Writing ---------------------------------------------------------------------------------

    def save_rows(self, change: ChangeInProgress, record_id: UUID, value: list[Step]) -> None:
        """Keep what is answered otherwise than before. Raises Rejected for unknown steps."""
        present = {one.step_id: one for one in DealAnswer.objects.filter(deal_id=record_id)}
        changed = [one for one in value if _differs(present.get(one["step"]), one)]
        DealAnswer.objects.bulk_create(
            self.new_rows(change.principal, record_id, changed),
            update_conflicts=True,
            unique_fields=["deal", "step_id"],
            update_fields=["is_done", "answer", "by_id", "at"],
        )

    def new_rows(
        self, principal: Principal, record_id: UUID, value: list[Step] | None
    ) -> list[Any]:
        """Answers of a deal that has none yet. Raises Rejected for unknown steps."""
        steps = {one["step"] for one in value or []}
        if StageStep.objects.filter(pk__in=steps).count() != len(steps):
            text = _("This step is in no playbook any more. Reload the page.")
            raise Rejected({self.name: text})
        return [
            DealAnswer(
                deal_id=record_id, step_id=one["step"], is_done=is_done(one),
                answer=one["answer"], by_id=principal.user_id, at=timezone.now(),
            )
            for one in value or []
        ]  # fmt: skip

    # Showing ---------------------------------------------------------------------------------

    def plain(self, value: Any, context: Context) -> str:
        if not value:
            return ""
        done = sum(one["is_done"] for one in value)
        return _("%(done)d of %(all)d done") % {"done": done, "all": len(value)}

    def row_text(self, state: Mapping[str, Any]) -> str:
        """A logged answer; a tick has no words of its own."""
        return str(state.get("answer") or (_("done") if state.get("is_done") else ""))

    def sort_key(self) -> Any:
        return None

    def export(self, value: Any, context: Context) -> str:
        return "; ".join(_line(one) for one in value or [])

    def json(self, value: Any) -> Any:
        keys = ("step", "by")
        return [
            {**one, **{key: str(one[key]) if one[key] else None for key in keys}}
            for one in value or []
        ]

    def describe(self) -> dict[str, Any]:
        text, flag = {"type": "string"}, {"type": "boolean"}
        told = {"text": text, "sort": text, "link": text, "is_required": flag}
        by = {"by": {"type": ["string", "null"], "format": "uuid"}}
        at = {"at": {"type": ["string", "null"], "format": "date-time"}}
        own = {"step": text | {"format": "uuid"}, "is_done": flag, "answer": text}
        step = {"type": "object", "required": ["step"], "properties": own | told | by | at}
        return {"type": "array", "items": step}


POSTED = ("step", "is_done", "answer")


def is_done(step: Mapping[str, Any]) -> bool:
    """Whether a step was ticked off or its question answered."""
    return bool(step["is_done"] or step["answer"])


def inputs(step: Step, name: str) -> SafeString:
    """What a step is ticked off or answered with."""
    key = format_html('<input type="hidden" name="{}.step" value="{}">', name, step["step"])
    if step["sort"] == "question":
        return format_html(
            '{}<label class="cts grow"><span class="small">{}</span>'
            '<input class="in" name="{}.answer" value="{}" maxlength="{}"></label>',
            key, step["text"], name, step["answer"], LONGEST,
        )  # fmt: skip
    return format_html(
        '{}<label class="row small"><input type="checkbox" class="check" name="{}.is_done" '
        'value="true"{}><span>{}</span></label>',
        key, name, SafeString(" checked" if step["is_done"] else ""), step["text"],
    )  # fmt: skip


def _differs(present: DealAnswer | None, given: Step) -> bool:
    before = (present.is_done, present.answer) if present else (False, "")
    return before != (is_done(given), given["answer"])


def _line(step: Step) -> str:
    mark = "x" if step["is_done"] else " "
    return f"[{mark}] {step['text']}" + (f": {step['answer']}" if step["answer"] else "")


def _step(
    step: str, text: str, sort: str, link: str, is_required: bool, given: Sequence[Any] | None
) -> Step:
    is_ticked, answer, by, at = given or (False, "", None, None)
    return {
        "step": UUID(step), "text": text, "sort": sort, "link": link, "is_required": is_required,
        "is_done": is_ticked, "answer": answer, "by": UUID(by) if by else None,
        "at": parse_datetime(at) if at else None,
    }  # fmt: skip


@lru_cache(maxsize=64)
def _steps(_edition: int, quotes: access.Reach | None) -> Compiled:
    answers = DealAnswer.objects.filter(
        deal_id=OuterRef("pk"), step_id=OuterRef("stage__steps__id")
    )
    given = answers.values(given=JSONArray("is_done", "answer", "by_id", "at"))
    told = [F(f"stage__steps__{name}") for name in ("id", "text", "sort", "link", "is_required")]
    step = JSONArray(*told, Subquery(given))
    order = ["stage__steps__position", "stage__steps__id"]
    is_for_all = Q(stage__steps__product=None)
    is_for_it = is_quoted(quotes, OuterRef("pk"), OuterRef("stage__steps__product_id"))
    rows = Deal.objects.filter(AnyOf(F("id"), Given("ids")), is_for_all | is_for_it).order_by()
    gathered = rows.values("pk").annotate(gathered=JSONBAgg(step, order_by=order))
    return compiled(gathered.values_list("pk", "gathered"))
