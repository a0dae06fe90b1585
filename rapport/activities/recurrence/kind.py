"""How a meeting repeats: a field of a few choices for people, a rule of RFC 5545 for programs."""

from __future__ import annotations

from typing import Any

from babel.dates import get_day_names
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from rapport.activities.recurrence.rules import DAYS, Refused, canonical, parts_of
from rapport.activities.recurrence.words import PLACES, WORKDAYS, rule_told, told_rule
from rapport.kit.formats import locale_of
from rapport.records.kinds.base import Context, Invalid
from rapport.records.kinds.picker import name_in
from rapport.records.kinds.text import Text

WEEKDAY = f"FREQ=WEEKLY;BYDAY={WORKDAYS}"
SHOWN = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "COUNT", "UNTIL"}
#: What a rule keeps when its other parts are chosen anew.
KEPT = ("EXDATE", "TZID")


class Repeats(Text):
    """The rule by which something takes place again."""

    max_length = 4_000
    example = "FREQ=WEEKLY;BYDAY=MO,WE"

    def parse_text(self, text: str, context: Context) -> Any:
        text = super().parse_text(text, context)
        # Lists show words, and a copied cell is pasted as it was shown.
        text = text if "=" in text else rule_told(text, context.language) or text
        try:
            return canonical(text) if text else ""
        except Refused as refused:
            raise Invalid(
                _("%(field)s: %(why)s Write it like FREQ=WEEKLY;BYDAY=MO,WE.")
                % {"field": self.label, "why": refused}
            ) from None

    def plain(self, value: Any, context: Context) -> str:
        return told_rule(value, context.language) if value else ""

    def posted(self, data: QueryDict, name: str) -> Any:
        """The rule that the parts of the input come to."""
        often = data.get(name, "")
        if f"{name}.end" not in data or not often:
            return often
        parts = often.split(";")
        days, place = data.getlist(f"{name}.day"), data.get(f"{name}.place", "")
        if days and often not in (WEEKDAY, "FREQ=DAILY", "FREQ=YEARLY"):
            on = place if often.startswith("FREQ=MONTHLY") else ""
            if not on and often.startswith("FREQ=MONTHLY"):
                on = "1"
            parts.append("BYDAY=" + ",".join(f"{on}{day}" for day in days))
        elif place == "-1" and often.startswith("FREQ=MONTHLY"):
            parts.append("BYMONTHDAY=-1")
        if until := data.get(f"{name}.end", "").replace("-", ""):
            parts.append(f"UNTIL={until}")
        if times := data.get(f"{name}.times", "").strip():
            parts.append(f"COUNT={times}")
        if kept := data.get(f"{name}.kept", ""):
            parts.append(kept)
        return ";".join(parts)

    def input(self, text: str, context: Context, attributes: SafeString) -> SafeString:
        name, parts = name_in(attributes), _drawable(text)
        often = ";".join(f"{one}={parts[one]}" for one in ("FREQ", "INTERVAL") if one in parts)
        if parts.get("BYDAY") == WORKDAYS and often == "FREQ=WEEKLY":
            often, parts = WEEKDAY, {one: parts[one] for one in parts if one != "BYDAY"}
        choices = _often()
        if text and often not in choices:
            often, parts = text, {}
            choices |= {text: _spoken(text, context)}
        options = _options(choices, often)
        select = format_html('<select class="select" {}>{}</select>', attributes, options)
        rest = self._further(name, parts, context)
        return format_html('<div class="stack gap-1">{}{}</div>', select, rest)

    def _further(self, name: str, parts: dict[str, str], context: Context) -> SafeString:
        days = parts.get("BYDAY", "").split(",")
        chosen = {one[-2:] for one in days}
        place = days[0][:-2].lstrip("+") or parts.get("BYMONTHDAY", "")
        words = get_day_names("abbreviated", locale=locale_of(context.language))
        boxes = format_html_join(
            "",
            '<label class="row small"><input type="checkbox" class="check" name="{}.day" '
            'value="{}"{}><span>{}</span></label>',
            ((name, day, SafeString(" checked" if day in chosen else ""), words[number])
             for number, day in enumerate(DAYS)),
        )  # fmt: skip
        places = {"": _("the same day of the month")} | {
            key: _("%(place)s of the month") % {"place": word} for key, word in PLACES.items()
        }
        until = parts.get("UNTIL", "")[:8]
        day = f"{until[:4]}-{until[4:6]}-{until[6:]}" if until else ""
        return format_html(
            '<details{}><summary class="link small">{}</summary><div class="stack gap-1">'
            '<div class="options" role="group" aria-label="{}">{}</div>'
            '<input type="hidden" name="{}.kept" value="{}">'
            '<select class="select" name="{}.place" aria-label="{}">{}</select>'
            '<label class="small">{} <input type="date" class="in" name="{}.end" '
            'value="{}"></label>'
            '<label class="small">{} <input type="text" inputmode="numeric" class="in" '
            'name="{}.times" value="{}"></label></div></details>',
            SafeString(" open" if parts.keys() - {"FREQ", "INTERVAL", *KEPT} else ""),
            _("On which days, until when"), _("On these weekdays"), boxes,
            name, ";".join(f"{one}={parts[one]}" for one in KEPT if one in parts),
            name, _("Which of the month"), _options(places, place),
            _("Ends on"), name, day, _("or after so many times"), name, parts.get("COUNT", ""),
        )  # fmt: skip


def _often() -> dict[str, str]:
    return {
        "": _("does not repeat"), "FREQ=DAILY": _("every day"), WEEKDAY: _("every weekday"),
        "FREQ=WEEKLY": _("every week"), "FREQ=WEEKLY;INTERVAL=2": _("every two weeks"),
        "FREQ=MONTHLY": _("every month"), "FREQ=MONTHLY;INTERVAL=3": _("every three months"),
        "FREQ=YEARLY": _("every year"),
    }  # fmt: skip


def _drawable(text: str) -> dict[str, str]:
    """The parts of a rule that the input has places for; none of one that it hasn't."""
    try:
        parts = parts_of(text)
    except Refused:
        return {}
    days = parts.get("BYDAY", "").split(",")
    is_one_place = len({one[:-2].lstrip("+") for one in days}) == 1
    is_month_end = parts.get("BYMONTHDAY", "-1") == "-1"
    return parts if parts.keys() <= SHOWN | {*KEPT} and is_one_place and is_month_end else {}


def _spoken(text: str, context: Context) -> str:
    try:
        return told_rule(canonical(text), context.language)
    except Refused:
        return text


def _options(choices: dict[str, str], chosen: str) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((key, SafeString(" selected" if key == chosen else ""), capfirst(label))
         for key, label in choices.items()),
    )  # fmt: skip
