"""Something to remember."""

from __future__ import annotations

from django.db.models import F, Func, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Left, Replace, Trim
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rapport.records import kinds as k
from rapport.records.models import PrivateRecord


def _first_words() -> Left:
    """The beginning of the body without its tags, as SQL that an index may rest on."""
    text = _replace(Left(F("body"), 600), "<[^>]*>?", " ")
    text = _replace(text, r"\s+|&nbsp;", " ")
    for entity, letter in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        text = Replace(text, _text(entity), _text(letter))
    return Left(Trim(text), 120)


def _replace(text: Combinable, pattern: str, by: str) -> Func:
    return Func(
        text,
        _text(pattern),
        _text(by),
        _text("g"),
        function="regexp_replace",
        output_field=TextField(),
    )


def _text(value: str) -> Value:
    return Value(value, output_field=TextField())


class Note(PrivateRecord):
    """Something worth remembering about the records it is linked to."""

    subject = k.generated(_("Note"), _first_words(), icon="note")
    body = k.long_text(
        _("Text"),
        required=True,
        search=True,
        synonyms=("note", "content", "note body", "nota", "texto", "notiz"),
    )
    at = k.datetime(
        _("When"), default=timezone.now, index=True, icon="clock",
        synonyms=("date", "note date", "created date", "create date", "fecha"),
    )  # fmt: skip
    external_id = k.text(
        _("External ID"), index=True, icon="hash",
        synonyms=("external id", "id", "note id"),
    )  # fmt: skip
