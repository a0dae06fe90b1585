"""The inputs of the builder: choices in groups, and the right side of a rule by its kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from rapport.records.kinds.base import Context, Kind
from rapport.records.kinds.choice import Boolean, Choice, select
from rapport.records.kinds.number import Decimals
from rapport.records.kinds.periods import OFFERED, SPAN, period_words
from rapport.records.kinds.picker import pick_many, pick_one
from rapport.records.kinds.relation import Links, Relation, UserRelation
from rapport.records.kinds.rows import Rows
from rapport.records.kinds.time import Dated, DateTime
from rapport.records.surfaces.building.nodes import LAST, NEXT, UNSAID
from rapport.records.surfaces.building.offers import Groups
from rapport.records.surfaces.building.reading import DAY, UNITS, name_of

type Options = Sequence[tuple[str, str]]

SEVERAL = ("any", "none")
COUNTED = re.compile(r"(last|next)_(\d+)_(days|weeks|months)")
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def grouped_select(
    name: str, groups: Groups, chosen: str, label: str, *, present: str = "", blank: str = ""
) -> SafeString:
    """A select box in groups that a script makes searchable; a choice not offered stays in it."""
    known = {value for _label, options in groups for value, _words in options}
    extra = [("", [(chosen, present or chosen)])] if chosen and chosen not in known else []
    return format_html(
        '<select class="select" id="{}" name="{}" aria-label="{}" data-finder data-redraw>'
        "{}{}</select>",
        _id(name), name, label,
        SafeString("") if chosen else format_html('<option value="">{}</option>', blank),
        format_html_join("", "{}", ((_optgroup(*group, chosen),) for group in [*extra, *groups])),
    )  # fmt: skip


def _optgroup(label: str, options: Options, chosen: str) -> SafeString:
    inner = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, SafeString(" selected" if value == chosen else ""), words)
            for value, words in options
        ),
    )
    return format_html('<optgroup label="{}">{}</optgroup>', label, inner) if label else inner


def plain_select(
    name: str, options: Options, chosen: str, label: str, *, redraws: bool = False
) -> SafeString:
    """A short select box."""
    redraw = SafeString(" data-redraw" if redraws else "")
    attributes = format_html('id="{}" name="{}" aria-label="{}"{}', _id(name), name, label, redraw)
    return select(attributes, [(value, words, value == chosen) for value, words in options])


def value_input(
    name: str, kind: Kind, op: str, value: Any, context: Context, label: str, *, fault: str = ""
) -> SafeString:
    """The input for the right side; beside it, hidden, in which shape it comes back."""
    if op in ("empty", "filled"):
        return SafeString("")
    attributes = format_html(
        'id="{}" name="{}" aria-label="{}"{}', _id(name), name, label, _described(fault)
    )
    shape, made = _shaped(name, attributes, kind, op, value, context, label)
    return format_html('<input type="hidden" name="{}.shape" value="{}">{}', name, shape, made)


def _described(fault: str) -> SafeString:
    """What ties an input to the fault below it, whose id is given where there is one."""
    return (
        format_html(' aria-describedby="{}" aria-invalid="true"', fault)
        if fault
        else SafeString("")
    )


def _shaped(
    name: str, attributes: SafeString, kind: Kind, op: str, value: Any, context: Context, label: str
) -> tuple[str, SafeString]:
    several = op in SEVERAL
    values = value if isinstance(value, list) else [value] if value else []
    one = ", ".join(values) if isinstance(value, list) else str(value or "")
    if isinstance(kind, Boolean):
        offered = [(key, kind.plain(key == "true", context)) for key in ("true", "false")]
        return "text", _choice(attributes, offered, one.lower())
    if isinstance(kind, Choice):
        offered = [(key, str(words)) for key, words in kind.options.items()]
        if several:
            return "boxes", _boxes(name, offered, values, label)
        return "text", _choice(attributes, offered, one)
    if op == "in" or isinstance(kind, Dated) or isinstance(getattr(kind, "moment", None), Dated):
        return "date", _dated(name, op, one, isinstance(kind, DateTime), context, label)
    # Rows go by what comes first in them, which may be a record or words.
    named: Any = kind.parts[kind.subject] if isinstance(kind, Rows) else kind
    if isinstance(named, Relation | Links) and op != "named":
        to = "colleague" if isinstance(kind, UserRelation) else str(named.to or "any")
        if several:
            chosen = [(key, name_of(key, context)) for key in values]
            return "picks", pick_many(to, attributes, chosen)
        return "pick", pick_one(to, attributes, one, name_of(one, context))
    if several:
        return "lines", format_html(
            '<textarea class="in" rows="2" placeholder="{}" {}>{}</textarea>',
            _("One on each line"), attributes, "\n".join(values),
        )  # fmt: skip
    mode = SafeString(' inputmode="decimal"' if isinstance(kind, Decimals) else "")
    return "text", format_html(
        '<input type="text" class="in" autocomplete="off"{} {} value="{}">', mode, attributes, one
    )


def _choice(attributes: SafeString, offered: Options, chosen: str) -> SafeString:
    known = {value for value, _words in offered}
    first = [("", _("Choose…"), True)] if not chosen else []
    lost = [(chosen, chosen, True)] if chosen and chosen not in known else []
    rest = [(value, words, value == chosen) for value, words in offered]
    return select(attributes, [*first, *lost, *rest])


def _boxes(name: str, offered: Options, chosen: Sequence[str], label: str) -> SafeString:
    known = {value for value, _words in offered}
    lost = [(one, one) for one in chosen if one not in known]
    boxes = format_html_join(
        "",
        '<label class="row small"><input type="checkbox" class="check" name="{}" value="{}"{}>'
        "<span>{}</span></label>",
        (
            (name, value, SafeString(" checked" if value in chosen else ""), words)
            for value, words in [*offered, *lost]
        ),
    )
    return format_html(
        '<span class="bld-boxes" role="group" id="{}" aria-label="{}" tabindex="-1">{}</span>',
        _id(name), label, boxes,
    )  # fmt: skip


# Dates ---------------------------------------------------------------------------------------


def period_input(name: str, value: str, context: Context, label: str) -> SafeString:
    """A period or none, for what was so in the past."""
    inner = _dated(name, "in", value, False, context, label, blank=_("at any time"))
    return format_html('<input type="hidden" name="{}.shape" value="date">{}', name, inner)


def _dated(
    name: str,
    op: str,
    value: str,
    is_moment: bool,
    context: Context,
    label: str,
    *,
    blank: str = "",
) -> SafeString:
    """A period, or a day, and what either needs besides; other choices draw the input anew."""
    if op == "is":
        return _day(name, DAY, value, label)
    counted = COUNTED.fullmatch(value) if value not in OFFERED else None
    span = _span_of(op, value, counted)
    value = "" if value in UNSAID else value
    options = [(word, period_words(word, context.language)) for word in OFFERED]
    options += [
        (LAST, pgettext("period", "the last …")), (NEXT, pgettext("period", "the next …")),
    ]  # fmt: skip
    first = [(DAY, _("a day"))] if op != "in" else []
    if blank or not span:
        first.append(("", blank or _("Choose a period")))
    last = [(SPAN, _("between days"))] if op == "in" else []
    known = {one for one, _words in [*first, *options, *last]}
    if span not in known:
        last.append((span, _words_of(span, context)))
    chosen = plain_select(f"{name}.span", [*first, *options, *last], span, label, redraws=True)
    return format_html("{}{}", chosen, _rest_of_date(name, span, value, counted, label))


def _span_of(op: str, value: str, counted: re.Match[str] | None) -> str:
    if value in (LAST, NEXT):
        return value
    if SPAN in value:
        return SPAN
    if counted:
        return f"{counted[1]}_n"
    if not value or value[:1].isdigit():
        return DAY if op != "in" else value
    return value


def _rest_of_date(
    name: str, span: str, value: str, counted: re.Match[str] | None, label: str
) -> SafeString:
    if span == DAY:
        return _day(name, DAY, value, label)
    if span == SPAN:
        first, _dots, last = value.partition(SPAN)
        return format_html(
            "{}{}",
            _day(name, DAY, first, _("From")),
            _day(name, "until", last, pgettext("period", "To")),
        )
    if span in (LAST, NEXT):
        words = {"days": _("days"), "weeks": _("weeks"), "months": _("months")}
        return format_html(
            '<input type="text" class="in bld-count" inputmode="numeric" id="{}" name="{}" '
            'aria-label="{}" value="{}">{}',
            _id(f"{name}.count"), f"{name}.count", _("How many"), counted[2] if counted else "",
            plain_select(
                f"{name}.unit", [(unit, words[unit]) for unit in UNITS],
                counted[3] if counted else UNITS[0], _("Days, weeks or months"),
            ),
        )  # fmt: skip
    return SafeString("")


def _day(name: str, side: str, value: str, label: str) -> SafeString:
    """A day of the calendar; what is more than that, such as a time, stays as it was written."""
    kind = "date" if not value or ISO_DAY.fullmatch(value) else "text"
    return format_html(
        '<input type="{}" class="in" id="{}" name="{}" aria-label="{}" value="{}">',
        kind, _id(f"{name}.{side}"), f"{name}.{side}", label, value,
    )  # fmt: skip


def _words_of(span: str, context: Context) -> str:
    try:
        return period_words(span, context.language)
    except (KeyError, ValueError):
        return span


def _id(name: str) -> str:
    return name.replace(".", "-")
