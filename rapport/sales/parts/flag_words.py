"""What is said of a deal that is worth a look."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rapport.kit.formats import format_day, format_money
from rapport.sales.queries.deal_flags import Flag

LABELS = {
    "late": gettext_lazy("Date past"),
    "pushed": gettext_lazy("Put off again"),
    "stalled": gettext_lazy("Stalled"),
    "quiet": gettext_lazy("No contact"),
    "no_step": gettext_lazy("No next step"),
    "single": gettext_lazy("Single contact"),
    "odd_amount": gettext_lazy("Odd amount"),
}
TONES = {"late": "bad", "pushed": "warn", "stalled": "warn", "quiet": "warn", "no_step": "signal"}


def sentence_of(flag: Flag, language: str, currency: str) -> str:
    """Why, with the figures."""
    return _SENTENCES[flag.name](flag.facts, language, currency)


def _late(facts: Mapping[str, Any], language: str, currency: str) -> str:
    days = facts["days"]
    text = ngettext(
        "It was to close on %(day)s, %(n)d day ago, and is still open.",
        "It was to close on %(day)s, %(n)d days ago, and is still open.",
        days,
    )
    return text % {"day": format_day(facts["day"], language), "n": days}


def _pushed(facts: Mapping[str, Any], language: str, currency: str) -> str:
    text = _("Its closing date was put off %(times)d times.") % {"times": facts["times"]}
    if facts["days"] <= 0:
        return text
    more = ngettext("By %(n)d day in all.", "By %(n)d days in all.", facts["days"])
    return f"{text} {more % {'n': facts['days']}}"


def _stalled(facts: Mapping[str, Any], language: str, currency: str) -> str:
    words = {"days": facts["days"], "usual": facts["usual"]}
    if facts["is_learnt"]:
        return _(
            "%(days)d days in its stage; three of four won deals were through within %(usual)d."
        ) % words  # fmt: skip
    return _("%(days)d days in its stage, which allows %(usual)d.") % words


def _quiet(facts: Mapping[str, Any], language: str, currency: str) -> str:
    if facts["is_new"]:
        return _("Nobody has been in touch since it was made %(n)d days ago.") % {
            "n": facts["days"]
        }
    return _("The last call, meeting or message was %(n)d days ago.") % {"n": facts["days"]}


def _no_step(facts: Mapping[str, Any], language: str, currency: str) -> str:
    return _("No task is open and no meeting is planned.")


def _single(facts: Mapping[str, Any], language: str, currency: str) -> str:
    if facts["contacts"]:
        return _("Only one contact. If they leave, so may the deal.")
    return _("Nobody of theirs is named in it.")


def _odd(facts: Mapping[str, Any], language: str, currency: str) -> str:
    told = {
        name: format_money(Decimal(round(facts[name])), currency, language)
        for name in ("amount", "low", "high")
    }
    if facts["amount"] > facts["high"]:
        return _(
            "%(amount)s is more than double of what nine of ten won deals of its pipeline come to "
            "at most, %(high)s."
        ) % told  # fmt: skip
    return _(
        "%(amount)s is less than half of what nine of ten won deals of its pipeline come to at "
        "least, %(low)s."
    ) % told  # fmt: skip


_SENTENCES = {
    "late": _late, "pushed": _pushed, "stalled": _stalled, "quiet": _quiet, "no_step": _no_step,
    "single": _single, "odd_amount": _odd,
}  # fmt: skip
