"""A formula that can't be; the message says why, where and how to mend it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from rapport.records.kinds.base import Words


class FormulaError(ValueError):
    """`character` is where in the text, counted from 0; None where it is no single place.

    It is placed once the message names the place too.
    """

    def __init__(
        self, sentence: Words, character: int | None = None, *, is_placed: bool = False
    ) -> None:
        super().__init__(str(sentence))
        self.sentence = str(sentence)
        self.character = character
        self.is_placed = is_placed


def placed(sentence: str, text: str, at: int) -> FormulaError:
    """The error with its place in words."""
    here = text[at : at + 20].strip()
    where = (
        _("Look at character %(n)d: “%(text)s”.") % {"n": at + 1, "text": here}
        if here
        else _("The text ends there.")
    )
    return FormulaError(f"{sentence} {where}", at, is_placed=True)
