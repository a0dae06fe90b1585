"""What a visitor typed, looked through before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from rapport.activities.actions.book import Visitor
from rapport.activities.booking.picking import zone_asked
from rapport.activities.models import BookingPage, BookingQuestion
from rapport.records.store import Rejected

NAME, EMAIL, PHONE, ANSWER = 120, 254, 40, 1000


def questions_of(page: BookingPage) -> Sequence[BookingQuestion]:
    """The questions of a page in their order."""
    return list(BookingQuestion.objects.filter(page=page).order_by("position", "pk"))


def visitor_from(page: BookingPage, sent: QueryDict, zone: Any) -> Visitor:
    """Who books. Raises Rejected, by field, for what lacks or can't be."""
    faults: dict[str, str] = {}
    name, email = _line(sent, "name", NAME), _line(sent, "email", EMAIL)
    phone = _line(sent, "phone", PHONE)
    if len(name) < 2:
        faults["name"] = _("Type your name.")
    if not _is_email(email):
        faults["email"] = _("Type your email address, such as anna@example.com.")
    if page.way == "phone" and sum(map(str.isdigit, phone)) < 5:
        faults["phone"] = _("Type the number on which we reach you.")
    answers = {}
    for one in questions_of(page):
        answers[one.text] = _text(sent, f"q.{one.pk}")
        if one.is_required and not answers[one.text]:
            faults[f"q.{one.pk}"] = _("Answer this question.")
    if page.consent and not sent.get("consent"):
        faults["consent"] = _("Tick that you agree.")
    if faults:
        raise Rejected(faults)
    language = translation.get_language() or "en"
    return Visitor(name, email, phone, answers, language, zone_asked(sent, zone).key)


def is_robot(sent: QueryDict) -> bool:
    """Whether a field was filled in that nobody sees."""
    return bool(sent.get("website"))


def said_text(sent: QueryDict, name: str) -> str:
    """A few lines that were typed."""
    return _text(sent, name)


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _line(sent: QueryDict, name: str, most: int) -> str:
    return " ".join(_text(sent, name).split())[:most]


def _text(sent: QueryDict, name: str) -> str:
    """Without what turns or hides text; the rest is cut off."""
    typed = sent.get(name, "").replace("\r\n", "\n")
    kept = "".join(one for one in typed if one == "\n" or one.isprintable())
    return kept.strip()[:ANSWER]
